"""Sums of money on the page, each with what its row and its column call it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from agents.extraction.text import notation
from agents.extraction.text.currencies import PATTERN, is_currency_word
from agents.extraction.text.dates import holds_date
from agents.extraction.text.geometry import Word
from agents.extraction.text.headings import CURRENCY, Heading, Headings, Place, concepts_of
from agents.extraction.text.labels import Label, Labels, spelled
from agents.extraction.text.layout import Cell, Layout, Line, Placed
from agents.extraction.text.lexicon import MONEY

_NO_CURRENCY = re.compile(PATTERN)
# Digits that belong together stand closer than this, in heights of the print.
DIGIT_GAP_HEIGHTS = 0.6
# In print whose characters are all as wide (the widths of long words differ by no more than this part, the tenth at
# either end left out) a blank is as wide as a digit, and two of them part what does not belong together.
TYPED_SPREAD, TYPED_LETTERS_MIN, TYPED_WORDS_MIN, TYPED_GAP = 0.12, 6, 10, 1.5
# A cell of more words than this is a sentence; sums in sentences are asked for only by its verb.
PROSE_WORDS = 12
# More sums than these are an itemised bill; its totals are among the first and the last.
AMOUNTS_MAX = 4_000
# Words of a row's name that no label explains: one may be an adjective, more make it the total of something.
UNEXPLAINED_MAX = 1
SMALL_WORD_LETTERS = 3
# In a sentence a sum belongs to the words right before it: `the amount of`, `den Betrag von`.
PROSE_REACH = 14
# What a sentence asks for only then, or besides: `if paid by 1 May 98.00`, `then 15.00 of costs are to be paid`.
_ON_CONDITION = frozenset({"cash_discount", "charge", "ignore_amount"})
# `120,00 € TTC`: a label behind a sum belongs to it when it follows within this many characters.
BEHIND_CHARACTERS_MAX = 3


@dataclass(frozen=True, slots=True, eq=False)
class Amount(Placed):
    """One sum. `row` is what stands before it on its line, `column` what heads it, both as lexicon concepts.

    `rank` counts the sums before it under the same row label, of `row_count` in all: `Total 100 20 120` has ranks 0, 1
    and 2 of 3.
    `stacked` says that the column label stands right above, as in a form. `pure` says that its row is called nothing
    else: `Total` is pure, `Total for line 0612345678` is a part of something. `bare` says that its line holds no words,
    as the boxes of a form, `single` that it holds one value, be it twice, `summary` that headings right above it
    name the VAT and a total; `dated` that a day to pay by stands before.
    """

    value: Decimal
    raw: str
    currency: str | None
    cell: Cell
    words: tuple[Word, ...]
    row: frozenset[str]
    column: frozenset[str]
    rank: int
    row_count: int
    stacked: bool
    prose: bool
    pure: bool
    bare: bool
    single: bool
    summary: bool
    dated: bool

    @property
    def line(self) -> int:
        """Return the line of the document."""
        return self.cell.line

    @property
    def right(self) -> float:
        """Return the right edge: columns of sums are flush right."""
        return self.words[-1].right

    @property
    def span(self) -> tuple[float, float]:
        """Return the left and the right edge."""
        return self.words[0].left, self.words[-1].right


@dataclass(frozen=True, slots=True)
class _Sum:
    """A number in place, before it is known what it is called."""

    value: Decimal
    raw: str
    currency: str | None
    cell: Cell
    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right


def find_amounts(layout: Layout, labels: Labels) -> tuple[Amount, ...]:
    """Return the sums of the document in reading order."""
    mark = notation.decimal_mark(
        found.digits for cell in layout.cells() for found in notation.written(cell.text) if _has_cents(found.digits)
    )
    advance = _advance(layout)
    rows = {
        line.index: [found for cell in line.cells for found in _in_cell(cell, mark, advance)] for line in layout.lines
    }
    headings = Headings(layout, labels, {line for line, row in rows.items() if row})
    alone = _alone_under_headings(rows, headings)
    last = {layout.lines[line].page: line for line, row in rows.items() if row and not _is_prose(row[0])}
    amounts = [
        amount
        for line, row in rows.items()
        for amount in _named(
            layout.lines[line], row, labels, headings, may_sum_up=line in alone, is_last=line in last.values()
        )
    ]
    if len(amounts) > AMOUNTS_MAX:
        return tuple(amounts[: AMOUNTS_MAX // 2] + amounts[-AMOUNTS_MAX // 2 :])
    return tuple(amounts)


def _has_cents(digits: str) -> bool:
    return len(digits) > 3 and digits[-3] in ".,"


def _in_cell(cell: Cell, mark: str | None, advance: float) -> Iterator[_Sum]:
    for found in notation.written(cell.text):
        words = cell.span(found.start, found.end)
        if not (found.currency or _has_cents(found.digits)) or _is_loose(cell, found, advance):
            continue
        value = notation.parse(found.digits, mark)
        if value is None or -int(value.as_tuple().exponent) > 2:
            continue
        signed = -value if found.negative else value
        yield _Sum(signed, cell.text[found.start : found.end].strip(), found.currency, cell, words)


def _is_loose(cell: Cell, found: notation.Written, advance: float) -> bool:
    """Tell whether the digit groups stand too far apart to be one number: in a typewriter's print a blank is wide."""
    if " " not in found.digits:
        return False
    at = cell.text.index(found.digits, found.start)
    words = cell.span(at, at + len(found.digits))
    most = max(DIGIT_GAP_HEIGHTS, TYPED_GAP * advance)
    return any(right.left - left.right > most * left.height for left, right in pairwise(words))


