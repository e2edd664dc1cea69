"""Numbers that prove themselves by check digits: VAT ids, SIREN and SIRET, BIC."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from agents.extraction.text.accounts.iban import length_of
from agents.extraction.text.beside import beside
from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, Placed

_EU = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
# ISO 3166 code -> the module of python-stdnum that checks its VAT ids.
_MODULES = {country: f"stdnum.{country.lower()}.vat" for country in _EU} | {
    "EL": "stdnum.gr.vat", "GB": "stdnum.gb.vat", "CH": "stdnum.ch.vat", "NO": "stdnum.no.mva", "CHE": "stdnum.ch.vat",
    "FR": "stdnum.fr.tva", "NL": "stdnum.nl.btw", "AT": "stdnum.at.uid", "IT": "stdnum.it.iva", "ES": "stdnum.es.nif",
    "PL": "stdnum.pl.nip", "CZ": "stdnum.cz.dic", "SK": "stdnum.sk.dph", "FI": "stdnum.fi.alv", "PT": "stdnum.pt.nif",
    "DK": "stdnum.dk.cvr", "BE": "stdnum.be.vat", "LU": "stdnum.lu.tva", "SI": "stdnum.si.ddv", "RO": "stdnum.ro.cf",
    "HU": "stdnum.hu.anum", "HR": "stdnum.hr.oib", "EE": "stdnum.ee.kmkr", "LV": "stdnum.lv.pvn",
    "LT": "stdnum.lt.pvm", "DE": "stdnum.de.vat",
}  # fmt: skip
_VAT = re.compile(
    rf"(?<![A-Za-z0-9])(?P<country>{'|'.join(_MODULES)})[\s.-]{{0,2}}(?P<rest>[0-9A-Z](?:[\s.-]{{0,1}}[0-9A-Z]){{5,13}})(?![A-Za-z0-9])"
)
_BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])")
_DIGITS = re.compile(r"\d(?:[\s.]?\d){8,13}")
# Without check digits to prove it, a VAT id is a country, at most two signs more, and digits (Denmark, Finland: 8).
_VAT_FORM = re.compile(r"[A-Z]{2}[0-9A-Z]{0,2}\d{6,12}[A-Z]?\d{0,2}$")
CHECKED, LABELLED, FORMED = 0.96, 0.92, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Identifier(Placed):
    """An identifier on the page, compact, with how far its form and its label prove it."""

    value: str
    raw: str
    cell: Cell
    words: tuple[Word, ...]
    confidence: float
    labelled: bool


def vat_identifiers(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield the VAT ids: with a country's prefix and valid check digits, or called so."""
    for cell in layout.cells():
        for match in _VAT.finditer(cell.text):
            labelled = _is_called(labels, cell, match.start(), "vat_identifier")
            found = _checked_part(match.group())
            if found is not None:
                confidence = CHECKED if labelled else LABELLED
                yield identifier_at(cell, match, found, confidence, labelled=labelled)
            elif labelled and match["country"] in _MODULES and _VAT_FORM.match(re.sub(r"[\s.-]", "", match.group())):
                yield identifier_at(cell, match, re.sub(r"[\s.-]", "", match.group()), FORMED, labelled=True)


def _checked_part(text: str) -> str | None:
    """Return the longest beginning of a text whose check digits hold; what follows may be the next word."""
    words = text.split(" ")
    for count in range(len(words), 0, -1):
        value = re.sub(r"[\s.-]", "", "".join(words[:count]))
        if checks(value[:2], value):
            return value
    return None


def bank_identifiers(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield the BICs: eight or eleven characters with a country in them, called so or beside an account."""
    for cell in layout.cells():
        for match in _BIC.finditer(cell.text):
            value = re.sub(r"\s", "", match.group())
            labelled = _is_called(labels, cell, match.start(), "bic")
            country = value[4:6] in _MODULES or length_of(value[4:6]) is not None
            if country and labelled:
                yield identifier_at(cell, match, value, CHECKED, labelled=True)


def company_identifiers(layout: Layout, labels: Labels, concept: str) -> Iterator[Identifier]:
    """Yield SIREN or SIRET numbers that are called so and whose check digit holds (Luhn)."""
    validate: Callable[[str], str] = siret.validate if concept == "siret" else siren.validate
    for label in labels.every():
        if concept not in label.concepts:
            continue
        for match, cell in _near(layout, labels, label, _DIGITS):
            value = re.sub(r"\D", "", match.group())
            for length in (len(value), 14, 9):
                if holds(validate, value[:length]):
                    yield identifier_at(cell, match, value[:length], CHECKED, labelled=True)
                    break


def _near(
    layout: Layout, labels: Labels, label: Label, pattern: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], Cell]]:
    for place in beside(layout, labels, label):
        match = pattern.search(place.cell.text, place.start)
        if match is not None and match.start() - place.start < 40:
            yield match, place.cell
            return


def identifier_at(cell: Cell, match: re.Match[str], value: str, confidence: float, *, labelled: bool) -> Identifier:
    """Return what a pattern found in a cell, with its place."""
    words = cell.span(match.start(), match.end())
    return Identifier(value.upper(), match.group(), cell, words, confidence, labelled)


def _is_called(labels: Labels, cell: Cell, start: int, concept: str) -> bool:
    """Tell whether the nearest label before a place, on its line, names this concept; or one right above."""
    word = cell.words[cell.word_at(start)]
    before = labels.before(cell.line, word.left)
    if before and concept in before[-1].concepts:
        return True
    if before and before[-1].cell is cell and "iban" in before[-1].concepts and concept != "bic":
        return False  # an account's first characters look like a VAT id, whatever stands above
    above = (label for line in range(max(cell.line - 2, 0), cell.line) for label in labels.on(line))
    return any(
        concept in label.concepts and label.left <= word.right and word.left <= label.right + 10
        and label.cell.page == cell.page and cell.top - label.cell.bottom < 2 * cell.height
        for label in above
    )  # fmt: skip


def checks(country: str, value: str) -> bool:
    """Tell whether a VAT id passes its country's check digits."""
    name = _MODULES.get(country)
    if name is None:
        return False
    checker: Any = import_module(name)
    return holds(checker.validate, value) or holds(checker.validate, value[2:])


def holds(validate: Callable[[str], str], value: str) -> bool:
    """Tell whether a check of python-stdnum passes."""
    try:
        validate(value)
    except (ValidationError, ValueError, IndexError, KeyError):
        return False
    return True
