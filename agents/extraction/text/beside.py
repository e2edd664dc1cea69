"""Where a value stands that a label names: behind it, to its right, or below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agents.extraction.text.geometry import Word, overlap
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout

Direction = Literal["behind", "right", "below"]
# A value to the right of its name stands at most this far from it.
RIGHT_POINTS_MAX = 260.0
# A value below its name stands at most this many print heights lower.
BELOW_HEIGHTS_MAX = 2.8
_LEAD = " :.#-–—=>\u200b°º"


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A stretch of text beside a label: characters from `start` to the end of the cell."""

    text: str
    cell: Cell
    start: int
    direction: Direction

    def words(self, length: int) -> tuple[Word, ...]:
        """Return the words of the first `length` characters."""
        return self.cell.span(self.start, self.start + length)


def beside(layout: Layout, labels: Labels, label: Label) -> Iterator[Beside]:
    """Yield what stands beside a label, the likeliest place first; another label is no value."""
    behind = stretch(label.cell, label.end, "behind")
    if behind.text:
        yield behind
        return
    line = layout.lines[label.line]
    at = line.cells.index(label.cell)
    right = next((cell for cell in line.cells[at + 1 :] if cell.text.strip(_LEAD)), None)
    if right is not None and right.left - label.right <= RIGHT_POINTS_MAX and not starts_with_label(labels, right):
        yield stretch(right, 0, "right")
    yield from (stretch(cell, 0, "below") for cell in cells_below(layout, label) if not starts_with_label(labels, cell))


def starts_with_label(labels: Labels, cell: Cell) -> bool:
    """Tell whether a cell begins with a phrase of the lexicon."""
    return any(label.cell is cell and label.start <= 1 for label in labels.on(cell.line))


def stretch(cell: Cell, start: int, direction: Direction) -> Beside:
    """Return the text of a cell from a character on, without what leads up to a value."""
    text = cell.text[start:]
    lead = len(text) - len(text.lstrip(_LEAD))
    return Beside(text[lead:], cell, start + lead, direction)


def cells_below(layout: Layout, label: Label) -> list[Cell]:
    """Return the cells right under the label, as far as a form would set them."""
    for line in layout.lines[label.line + 1 :]:
        if line.page != label.cell.page or line.top - label.cell.bottom > BELOW_HEIGHTS_MAX * label.cell.height:
            break
        under = [c for c in line.cells if overlap(c.left, c.right, label.left, label.right) > 0]
        if under:
            return under
    return []
