"""Lines that are printed over each other: a form is filled a little too high, and two texts share a strip of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from agents.extraction.text.geometry import Word

# Words that share so much of the narrower one's width stand on top of each other; close print shares less.
SHARED_WIDTH_MIN = 0.15
# Feet of letters that are further apart, in heights of the print, are of two lines: print of one line stands on one.
FOOT_HEIGHTS = 0.1


def is_overprinted(row: Sequence[Word]) -> bool:
    """Tell whether words of one line, from left to right, stand on top of each other and say different things."""
    return any(
        left.text != right.text
        and left.right - right.left >= SHARED_WIDTH_MIN * min(left.right - left.left, right.right - right.left)
        for left, right in pairwise(row)
    )


def parted(row: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield a line, or the lines that it is made of where words stand on top of each other, highest first.

    What stands on one foot belongs together. Print on the very same foot stays one line, and is overprinted.
    """
    if not is_overprinted(row):
        yield list(row)
        return
    line: list[Word] = []
    for word in sorted(row, key=lambda word: word.bottom):
        if line and word.bottom - line[-1].bottom > FOOT_HEIGHTS * word.height:
            yield sorted(line, key=lambda word: word.left)
            line = []
        line.append(word)
    yield sorted(line, key=lambda word: word.left)
