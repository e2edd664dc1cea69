"""A sum of money on the page, with what its row and its column call it."""

from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.text.geometry import Word
from agents.extraction.text.layout import Cell, Placed


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
