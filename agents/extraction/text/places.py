"""Lines of an address as countries write them: the street, and the town with its code."""

import re

# Before the town: 75001, 00-024, 1100-053, 111 29, 1012 AB, D-63571; Irish and British codes.
_BRITISH = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4}"
_CODE = rf"\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{4}} ?[A-Z]{{2}}|\d{{4,5}}|{_BRITISH}"
_CODE_FIRST = re.compile(rf"(?:[A-Z]{{1,3}}[ –-]{{1,3}})?(?:(?:{_CODE})[ ,]+[^\W\d_]{{2}}|\d{{5}}[^\W\d_]{{3}})")
# Behind the town: London SW1A 2AA, Redmond WA, 98052, Toronto ON M5V 2T6.
_CODE_LAST = re.compile(
    rf"[^\W\d_][^\d]+[ ,]+(?:{_BRITISH}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?:[ ,]+[^\W\d_]+)*$"
    r"|[^\W\d_][^\d]*(?:[^\W\d_]{4}|\b[A-Z]{2}),? \d{5}(?:-\d{4})?(?:[ ,]+[^\W\d_]+)*$"
)
_CODE_IN = re.compile(r"(?<![\w.,-])(?:[A-Z]{1,2}[- ])?(?:\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4} ?[A-Z]{2})(?![\d.,/-])")
_NUMBERED = re.compile(
    r"(?:\d{1,5}[a-zA-Z]?,?\s\D+|\D+\s\d{1,5}(?:\s?-\s?\d{1,5})?\s?[a-zA-Z]?)$"
)  # `95 rue des Tanneurs`
_STREETS = re.compile(
    r"\b(?:rue|avenue|boulevard|bd|chemin|quai|impasse|allée|cours|street|road|lane|avenue|drive|square|way"
    r"|\w*str(?:aße|asse|\.)|\w*weg|\w*gasse|\w*platz|\w*allee|\w*straat|\w*laan|\w*gracht|\w*plein|\w*kade"
    r"|calle|c/|avda|av|paseo|plaza|via|viale|corso|piazza|largo|rua|avenida|praça|travessa|ul|al|pl|aleja|ulica"
    r"|\w*katu|\w*tie|\w*kuja|\w*gatan|\w*vägen|\w*gade|\w*vej|\w*allé|náměstí|třída|nám)(?!\w)",
    re.IGNORECASE,
)


def is_place(line: str) -> bool:
    """Tell whether a line of an address is the one with the town.

    >>> [is_place(line) for line in ("D-63571 Gelnhausen", "Walnut, WY, 98432", "1100-053 Lisboa", "Invoice")]
    [True, True, True, False]
    """
    return _CODE_FIRST.match(line) is not None or _CODE_LAST.match(line) is not None


def is_street(line: str) -> bool:
    """Tell whether a line is a street with its number.

    >>> [is_street(line) for line in ("Goethestraße 13", "14 Harcourt Street", "Rua das Flores, 146", "Alpha Ltd")]
    [True, True, True, False]
    """
    if _NUMBERED.match(line):
        return True
    return _STREETS.search(line) is not None and any(map(str.isdigit, line))


def names_street(line: str) -> bool:
    """Tell whether a line begins like a street, its number cut off: `Corso Italia` of `Corso Italia, 55`."""
    found = _STREETS.search(line)
    return found is not None and (found.start() == 0 or found.end() == len(line))


def post_code_in(text: str) -> bool:
    """Tell whether some number of a text may be a post code, which no name holds."""
    return _CODE_IN.search(text) is not None
