"""What may be the invoice number, and what the ways to say so are worth."""

from dataclasses import dataclass

from agents.extraction.text.geometry import Word
from agents.extraction.text.layout import Cell, Placed

# In this order: a label that names an invoice's number, a title with it behind or below, a label that names a
# document's, a number that runs on into other words, a name that every kind of number goes by.
STRONG, TITLE, UNDER_TITLE, DOCUMENT, RUNS_ON, GENERIC = 0.96, 0.93, 0.925, 0.92, 0.8, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Number(Placed):
    """What may be the invoice number, and how strongly the page says so."""

    value: str
    raw: str
    confidence: float
    cell: Cell
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number that was chosen, or the rivals between which nobody can choose."""

    chosen: Number | None
    rivals: tuple[Number, ...] = ()
