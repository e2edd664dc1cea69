"""Boxes and words in points from the page's top left corner, x right, y down."""

from typing import NamedTuple

from schemas.evidence import Box


class Word(NamedTuple):
    """Characters that stand together, with the box that they fill."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Return the height in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Return the vertical middle in points from the top."""
        return (self.top + self.bottom) / 2


def hull(words: tuple[Word, ...] | list[Word]) -> Box:
    """Return the smallest box around the words, rounded to a tenth of a point."""
    return (
        round(min(word.left for word in words), 1),
        round(min(word.top for word in words), 1),
        round(max(word.right for word in words), 1),
        round(max(word.bottom for word in words), 1),
    )


def overlap(left: float, right: float, other_left: float, other_right: float) -> float:
    """Return how many points of two horizontal spans coincide; negative is the gap between them."""
    return min(right, other_right) - max(left, other_left)
