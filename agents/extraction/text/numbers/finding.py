"""The invoice number: what the page calls so, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import replace

from agents.extraction.text.dates import is_date
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Layout
from agents.extraction.text.numbers.calling import strength_of
from agents.extraction.text.numbers.listed import is_listed
from agents.extraction.text.numbers.number import DOCUMENT, RUNS_ON, STRONG, TITLE, UNDER_TITLE, Number, Numbered
from agents.extraction.text.numbers.places import places
from agents.extraction.text.numbers.writing import past_mark, read_at
from agents.extraction.text.overprint import is_overprinted

# Rows of the totals that speak of other invoices than this one.
_STEPS = frozenset({"prepaid", "previous"})
# `Faktura 4711 af 10.11.2025`, `z dnia 10.11.2025`: two short words at most before the day
_DATED = re.compile(r"^(?:[^\W\d]{1,4} ){1,2}(?=\d)")


def find_number(layout: Layout, labels: Labels) -> Numbered:
    """Return the invoice number by the strongest kind of label that names one."""
    found = [number for label in labels.every() if (number := _named(layout, labels, label)) is not None]
    for confidence in sorted({number.confidence for number in found}, reverse=True):
        strongest = [number for number in found if number.confidence == confidence]
        values = {_bare(number.value) for number in strongest}
        if len(values) == 1:
            return Numbered(_weighed(strongest[0], found))
        return Numbered(None, tuple(strongest))
    return Numbered(None)


def is_own(numbered: Numbered) -> bool:
    """Tell whether the number is called the document's, whatever it is: `Document no`, not `Invoice no`."""
    return numbered.chosen is not None and numbered.chosen.confidence <= DOCUMENT


def _weighed(chosen: Number, found: Iterable[Number]) -> Number:
    """Return the number; a title that says the same makes it surer, one that says another takes the proof away."""
    titles = {_bare(number.value) for number in found if number.confidence in (TITLE, UNDER_TITLE)}
    if titles - {_bare(chosen.value)}:
        return replace(chosen, confidence=min(chosen.confidence, RUNS_ON))
    sure = titles and chosen.confidence == STRONG
    return replace(chosen, confidence=min(chosen.confidence + 0.02, 0.98)) if sure else chosen


def _bare(value: str) -> str:
    return re.sub(r"\W", "", value).upper()


def _named(layout: Layout, labels: Labels, label: Label) -> Number | None:
    """Return the number that a label names, if it names one."""
    strength = strength_of(labels, label)
    if strength == 0.0 or _is_of_a_step(labels, label):
        return None
    for place in places(layout, labels, label, strength):
        if is_listed(layout, place):
            continue
        number = read_at(place, strength) or (past_mark(place) if strength == TITLE else None)
        if number is not None:
            clear = _ends_well(labels, number) and not is_overprinted(number.cell.words)
            return number if clear else replace(number, confidence=RUNS_ON)
    return None


def _is_of_a_step(labels: Labels, label: Label) -> bool:
    """Tell whether the name stands in a row of what was paid before: `Deposit of 12 July (invoice 4711)  -2,880.00`."""
    before = (one for one in labels.on(label.line) if one.cell is label.cell and one.start < label.start)
    return any(one.concepts & _STEPS and "invoice_number" not in one.concepts for one in before)


def _ends_well(labels: Labels, number: Number) -> bool:
    """Tell whether the number is all that is called so: behind it the cell ends, or a date or a label begins."""
    at = number.cell.text.find(number.raw) + len(number.raw)
    rest = number.cell.text[at:].strip()
    named = any(0 <= label.start - at <= 2 for label in labels.on(number.cell.line) if label.cell is number.cell)
    dated = is_date(rest) or is_date(_DATED.sub("", rest))
    return not rest or named or not rest[0].isalnum() or dated
