"""Characters to words, and words that stand on top of each other."""

from collections import defaultdict

from agents.extraction.text.geometry import Word

# A gap of half a line height inside a run of characters is a blank that the file does not spell out.
GAP_HEIGHTS_MAX = 0.5
# Words that share so much of the smaller one's width and height stand on top of each other. Close print shares less.
STACKED_WIDTH_MIN, STACKED_HEIGHT_MIN = 0.15, 0.5
ROW_POINTS = 12.0


class Run:
    """Characters of one word while they are collected."""

    __slots__ = ("bottom", "first", "left", "right", "text", "top")

    def __init__(self, first: int, text: str, box: tuple[float, float, float, float]) -> None:
        self.first = first
        self.text = text
        self.left, self.top, self.right, self.bottom = box

    def takes(self, box: tuple[float, float, float, float]) -> bool:
        """Tell whether the next character stands right behind the run."""
        left, top, _, bottom = box
        height = self.bottom - self.top
        height = max(height, bottom - top)
        gap = left - self.right
        return -height < gap < GAP_HEIGHTS_MAX * height and abs(top + bottom - self.top - self.bottom) < height

    def add(self, text: str, box: tuple[float, float, float, float]) -> None:
        """Take the next character."""
        left, top, right, bottom = box
        self.text += text
        self.right = max(self.right, right)
        self.left = min(self.left, left)
        self.top = min(self.top, top)
        self.bottom = max(self.bottom, bottom)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    def word(self) -> Word:
        """Return the characters as a word."""
        return Word(self.text, self.left, self.top, self.right, self.bottom)


def stacked(runs: list[Run]) -> set[Run]:
    """Return the words that stand on top of others which say something else."""
    rows: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        rows[int((run.top + run.bottom) / 2 / ROW_POINTS)].append(run)
    found: set[Run] = set()
    for row, words in rows.items():
        near = sorted((*words, *rows.get(row + 1, ())), key=lambda run: run.left)
        for at, run in enumerate(near):
            for other in near[at + 1 :]:
                if other.left >= run.right:
                    break
                if run.text != other.text and _is_on_top(run, other):
                    found |= {run, other}
    return found


def _is_on_top(run: Run, other: Run) -> bool:
    """Tell whether two words share a part of the line. The left edge of `other` lies within `run`."""
    width = min(run.right, other.right) - other.left
    height = min(run.bottom, other.bottom) - max(run.top, other.top)
    return width >= STACKED_WIDTH_MIN * min(run.right - run.left, other.right - other.left) and (
        height >= STACKED_HEIGHT_MIN * min(run.bottom - run.top, other.bottom - other.top)
    )
