"""Dates in every European notation. A day that could be a month is decided by the other dates, or not at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agents.extraction.text.amounts.headings import STACK_HEIGHTS_MAX
from agents.extraction.text.date_order import Order, Read, decide, terms_in
from agents.extraction.text.geometry import Word, overlap
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, Placed
from agents.extraction.text.lexicon import fold, lexicon

YEAR_MIN, YEAR_MAX = 1970, 2100
# A date is called by a label that ends at most this many points before it.
LABEL_POINTS_MAX = 260.0
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<y1>\d{4})(?P<s1>[-./])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})\s?(?P<s2>[./-])\s?(?P<b>\d{1,2})\s?(?P=s2)\s?(?P<y2>\d{4}|\d{2}))(?![\d/-]|\.\d)"
)
_WORDED = re.compile(
    r"(?<!\w)(?:(?P<d>\d{1,2})(?:er|st|nd|rd|th|º|\.|ª)?[\s.-]+(?:de |di |of )?"
    r"(?P<month>[^\W\d_]{3,12})\.?,?[\s.-]+(?:de |del )?(?P<y>\d{4}|\d{2})"
    r"|(?P<month2>[^\W\d_]{3,12})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{4}))(?!\d)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Dated(Placed):
    """A date on the page. `value` is None where day and month cannot be told apart. `stated` is its label."""

    value: date | None
    raw: str
    cell: Cell
    words: tuple[Word, ...]
    concepts: frozenset[str]
    label_words: int
    with_invoice: bool  # a word for invoice stands on its line


@dataclass(frozen=True, slots=True)
class _Found:
    """Numbers of a date before their order is known; `order` is None where both are possible."""

    start: int
    end: int
    year: int
    first: int
    second: int
    order: Order | None
    slashed: bool


def find_dates(layout: Layout, labels: Labels, fallback: Order | None) -> tuple[Dated, ...]:
    """Return the dates in reading order; `fallback` is the order that language and currency suggest."""
    found = [(cell, date_found) for cell in layout.cells() for date_found in _in_text(cell.text)]
    decided = {one.order for _, one in found if one.slashed and one.order and one.first != one.second}
    if not decided and any(one.order is None for _, one in found):
        order = _by_the_others(layout, labels, found, fallback)
    else:
        order = decided.pop() if len(decided) == 1 else (None if decided else fallback)
    return tuple(_dated(cell, one, order, labels) for cell, one in found)


def _by_the_others(
    layout: Layout, labels: Labels, found: list[tuple[Cell, "_Found"]], fallback: Order | None
) -> Order | None:
    """Return the order that the other dates and the terms of payment decide."""
    known = []
    for cell, one in found:
        label = _label(cell, one, cell.span(one.start, one.end), labels)
        concepts = label.concepts if label is not None else frozenset[str]()
        known.append(Read(_value(one, one.order or "dmy"), _value(one, one.order or "mdy"), concepts))
    terms = terms_in(" ".join(fold(cell.text) for cell in layout.cells()))
    return decide(known, terms, fallback)


def is_date(text: str) -> bool:
    """Tell whether a text begins with a date."""
    return any(found.start == 0 for found in _in_text(text))


def holds_date(text: str) -> bool:
    """Tell whether a text has a date in it."""
    return any(True for _ in _in_text(text))


def _in_text(text: str) -> Iterator[_Found]:
    for match in _NUMERIC.finditer(text):
        found = _numeric(match)
        if found is not None:
            yield found
    if any(character.isalpha() for character in text):
        yield from _worded(text)


def _numeric(match: re.Match[str]) -> _Found | None:
    if match["y1"]:
        return _checked(match, int(match["y1"]), int(match["d1"]), int(match["m1"]), "dmy")
    year = int(match["y2"]) + (2000 if len(match["y2"]) == 2 else 0)
    first, second = int(match["a"]), int(match["b"])
    if match["s2"] == "." or first > 12 or first == second:
        return _checked(match, year, first, second, "dmy")
    if second > 12:
        return _checked(match, year, first, second, "mdy")
    return _checked(match, year, first, second, None)


def _checked(match: re.Match[str], year: int, first: int, second: int, order: Order | None) -> _Found | None:
    if not YEAR_MIN <= year <= YEAR_MAX or not min(first, second) >= 1 or max(first, second) > 31:
        return None
    if order == "dmy" and second > 12:
        return None
    slashed = "s2" in match.re.groupindex and (match["s2"] or ".") != "."
    return _Found(match.start(), match.end(), year, first, second, order, slashed)


def _worded(text: str) -> Iterator[_Found]:
    months = lexicon().months
    for match in _WORDED.finditer(text):
        month = months.get(fold(match["month"] or match["month2"]))
        if month is None:
            continue
        year = match["y"] or match["y3"]
        full = int(year) + (2000 if len(year) == 2 else 0)
        found = _checked(match, full, int(match["d"] or match["d2"]), month, "dmy")
        if found is not None:
            yield found


def _dated(cell: Cell, found: _Found, order: Order | None, labels: Labels) -> Dated:
    words = cell.span(found.start, found.end)
    label = _label(cell, found, words, labels)
    concepts = label.concepts if label is not None else frozenset[str]()
    raw = cell.text[found.start : found.end]
    spoken = any({"invoice_word", "invoice_number"} & one.concepts for one in labels.before(cell.line, words[0].left))
    return Dated(_value(found, found.order or order), raw, cell, words, concepts, label.words if label else 0, spoken)


def _value(found: _Found, order: Order | None) -> date | None:
    if order is None:
        return None
    day, month = (found.first, found.second) if order == "dmy" else (found.second, found.first)
    try:
        return date(found.year, month, day)
    except ValueError:  # 31 February
        return None


def _label(cell: Cell, found: _Found, words: tuple[Word, ...], labels: Labels) -> Label | None:
    """Return what the date is called: the nearest label before it on the line, else the one right above."""
    left, right = words[0].left, words[-1].right
    before = [one for one in labels.before(cell.line, left) if one.cell is not cell or one.end <= found.start]
    if before and left - before[-1].right <= LABEL_POINTS_MAX:
        return _fuller(before)
    for line in range(cell.line - 1, max(cell.line - 4, -1), -1):
        for label in labels.on(line):
            above = overlap(label.left, label.right, left, right) > 0 and label.cell.page == cell.page
            if above and cell.top - label.cell.bottom <= STACK_HEIGHTS_MAX * cell.height:
                return label
    return None


def _fuller(before: list[Label]) -> Label:
    """Return the last label, or the one right before it where the last is a mere `on`: Date limite de paiement le."""
    last = before[-1]
    if len(before) > 1 and last.words == 1 and before[-2].cell is last.cell and last.start - before[-2].end <= 2:
        return before[-2] if before[-2].concepts & {"issue_date", "due_date", "other_date"} else last
    return last
