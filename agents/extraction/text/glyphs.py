"""One PDF page through pypdfium2: its visible words, and those that only a machine would see."""

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.text.geometry import Word
from agents.extraction.text.ink import Ink, ToPage
from agents.extraction.text.inventory import Inventory, take_inventory
from agents.extraction.text.runs import Run, stacked
from agents.extraction.text.visibility import Visibility

# Smaller print cannot be read on paper; whoever sets it speaks to machines only.
HEIGHT_POINTS_MIN = 3.0
# A word is looked at character by character: the first may be shown and the rest hidden. So much of it has to be seen;
# equal slices of a word in proportional print may miss a thin letter, of which a short word has fewer to spare.
LONG_WORD_MIN = 5
SEEN_SHARE_MIN, SEEN_SHARE_MIN_OF_SHORT = 0.75, 0.6
# So many of the words without ink must lie on a picture for them to be the text of that picture.
ON_PICTURE_SHARE_MIN = 0.9
# Integer device space that FPDF_PageToDevice answers in: fine enough for a hundredth of a point on an A0 page.
DEVICE_UNITS = 1_000_000
# Text turned by more than this many radians is a margin note, not part of a line.
ANGLE_RADIANS_MAX = 0.1
# The map from user space is found by integers; a smaller slant than this is their rounding.
UPRIGHT_ERROR_MAX = 1e-4
QUARTER = math.pi / 2
_BLANKS = frozenset({0, 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x202F, 0x205F, 0x3000, 0xFEFF, *range(0x2000, 0x200C)})
_SPELLED = {0x02: "-", 0xAD: "-", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0x2011: "-"}
_UNMAPPED = frozenset({0xFFFE, 0xFFFF, *range(0xD800, 0xE000)})


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """What a page's text layer holds. `invisible` words are drawn in no ink over a picture: most likely its text."""

    width: float
    height: float
    words: tuple[Word, ...]
    invisible: tuple[Word, ...]
    hidden: tuple[Word, ...]  # what nobody sees: tiny, off the page, covered, white on white
    characters: int


def read_page(page: Any, characters_max: int) -> PageGlyphs:
    """Return the words of a pypdfium2 page, at most `characters_max` characters of it."""
    size: tuple[float, float] = page.get_size()
    text_page = page.get_textpage()
    try:
        to_page = page_mapping(page.raw, *size)
        total = max(pdfium.FPDFText_CountChars(text_page.raw), 0)
        runs = list(_runs(text_page.raw, min(total, characters_max), to_page))
        inventory = take_inventory(page.raw, to_page)
        visibility = Visibility(page, size, inventory, [run.box for run in runs])
        shelves: dict[str, list[Word]] = {"seen": [], "inkless": [], "hidden": [], "turned": []}
        ink, rotation = Ink(), page.get_rotation()
        on_top = stacked(runs)
        for run in runs:
            word = run.word()
            shelf = _shelf(text_page.raw, run.first, word, ink, visibility, size, rotation)
            if shelf == "seen" and run in on_top:
                text_object = pdfium.FPDFText_GetTextObject(text_page.raw, run.first)
                shelf = "seen" if visibility.shows_alone(text_object, run.box) else "hidden"
            shelves[shelf].append(word)
    finally:
        text_page.close()
    seen, inkless, hidden = (tuple(dict.fromkeys(shelves[name])) for name in ("seen", "inkless", "hidden"))
    if not _lie_on_pictures(inkless, inventory):
        inkless, hidden = (), inkless + hidden
    return PageGlyphs(size[0], size[1], seen, inkless, hidden, total)


def _lie_on_pictures(words: tuple[Word, ...], inventory: Inventory) -> bool:
    """Tell whether a picture is behind or before nearly all of the words."""
    areas = [area for _, area in inventory.pictures]
    count = sum(any(a[0] <= w.left and w.right <= a[2] and a[1] <= w.middle <= a[3] for a in areas) for w in words)
    return count >= ON_PICTURE_SHARE_MIN * len(words)