def _advance(layout: Layout) -> float:
    """Return how wide a character is, in heights of the print, where all are as in a typewriter's; 0 elsewhere."""
    words = (word for cell in layout.cells() for word in cell.words if len(word.text) >= TYPED_LETTERS_MIN)
    widths = sorted((word.right - word.left) / len(word.text) / word.height for word in words if word.height > 0)
    if len(widths) < TYPED_WORDS_MIN:
        return 0.0
    narrow, wide = widths[len(widths) // 10], widths[-len(widths) // 10]
    return wide if wide - narrow <= TYPED_SPREAD * wide else 0.0


def _alone_under_headings(rows: dict[int, list[_Sum]], headings: Headings) -> set[int]:
    """Return the lines of several sums that are the only such ones under their headings: no row of a table."""
    over = {line: headings.line_over(row[0].cell) for line, row in rows.items() if len(row) > 2}
    counted = Counter(over.values())
    return {line for line, heading in over.items() if heading is not None and counted[heading] == 1}


def _named(
    line: Line, row: list[_Sum], labels: Labels, headings: Headings, *, may_sum_up: bool, is_last: bool
) -> Iterator[Amount]:
    """Yield the sums of one line with their names: what stands before the first of them, up to the next name."""
    heads = headings.over([_place(found) for found in row])
    single = len({found.value for found in row}) == 1
    summary = may_sum_up and _is_bare(line) and _is_summary(heads)
    bare = _is_bare(line) or (is_last and len(row) == 1 and _fills_cell(row[0]))
    headed = dict(zip(map(id, row), heads, strict=True))
    for own, group in _groups(row, labels):
        for rank, found in enumerate(group):
            concepts, stacked = headed[id(found)]
            if not own and single and _fills_cell(found) and headings.is_under_currency(_place(found)):
                concepts, stacked = frozenset({CURRENCY}), True
            conditional = _is_prose(found) and concepts_of(own) & _ON_CONDITION
            named = concepts_of(own) if conditional else concepts_of(own) | concepts_of(_behind(found, labels))
            pure = not own or _is_pure(own, found)
            yield Amount(
                found.value, found.raw, found.currency, found.cell, found.words,
                named, concepts, rank, len(group), stacked, _is_prose(found), pure, bare,
                single, summary, _is_dated(found, labels),
            )  # fmt: skip


def _place(found: _Sum) -> Place:
    return found.cell, found.left, found.right


def _fills_cell(found: _Sum) -> bool:
    """Tell whether its cell holds the sum and nothing else, but perhaps a currency."""
    words = [word for word in found.cell.words if not is_currency_word(word.text)]
    return all(found.left - 1 <= word.left and word.right <= found.right + 1 for word in words)


def _is_summary(heads: list[Heading]) -> bool:
    """Tell whether the headings right above a row are those of the totals: the VAT, and what it leads to."""
    named = frozenset(concept for concepts, stacked in heads if stacked for concept in concepts)
    return len(heads) > 2 and "vat" in named and bool(named & {"gross", "total", "payable"})


def _groups(row: list[_Sum], labels: Labels) -> list[tuple[list[Label], list[_Sum]]]:
    """Return the sums that share a name, with its labels: `Total 100 20 120` is one group, `Net 100 VAT 20` two."""
    groups: list[tuple[list[Label], list[_Sum]]] = []
    edge = float("-inf")
    for found in row:
        own = _own(found, labels, edge, prose=_is_prose(found))
        if own or not groups:
            groups.append((own, []))
        groups[-1][1].append(found)
        edge = found.right
    return groups


def _is_prose(found: _Sum) -> bool:
    return len(found.cell.words) > PROSE_WORDS


def _own(found: _Sum, labels: Labels, edge: float, *, prose: bool) -> list[Label]:
    """Return the labels that name a sum: those of the nearest cell to its left that speaks of money at all."""
    before = labels.before(found.cell.line, found.left, edge)
    conditions = [one for one in before if one.cell is found.cell and one.concepts & _ON_CONDITION]
    if prose and conditions:
        return conditions
    if prose:
        start = found.cell.starts[found.cell.word_at(found.cell.text.find(found.raw))]
        return [label for label in before[-1:] if label.cell is found.cell and start - label.end <= PROSE_REACH]
    for label in reversed(before):
        same = [other for other in before if other.cell is label.cell]
        if concepts_of(same) & MONEY:
            return same
    return []


def _behind(found: _Sum, labels: Labels) -> list[Label]:
    end = found.cell.text.find(found.raw) + len(found.raw)
    near = [label for label in labels.on(found.cell.line) if label.cell is found.cell]
    return [label for label in near if 0 <= label.start - end <= BEHIND_CHARACTERS_MAX][:1]


def _is_pure(own: list[Label], found: _Sum) -> bool:
    """Tell whether the labels explain the cells that they stand in, up to the sum."""
    covered = sum(label.words for label in own)
    words = [word for word in own[0].cell.words if word.right <= found.left + 1 and not is_currency_word(word.text)]
    spoken = [token for word in words for token, _, _ in spelled(word.text) if not token[0].isdigit()]
    small = sum(1 for token in spoken if len(token) <= SMALL_WORD_LETTERS)
    return len(spoken) - covered <= UNEXPLAINED_MAX + small // 2


def _is_dated(found: _Sum, labels: Labels) -> bool:
    """Tell whether the words say by which day this sum is to be paid, and speak of no discount."""
    said = concepts_of(labels.before(found.cell.line, found.left))
    return "due_date" in said and not said & {"cash_discount", "discount"} and holds_date(found.cell.text)


def _is_bare(line: Line) -> bool:
    """Tell whether sums and their currency are all that stands on the line: the boxes of a form."""
    words = [word for cell in line.cells for word in cell.words if not is_currency_word(word.text)]
    return not any(any(map(str.isalpha, _NO_CURRENCY.sub("", word.text))) for word in words)
