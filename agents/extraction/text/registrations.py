"""Numbers by which a country knows a company, where its invoices leave the country's code out: NIP, P.IVA, CVR, HRB.

A VAT id without its prefix is believed where a label of its country names it and its check digits hold. Numbers of
registers and of tax offices have no check digits that all share; they are told as labelled.
"""

import re
from collections.abc import Iterator

from stdnum.fr import siren

from agents.extraction.text.beside import Beside, beside
from agents.extraction.text.identifiers import CHECKED, LABELLED, Identifier, checks, holds, identifier_at
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import tokens

# What a label must hold, its words joined, for its country's numbers: P. IVA is `piva`, N.I.F. is `nif`.
_HOMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nipc", ("PT",)), ("nip", ("PL",)), ("nif", ("ES", "PT")), ("cif", ("ES",)), ("contrib", ("PT",)),
    ("fiscal", ("ES", "PT", "IT")), ("iva", ("IT", "ES", "PT")), ("cvr", ("DK",)), ("moms", ("DK",)), ("se", ("DK",)),
)  # fmt: skip
_NATIONAL = re.compile(r"[A-Z]?[ -]?\d(?:[ .-]?\d){5,10}(?:[ -]?[A-Z](?!\.))?(?![\w/])")
# `HRB 67270`, `Hoja 86075157`, `7020437-5`, `0397.728.999`, `609896k`, `SC123456`: five digits at least, near its name.
_REGISTERED = re.compile(r"(?:[^\d|:;]{0,24}?(?<![^\W_]))?((?:CHE-?|[A-Z]{2})?\d(?:[ .-]?\d){4,12}[a-z]?)(?![\w/])")
_TAX_NUMBER = re.compile(r"[^\d|:;]{0,4}?(\d[\d/ .-]{5,18}\d)(?![\w/])")
_FRENCH = re.compile(
    r"(?<!\d)(?P<before>\d{3}[ .]?\d{3}[ .]?\d{3})(?: -)? ?R\.?C\.?S\b"
    r"|\bR\.?C\.?S\.?:? [^\d|:;]{0,24}?(?P<behind>\d{3}[ .]?\d{3}[ .]?\d{3})(?!\d)"
)
_REGISTERS = re.compile(r"\b(HRA|HRB|FN)\b")


def national_vat_identifiers(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield VAT ids that are printed without the prefix of their country, with it."""
    for label in labels.every():
        homes = _homes(label) if "vat_identifier" in label.concepts else ()
        for place in beside(layout, labels, label) if homes else ():
            match = _NATIONAL.match(place.text)
            if match is None:
                continue
            number = re.sub(r"[ .-]", "", match.group())
            value = next((home + number for home in homes if checks(home, home + number)), None)
            if value is not None:
                yield Identifier(value, match.group(), place.cell, place.words(match.end()), CHECKED, labelled=True)
            break


def _homes(label: Label) -> tuple[str, ...]:
    said = "".join(tokens(label.cell.text[label.start : label.end]))
    return next((homes for key, homes in _HOMES if key in said), ())


def registrations(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield the numbers of company registers (BT-30)."""
    yield from _french(layout)
    told: set[Cell] = set()
    for label, place, match in _called(layout, labels, "registration", _REGISTERED):
        if place.cell in told:
            continue  # a second register of the same company: REGON and KRS, two sheets of one register
        told.add(place.cell)
        named = [*_REGISTERS.finditer(label.cell.text[label.start : label.end + match.start(1)])]
        register = named[-1] if named else None  # the nearest: `HRB: FN 149322k`
        number = re.sub(r"[ .]|(?<=CHE)-", "", match.group(1))
        value = f"{register.group()} {number}" if register is not None and number[0].isdigit() else number
        words = place.cell.span(place.start + match.start(1), place.start + match.end(1))
        yield Identifier(value, match.group(1), place.cell, words, LABELLED, labelled=True)


def _french(layout: Layout) -> Iterator[Identifier]:
    """Yield the SIREN that stands beside the word for the French register: `B 421 938 861 RCS Paris`."""
    for cell in layout.cells():
        for match in _FRENCH.finditer(cell.text) if "R" in cell.text else ():
            number = re.sub(r"\D", "", match["before"] or match["behind"])
            if holds(siren.validate, number):
                yield identifier_at(cell, match, number, CHECKED, labelled=True)


def tax_numbers(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield the numbers of tax offices (BT-32), which are no VAT ids."""
    for label, place, match in _called(layout, labels, "tax_number", _TAX_NUMBER):
        if "vat_identifier" in label.concepts:
            continue
        words = place.cell.span(place.start + match.start(1), place.start + match.end(1))
        yield Identifier(match.group(1).strip(), match.group(1), place.cell, words, LABELLED, labelled=True)


def _called(
    layout: Layout, labels: Labels, concept: str, pattern: re.Pattern[str]
) -> Iterator[tuple[Label, Beside, re.Match[str]]]:
    """Yield what stands beside the labels of a concept, where the pattern fits the nearest place."""
    for label in labels.every():
        for place in beside(layout, labels, label) if concept in label.concepts else ():
            match = pattern.match(place.text)
            if match is not None:
                yield label, place, match
            break
