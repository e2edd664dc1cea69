"""Words in points from the page's top left corner, x right, y down."""

from typing import NamedTuple


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


def overlap(left: float, right: float, other_left: float, other_right: float) -> float:
    """Return how many points of two horizontal spans coincide; negative is the gap between them."""
    return min(right, other_right) - max(left, other_left)
