"""Account numbers as countries print them without an IBAN: those that can be made into one, and those that cannot.

An IBAN is derived only where the number's own check digits hold, and is marked as derived (docs/decisions/0020).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from agents.extraction.text.geometry import Word
from agents.extraction.text.layout import Cell, Layout, Line, box_of
from agents.extraction.text.lexicon import fold
from schemas.accounts import has_known_bank, iban_of, routing_fault
from schemas.evidence import Box

# More account numbers than these are a list of banks.
DOMESTIC_MAX = 50
_GAP = r"[^\d\n]{0,24}"


@dataclass(frozen=True, slots=True, eq=False)
class Domestic:
    """A domestic account: `value` is its IBAN where it has one, else the number as banks of the country write it."""

    value: str
    raw: str
    scheme: str
    derived: bool
    cell: Cell
    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Return the box in points."""
        return box_of(self.words)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How one country writes accounts: a pattern over folded text, and what it means."""

    name: str
    pattern: re.Pattern[str]
    meaning: Callable[[re.Match[str]], str | None]
    derived: bool = True


def domestic_accounts(layout: Layout) -> Iterator[Domestic]:
    """Yield the domestic accounts, page by page."""
    for number in layout.sizes:
        page = _PageLines(layout.page_lines(number))
        for scheme in _SCHEMES:
            for match in islice(scheme.pattern.finditer(page.text), DOMESTIC_MAX):
                value = scheme.meaning(match)
                if value is not None:
                    cell, words = page.place(match)
                    raw = " ".join(word.text for word in words)
                    yield Domestic(value, raw, scheme.name, scheme.derived, cell, words)


class _PageLines:
    """The lines of a page as one folded text, a newline at the end of each, in which words are found again."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._starts: list[int] = []
        self._places: list[tuple[Cell, Word]] = []
        pieces: list[str] = []
        length = 0
        for line in lines:
            for cell in line.cells:
                for word in cell.words:
                    self._starts.append(length)
                    self._places.append((cell, word))
                    pieces.append(fold(word.text) + " ")
                    length += len(pieces[-1])
            pieces.append("\n")
            length += 1
        self.text = "".join(pieces)

    def place(self, match: re.Match[str]) -> tuple[Cell, tuple[Word, ...]]:
        """Return the cell in which the number begins, and its words."""
        first, last = (bisect_right(self._starts, at) - 1 for at in (match.start("first"), match.end() - 1))
        return self._places[first][0], tuple(word for _, word in self._places[first : last + 1])


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text).upper()


