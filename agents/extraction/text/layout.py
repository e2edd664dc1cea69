"""Words to lines to cells: what stands together on a page, as the eye sees it and not as the file orders it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agents.extraction.text.geometry import Word
from agents.extraction.text.overprint import parted
from agents.extraction.text.pages import PageText
from schemas.evidence import Box

# A gap wider than this, in heights of the print, is the gap between two cells; a blank is a quarter of one.
CELL_GAP_HEIGHTS = 0.85
# Words whose middles are closer than this share a line, in heights of the smaller.
LINE_HEIGHTS = 0.45
# R E C H N U N G: at least this many single letters in a row are one spaced-out word.
SPACED_LETTERS_MIN = 4
SPACED_GAP_HEIGHTS = 1.4
_GLUED = re.compile(
    r"(?<=[^\W\d]):(?=[^\s/:])|(?<=n[°º])(?=\w)|(?<=№)(?=\w)|(?<=[^\W\d]\.:)(?=\w)|(?<=\)):(?=\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Words that a reader takes in at one glance: a phrase, a heading, the cell of a table."""

    words: tuple[Word, ...]
    page: int
    line: int  # index within the document
    text: str = field(init=False)
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts, at = [], 0
        for word in self.words:
            starts.append(at)
            at += len(word.text) + 1
        object.__setattr__(self, "starts", tuple(starts))
        object.__setattr__(self, "text", " ".join(word.text for word in self.words))

    @property
    def left(self) -> float:
        """Return the left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.words[-1].right

    @property
    def top(self) -> float:
        """Return the top edge of the tallest word."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Return the bottom edge of the lowest word."""
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        """Return the height of the print."""
        return max(word.height for word in self.words)

    def word_at(self, offset: int) -> int:
        """Return the index of the word that holds the character at this offset of `text`."""
        return bisect_right(self.starts, offset) - 1

    def span(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words, cut to the characters from start to end of `text`."""
        first, last = self.word_at(start), self.word_at(max(end - 1, start))
        return tuple(
            _cut(self.words[i], max(start - self.starts[i], 0), end - self.starts[i]) for i in range(first, last + 1)
        )


class Placed:
    """What a finder found: read from words of one cell, or from there on. Its classes hold these three as fields."""

    __slots__ = ()
    raw: str
    cell: Cell
    words: tuple[Word, ...]

    @property
    def page(self) -> int:
        """Return the page, from 1."""
        return self.cell.page

    @property
    def box(self) -> Box:
        """Return the box in points."""
        return box_of(self.words)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Cells at one height of one page, from left to right."""

    page: int
    index: int
    cells: tuple[Cell, ...]
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """All lines of the document in reading order: page by page, from top to bottom."""

    lines: tuple[Line, ...]
    sizes: dict[int, tuple[float, float]]  # page -> width, height in points

    def cells(self) -> Iterator[Cell]:
        """Yield every cell in reading order."""
        for line in self.lines:
            yield from line.cells

    def page_lines(self, page: int) -> tuple[Line, ...]:
        """Return the lines of one page."""
        return tuple(line for line in self.lines if line.page == page)


def lay_out(pages: Iterable[PageText]) -> Layout:
    """Return the layout of the pages."""
    lines: list[Line] = []
    sizes: dict[int, tuple[float, float]] = {}
    for page in pages:
        sizes[page.number] = (page.width, page.height)
        for row in (line for together in _rows(page.words) for line in parted(together)):
            words = list(_split_glued(_unspaced(row)))
            cells = tuple(Cell(tuple(group), page.number, len(lines)) for group in _groups(words))
            top, bottom = min(word.top for word in words), max(word.bottom for word in words)
            lines.append(Line(page.number, len(lines), cells, top, bottom))
    return Layout(tuple(lines), sizes)


def _cut(word: Word, start: int, end: int) -> Word:
    """Return a part of a word; its box is cut in proportion."""
    length = len(word.text)
    end = min(end, length)
    if start <= 0 and end >= length:
        return word
    step = (word.right - word.left) / max(length, 1)
    return Word(word.text[start:end], word.left + start * step, word.top, word.left + end * step, word.bottom)


def _rows(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield the words of each line from left to right, lines from top to bottom."""
    row: list[Word] = []
    middle, height = 0.0, 0.0
    for word in sorted(words, key=lambda w: w.middle):
        if row and abs(word.middle - middle) > LINE_HEIGHTS * min(word.height, height):
            yield sorted(row, key=lambda w: w.left)
            row = []
        if not row:
            middle, height = word.middle, word.height
        row.append(word)
        middle += (word.middle - middle) / len(row)
        height = min(height, word.height)
    if row:
        yield sorted(row, key=lambda w: w.left)


def _unspaced(row: list[Word]) -> Iterator[Word]:
    """Yield the row with spaced-out words joined: R E C H N U N G is one word."""
    run: list[Word] = []
    for word in row:
        if run and not (_is_letter(word) and word.left - run[-1].right < SPACED_GAP_HEIGHTS * word.height):
            yield from _joined(run)
            run = []
        if _is_letter(word):
            run.append(word)
        else:
            yield word
    yield from _joined(run)


def _is_letter(word: Word) -> bool:
    return len(word.text) == 1 and (word.text.isalpha() or word.text == "-")


def _joined(run: list[Word]) -> Iterable[Word]:
    if len(run) < SPACED_LETTERS_MIN:
        return run
    text = "".join(word.text for word in run)
    return [Word(text, run[0].left, min(w.top for w in run), run[-1].right, max(w.bottom for w in run))]


def _split_glued(words: Iterable[Word]) -> Iterator[Word]:
    """Yield the words with labels parted from what is glued to them: `Nr.:4711`, `n°562`."""
    for word in words:
        start = 0
        for match in _GLUED.finditer(word.text):
            if match.end() > start:
                yield _cut(word, start, match.end())
                start = match.end()
        if start < len(word.text):
            yield _cut(word, start, len(word.text))


def _groups(words: list[Word]) -> Iterator[list[Word]]:
    """Yield the words of each cell."""
    group: list[Word] = []
    for word in words:
        if group and word.left - group[-1].right > CELL_GAP_HEIGHTS * min(word.height, group[-1].height):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def box_of(words: Iterable[Word]) -> Box:
    """Return the box around words that may stand on several lines of one page."""
    found = list(words)
    return (
        round(min(word.left for word in found), 1),
        round(min(word.top for word in found), 1),
        round(max(word.right for word in found), 1),
        round(max(word.bottom for word in found), 1),
    )
