"""Sums as they are printed, before it is known what they are called; what only looks like one is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from agents.extraction.text.amounts import notation
from agents.extraction.text.amounts.headings import Place
from agents.extraction.text.currencies import is_currency_word
from agents.extraction.text.geometry import Word
from agents.extraction.text.layout import Cell, Layout, Placed

# Digits that belong together stand closer than this, in heights of the print.
DIGIT_GAP_HEIGHTS = 0.6
# In print whose characters are all as wide (the widths of long words differ by no more than this part, the tenth at
# either end left out) a blank is as wide as a digit, and two of them part what does not belong together.
TYPED_SPREAD, TYPED_LETTERS_MIN, TYPED_WORDS_MIN, TYPED_GAP = 0.12, 6, 10, 1.5
# A cell of more words than this is a sentence; sums in sentences are asked for only by its verb.
PROSE_WORDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Sum(Placed):
    """A number in place, before it is known what it is called."""

    value: Decimal
    raw: str
    currency: str | None
    cell: Cell
    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        """Return the left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.words[-1].right

    @property
    def place(self) -> Place:
        """Return where it stands, as headings are asked for."""
        return self.cell, self.left, self.right

    @property
    def is_prose(self) -> bool:
        """Tell whether it stands in a sentence."""
        return len(self.cell.words) > PROSE_WORDS

    def fills_cell(self) -> bool:
        """Tell whether its cell holds the sum and nothing else, but perhaps a currency."""
        words = [word for word in self.cell.words if not is_currency_word(word.text)]
        return all(self.left - 1 <= word.left and word.right <= self.right + 1 for word in words)


def printed_sums(layout: Layout) -> dict[int, list[Sum]]:
    """Return the sums of every line, by the line's index; a line may have none."""
    mark = notation.decimal_mark(
        found.digits for cell in layout.cells() for found in notation.written(cell.text) if _has_cents(found.digits)
    )
    advance = _advance(layout)
    return {
        line.index: [found for cell in line.cells for found in _in_cell(cell, mark, advance)] for line in layout.lines
    }


def _has_cents(digits: str) -> bool:
    return len(digits) > 3 and digits[-3] in ".,"


def _in_cell(cell: Cell, mark: str | None, advance: float) -> Iterator[Sum]:
    for found in notation.written(cell.text):
        words = cell.span(found.start, found.end)
        if not (found.currency or _has_cents(found.digits)) or _is_loose(cell, found, advance):
            continue
        value = notation.parse(found.digits, mark)
        if value is None or -int(value.as_tuple().exponent) > 2:
            continue
        signed = -value if found.negative else value
        yield Sum(signed, cell.text[found.start : found.end].strip(), found.currency, cell, words)


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