def _parts(country: str, *widths: int) -> Callable[[re.Match[str]], str | None]:
    """Return the meaning of a number whose groups are the parts of the BBAN, each filled up with zeros."""

    def meaning(match: re.Match[str]) -> str | None:
        parts = [_bare(part or "") for part in match.groups()]
        if any(len(part) > width for part, width in zip(parts, widths, strict=True)):
            return None
        return iban_of(country, "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True)))

    return meaning


def _czech_or_slovak(match: re.Match[str]) -> str | None:
    """Return the IBAN of `prefix-number/bank`, where one of the two countries alone has such a bank."""
    prefix, number, bank = (_bare(match[name] or "") for name in ("first", "number", "bank"))
    if not number:
        prefix, number = "", prefix
    found = [iban_of(country, f"{bank}{prefix.zfill(6)}{number.zfill(10)}") for country in ("CZ", "SK")]
    known = [identifier for identifier in found if identifier is not None and has_known_bank(identifier)]
    return known[0] if len(known) == 1 else None


def _finnish(match: re.Match[str]) -> str | None:
    """Return the IBAN of `123456-785`: zeros go behind the sixth digit, at groups 4 and 5 behind the seventh."""
    bank, rest = match["first"], match["rest"]
    if bank[0] in "45":
        return iban_of("FI", bank + rest[0] + rest[1:].zfill(7))
    return iban_of("FI", bank + rest.zfill(8))


def _polish(match: re.Match[str]) -> str | None:
    """Return the IBAN of an NRB of 26 digits, whose first two are the check digits of the IBAN themselves."""
    digits = _bare(match.group())
    identifier = iban_of("PL", digits[2:])
    return identifier if identifier == f"PL{digits}" else None


def _portuguese(match: re.Match[str]) -> str | None:
    digits = _bare(match["first"])
    return iban_of("PT", digits) if int(digits) % 97 == 1 else None


def _italian(match: re.Match[str]) -> str | None:
    cin, abi, cab, account = (_bare(match[name]) for name in ("cin", "first", "cab", "account"))
    return iban_of("IT", f"{cin}{abi}{cab}{account.zfill(12)}")


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _giro(match: re.Match[str]) -> str | None:
    digits = _bare(match["first"])
    return f"BG {digits[:-4]}-{digits[-4:]}" if _luhn(digits) else None


def _plus(match: re.Match[str]) -> str | None:
    digits = _bare(match["first"])
    return f"PG {digits[:-1]}-{digits[-1]}" if _luhn(digits) else None


def _joined(template: str) -> Callable[[re.Match[str]], str | None]:
    return lambda match: template.format(*(_bare(part or "") for part in match.groups()))


def _routed(match: re.Match[str]) -> str | None:
    routing, account = _bare(match["first"]), _bare(match["account"])
    return f"US {routing} {account}" if routing_fault(routing) is None else None


def _scheme(
    name: str, pattern: str, meaning: Callable[[re.Match[str]], str | None], *, derived: bool = True
) -> _Scheme:
    return _Scheme(name, re.compile(pattern), meaning, derived)


_NOT_IN = r"(?<![\w./-])"
_END = r"(?![\w/-])(?!\.\d)"
_SCHEMES = (
    # Code banque, code guichet, numéro de compte, clé RIB: in a row, as cells under their names, or named one by one.
    _scheme("RIB", rf"{_NOT_IN}(?P<first>\d{{5}})[ -]+(\d{{5}})[ -]+([0-9a-z]{{11}})[ -]+(\d{{2}}){_END}",
            _parts("FR", 5, 5, 11, 2)),
    _scheme("RIB", rf"banque\b[^\d\n]{{0,12}}(?P<first>\d{{5}})\b\s*{_GAP}guichet\b[^\d\n]{{0,12}}(\d{{5}})\b\s*"
            rf"{_GAP}compte\b[^\d\n]{{0,8}}([0-9a-z]{{11}})\b\s*{_GAP}cle\b[^\d\n]{{0,8}}(\d{{2}}){_END}",
            _parts("FR", 5, 5, 11, 2)),
    _scheme("NRB", rf"{_NOT_IN}(?P<first>\d{{2}})(?:[ -]?\d{{4}}){{6}}{_END}", _polish),
    _scheme("BE", rf"{_NOT_IN}(?P<first>\d{{3}})-(\d{{7}})-(\d{{2}}){_END}", _parts("BE", 3, 7, 2)),
    _scheme("CZ", r"(?:\b(?:ucet|uctu|ucte|ucty|spojeni|platbu na)\b|\bc ?\. ?u ?\.)[^\d\n]{0,60}"
            r"(?:\n[^\d\n]{0,60})?(?P<first>\d{1,10})(?: ?- ?(?P<number>\d{2,10}))? ?/ ?(?P<bank>\d{4})" + _END,
            _czech_or_slovak),
    _scheme("CCC", rf"{_NOT_IN}(?P<first>\d{{4}})[ -]?(\d{{4}})[ -]?(\d{{2}})[ -]?(\d{{10}}){_END}",
            _parts("ES", 4, 4, 2, 10)),
    _scheme("ABI", r"\bcin\W{0,3}(?P<cin>[a-z])\b\W{0,3}abi\W{0,3}(?P<first>\d{5})\b\W{0,3}cab\W{0,3}(?P<cab>\d{5})\b"
            r"\W{0,3}(?:c ?/ ?c|conto|cc)[^\d\n]{0,12}(?P<account>[0-9]{5,12})" + _END, _italian),
    _scheme("ABI", r"\babi\W{0,3}(?P<first>\d{5})\b\W{0,3}cab\W{0,3}(?P<cab>\d{5})\b\W{0,3}(?:c ?/ ?c|conto|cc)"
            r"[^\d\n]{0,12}(?P<account>[0-9]{5,12})\b\W{0,3}cin\W{0,3}(?P<cin>[a-z])\b", _italian),
    _scheme("FI", rf"(?:tili\w*|pankki\w*|pankit)\b[^\d\n]{{0,40}}(?:\n[^\d\n]{{0,40}})?(?P<first>\d{{6}})-"
            rf"(?P<rest>\d{{2,8}}){_END}", _finnish),
    _scheme("NO", rf"(?:konto\w*|bank\w*)\b[^\d\n]{{0,24}}(?P<first>\d{{4}}[ .]?\d{{2}}[ .]?\d{{5}}){_END}",
            _parts("NO", 11)),
    _scheme("NIB", rf"\bnib\b[^\d\n]{{0,12}}(?P<first>\d{{4}}[ .]?\d{{4}}[ .]?\d{{11}}[ .]?\d{{2}}){_END}",
            _portuguese),
    # What no IBAN can be made of, because no check digit of the number proves the account.
    _scheme("BG", rf"\b(?:bankgiro\w*|bg|bg-?nr)\b[^\d\n]{{0,12}}(?P<first>\d{{3,4}}-\d{{4}}){_END}",
            _giro, derived=False),
    _scheme("PG", rf"\b(?:plusgiro\w*|postgiro\w*|pg)\b[^\d\n]{{0,12}}"
            rf"(?P<first>\d{{1,3}}(?: ?\d{{2}}){{0,3}}-\d){_END}", _plus, derived=False),
    _scheme("FIK", r"(?P<first>\+7[135] ?<) ?(\d{15,16})? ?\+ ?(\d{8}) ?<",
            _joined("FIK {0} {1} {2}"), derived=False),
    _scheme("DK", r"\breg\b[^\d\n]{0,8}(?P<first>\d{4})\b\W{0,3}(?:konto\w*|kto)\b[^\d\n]{0,8}(\d{6,10})"
            + _END, _joined("DK {0} {1}"), derived=False),
    _scheme("GB", rf"\bsort ?code\b[^\d\n]{{0,12}}(?P<first>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}})\b\s*{_GAP}"
            rf"(?:account|a/c|acc)\b{_GAP}(\d{{8}}){_END}", _joined("GB {0} {1}"), derived=False),
    _scheme("GB", rf"\b(?:account|a/c|acc)\b{_GAP}(\d{{8}})\b\s*{_GAP}sort ?code\b[^\d\n]{{0,12}}"
            rf"(?P<first>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}){_END}", _joined("GB {1} {0}"), derived=False),
    _scheme("US", rf"\b(?:routing|aba)\b{_GAP}(?P<first>\d{{9}})\b\s*{_GAP}(?:account|acct|a/c)\b{_GAP}"
            rf"(?P<account>\d{{4,17}}){_END}", _routed, derived=False),
    _scheme("BLZ", rf"\b(?:konto|kto)\b[^\d\n]{{0,12}}(?P<first>\d[\d ]{{2,12}}\d)\b\s*{_GAP}(?:blz|bankleitzahl)\b"
            rf"[^\d\n]{{0,6}}(\d{{3}} ?\d{{3}} ?\d{{2}}){_END}", _joined("DE {1} {0}"), derived=False),
)  # fmt: skip