def page_mapping(page: Any, width: float, height: float) -> ToPage:
    """Return the map from PDF user space to points from the top left, whatever crop box and rotation say."""
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(at_x: float, at_y: float) -> tuple[float, float]:
        unit = (0, 0, DEVICE_UNITS, DEVICE_UNITS, 0)
        pdfium.FPDF_PageToDevice(page, *unit, at_x, at_y, ctypes.byref(x), ctypes.byref(y))
        return x.value * width / DEVICE_UNITS, y.value * height / DEVICE_UNITS

    span = 100.0
    origin, along, up = device(0.0, 0.0), device(span, 0.0), device(0.0, span)
    ax, ay = (along[0] - origin[0]) / span, (along[1] - origin[1]) / span
    bx, by = (up[0] - origin[0]) / span, (up[1] - origin[1]) / span
    ox, oy = origin

    def to_page(at_x: float, at_y: float) -> tuple[float, float]:
        return ox + ax * at_x + bx * at_y, oy + ay * at_x + by * at_y

    return to_page


def _runs(text_page: Any, count: int, to_page: ToPage) -> Iterator[Run]:
    """Yield the words in the order of the file, split at blanks and at jumps."""
    rect = pdfium.FS_RECTF()
    reference = ctypes.byref(rect)
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    box_at = _boxes(to_page)
    run: Run | None = None
    for index in range(count):
        code = unicode_of(text_page, index)
        if code in _BLANKS or not box_of(text_page, index, reference):
            if run is not None:
                yield run
                run = None
            continue
        box = box_at(rect)
        text = "\ufffd" if code in _UNMAPPED else _SPELLED.get(code) or chr(code)
        if run is not None and run.takes(box):
            run.add(text, box)
            continue
        if run is not None:
            yield run
        run = Run(index, text, box)
    if run is not None:
        yield run


def _boxes(to_page: ToPage) -> Callable[[Any], tuple[float, float, float, float]]:
    """Return what maps a character's rectangle to the page; upright pages, nearly all, take the short way."""
    ox, oy = to_page(0.0, 0.0)
    (ax, ay), (bx, by) = to_page(1.0, 0.0), to_page(0.0, 1.0)
    across, down = ax - ox, by - oy
    if abs(ay - oy) + abs(bx - ox) > UPRIGHT_ERROR_MAX or across <= 0 or down >= 0:
        return lambda rect: _box(to_page, rect)

    def upright(rect: Any) -> tuple[float, float, float, float]:
        return ox + across * rect.left, oy + down * rect.top, ox + across * rect.right, oy + down * rect.bottom

    return upright


def _box(to_page: ToPage, rect: Any) -> tuple[float, float, float, float]:
    x1, y1 = to_page(rect.left, rect.top)
    x2, y2 = to_page(rect.right, rect.bottom)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _shelf(
    text_page: Any,
    index: int,
    word: Word,
    ink: Ink,
    visibility: Visibility,
    size: tuple[float, float],
    rotation: int,
) -> str:
    """Return where a word belongs: seen, inkless, hidden (a trick), turned (a margin note)."""
    angle = (pdfium.FPDFText_GetCharAngle(text_page, index) + rotation * QUARTER / 90) % (4 * QUARTER)
    if min(angle, 4 * QUARTER - angle) > ANGLE_RADIANS_MAX:
        return "turned"
    x, y = (word.left + word.right) / 2, word.middle
    if not (0 <= x <= size[0] and 0 <= y <= size[1]) or word.height < HEIGHT_POINTS_MIN:
        return "hidden"
    if ink.is_missing(pdfium.FPDFText_GetTextObject(text_page, index)):
        return "inkless"
    return "seen" if _is_seen(word, visibility) else "hidden"


def _is_seen(word: Word, visibility: Visibility) -> bool:
    """Tell whether the word leaves a trace nearly everywhere along it."""
    if not any(map(str.isalnum, word.text)):
        return True  # a dot or a dash may be fainter than any letter, and says nothing
    count = len(word.text)
    least = SEEN_SHARE_MIN if count >= LONG_WORD_MIN else SEEN_SHARE_MIN_OF_SHORT
    return visibility.share(word[1:], count) >= least
