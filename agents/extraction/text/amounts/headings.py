"""What stands above a value: the heading of its column, or the name over the box of a form."""

from collections.abc import Iterable
from itertools import takewhile

from agents.extraction.text.currencies import is_currency_word
from agents.extraction.text.geometry import overlap
from agents.extraction.text.labels import Label, Labels, spelled
from agents.extraction.text.layout import Cell, Layout, Line
from agents.extraction.text.lexicon import MONEY, lexicon, longest

# A column's heading may stand this far above the last row that it heads: a page of an itemised bill.
HEADING_POINTS_MAX = 700.0
# A name above its value, as in a box of a form, stands at most this many print heights higher.
STACK_HEIGHTS_MAX = 2.6

Place = tuple[Cell, float, float]  # the cell of a value, and its left and right edge
Heading = tuple[frozenset[str], bool]  # concepts, and whether they stand right above
# The column of a sum that a currency alone heads.
CURRENCY = "currency"
NONE: Heading = (frozenset(), False)


def concepts_of(labels: Iterable[Label]) -> frozenset[str]:
    """Return all concepts of the labels."""
    return frozenset(concept for label in labels for concept in label.concepts)


class Headings:
    """Finds headings over sums. A line that holds sums itself heads nothing."""

    def __init__(self, layout: Layout, labels: Labels, rows: set[int]) -> None:
        """Take the lines that hold sums as `rows`."""
        self._layout = layout
        self._lines = [
            (line, found) for line in layout.lines if line.index not in rows and (found := _of_money(labels, line))
        ]

    def over(self, row: list[Place]) -> list[Heading]:
        """Return the heading of each place of one line: by what stands over it, else by its order in the row."""
        if not row:
            return []
        above = self._above(row[0][0])
        if len(row) > 1 and above and len(above[0][1]) == len(row) and _is_stacked(above[0][0], row[0][0]):
            return [(label.concepts, True) for label in above[0][1]]
        found = [_over(above, place) for place in row]
        if len(row) > 1 and not any(concepts for concepts, _ in found):
            return self._in_order(above, row)
        return found

    def is_under_currency(self, place: Place) -> bool:
        """Tell whether nothing but a currency stands right above a value: `Kroner DKK` heads the box of a slip."""
        cell, left, right = place
        above = (line for line in reversed(self._layout.lines[: cell.line]) if line.page == cell.page)
        for line in takewhile(lambda line: _is_stacked(line, cell), above):
            over = [one for one in line.cells if overlap(one.left, one.right, left, right) > 0]
            if over:
                return all(map(_is_currency, over))
        return False

    def line_over(self, cell: Cell) -> int | None:
        """Return the line of the nearest headings above a cell."""
        above = self._above(cell)
        return above[0][0].index if above else None

    def _above(self, cell: Cell) -> list[tuple[Line, list[Label]]]:
        """Return the heading lines above a cell, nearest first."""
        on_page = [(line, found) for line, found in self._lines if line.page == cell.page and line.index < cell.line]
        return [(line, found) for line, found in reversed(on_page) if cell.top - line.bottom <= HEADING_POINTS_MAX]

    def _in_order(self, above: list[tuple[Line, list[Label]]], row: list[Place]) -> list[Heading]:
        """Return the headings one by one, where the nearest line has enough of them: sums fill a row's last columns."""
        if above and len(above[0][1]) >= len(row):
            return [(label.concepts, False) for label in above[0][1][-len(row) :]]
        return [NONE for _ in row]


def _is_currency(cell: Cell) -> bool:
    """Tell whether a cell names a currency and nothing else."""
    words = [token for word in cell.words if not is_currency_word(word.text) for token, _, _ in spelled(word.text)]
    at = 0
    while at < len(words):
        found = longest(lexicon().currencies, words, at)
        if found is None:
            return False
        at = found[0]
    return True


def _of_money(labels: Labels, line: Line) -> list[Label]:
    return [label for label in labels.on(line.index) if label.concepts & MONEY]


def _over(above: list[tuple[Line, list[Label]]], place: Place) -> Heading:
    cell, left, right = place
    for line, found in above:
        over = [label for label in found if overlap(label.left, label.right, left, right) > 0]
        if over:
            return concepts_of(over), _is_stacked(line, cell)
    return NONE


def _is_stacked(line: Line, cell: Cell) -> bool:
    return cell.top - line.bottom <= STACK_HEIGHTS_MAX * cell.height
