"""PDFium's characters to words, and words that stand on top of each other."""

import ctypes
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.mapping import ToPage
from agents.extraction.text.geometry import Word

Box = tuple[float, float, float, float]

# A gap of half a line height inside a run of characters is a blank that the file does not spell out.
GAP_HEIGHTS_MAX = 0.5
# Words that share so much of the smaller one's width and height stand on top of each other. Close print shares less.
STACKED_WIDTH_MIN, STACKED_HEIGHT_MIN = 0.15, 0.5
ROW_POINTS = 12.0
# The map from user space is found by integers; a smaller slant than this is their rounding.
UPRIGHT_ERROR_MAX = 1e-4
_BLANKS = frozenset({0, 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x202F, 0x205F, 0x3000, 0xFEFF, *range(0x2000, 0x200C)})
# What is not spelt by its own code: hyphens, ligatures, and what stands for no character.
_SPELLED = {
    0x02: "-", 0xAD: "-", 0x2011: "-", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
    **dict.fromkeys((0xFFFE, 0xFFFF, *range(0xD800, 0xE000)), "\ufffd"),
}  # fmt: skip


class Run:
    """Characters of one word while they are collected. `first` is the index of the first."""

    __slots__ = ("bottom", "first", "left", "right", "text", "top")

    def __init__(self, first: int, text: str, box: Box) -> None:
        self.first = first
        self.text = text
        self.left, self.top, self.right, self.bottom = box

    def takes(self, text: str, box: Box) -> bool:
        """Take the next character, if it stands right behind the run. Written for speed: a page has thousands."""
        left, top, right, bottom = box
        own_top, own_bottom = self.top, self.bottom
        height = own_bottom - own_top
        height = max(height, bottom - top)
        gap = left - self.right
        if not (-height < gap < GAP_HEIGHTS_MAX * height and abs(top + bottom - own_top - own_bottom) < height):
            return False
        self.text += text
        self.right = max(self.right, right)
        self.left = min(self.left, left)
        if top < own_top:
            self.top = top
        if bottom > own_bottom:
            self.bottom = bottom
        return True

    @property
    def box(self) -> Box:
        """Return left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    def word(self) -> Word:
        """Return the characters as a word."""
        return Word(self.text, self.left, self.top, self.right, self.bottom)


def find_runs(text_page: Any, count: int, to_page: ToPage) -> list[Run]:
    """Return the words among the first `count` characters in the order of the file, split at blanks and at jumps."""
    rect = pdfium.FS_RECTF()
    reference = ctypes.byref(rect)
    unicode_of, box_of, spelled = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, _SPELLED.get
    box_at = _boxes(to_page)
    found: list[Run] = []
    run: Run | None = None
    for index in range(count):
        code = unicode_of(text_page, index)
        if code in _BLANKS or not box_of(text_page, index, reference):
            run = None
            continue
        text, box = spelled(code) or chr(code), box_at(rect)
        if run is None or not run.takes(text, box):
            run = Run(index, text, box)
            found.append(run)
    return found


def _boxes(to_page: ToPage) -> Callable[[Any], Box]:
    """Return what maps a character's rectangle to the page; upright pages, nearly all, take the short way."""
    ox, oy = to_page(0.0, 0.0)
    (ax, ay), (bx, by) = to_page(1.0, 0.0), to_page(0.0, 1.0)
    across, down = ax - ox, by - oy
    if abs(ay - oy) + abs(bx - ox) > UPRIGHT_ERROR_MAX or across <= 0 or down >= 0:
        return lambda rect: _box(to_page, rect)

    def upright(rect: Any) -> Box:
        return ox + across * rect.left, oy + down * rect.top, ox + across * rect.right, oy + down * rect.bottom

    return upright


def _box(to_page: ToPage, rect: Any) -> Box:
    x1, y1 = to_page(rect.left, rect.top)
    x2, y2 = to_page(rect.right, rect.bottom)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


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
