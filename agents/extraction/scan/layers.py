"""Which pages must be read from their picture: those without a text layer, or with one that is not the issuer's."""

import ctypes
import unicodedata
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.scan.limits import (
    GARBLED_SHARE_MAX,
    OBJECTS_MAX,
    PICTURE_SHARE_MIN,
    WORDS_ON_PICTURE_MAX,
)
from agents.extraction.text.pages import PageText

# Characters that say nothing: not assigned, for private use, half of a pair, or a control code.
_MEANINGLESS = frozenset({"Cn", "Co", "Cs", "Cc"})
_REPLACEMENT = "\ufffd"
_PICTURES = frozenset({pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM})
# The page is looked through at so many points each way.
_PROBES = 12


def may_be_picture(page: PageText) -> bool:
    """Tell by the text layer alone whether the page may have to be read from its picture."""
    return page.is_scan_layer or len(page.words) < WORDS_ON_PICTURE_MAX or is_garbled(page)


def is_garbled(page: PageText) -> bool:
    """Tell whether the layer's characters stand for nothing, as a font without a character map leaves them."""
    text = "".join(word.text for word in page.words)
    wrong = sum(letter == _REPLACEMENT or unicodedata.category(letter) in _MEANINGLESS for letter in text)
    return wrong > GARBLED_SHARE_MAX * len(text)


def is_picture(page: Any, text: PageText) -> bool:
    """Tell whether a pypdfium2 page must be read from its picture, its text layer being `text`."""
    if text.is_scan_layer or is_garbled(text):
        return True
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if not text.words:
        return bool(count > 0)
    return len(text.words) < WORDS_ON_PICTURE_MAX and _picture_share(page, count) >= PICTURE_SHARE_MIN


def _picture_share(page: Any, count: int) -> float:
    """Return which part of the page its pictures cover, by probing; forms that hold pictures count as pictures."""
    areas = [
        bounds
        for index in range(min(count, OBJECTS_MAX))
        if (bounds := _bounds(pdfium.FPDFPage_GetObject(page.raw, index))) is not None
    ]
    left, bottom, right, top = page.get_bbox()
    places = [(index + 0.5) / _PROBES for index in range(_PROBES)]
    points = [(left + (right - left) * x, bottom + (top - bottom) * y) for x in places for y in places]
    covered = sum(any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in areas) for x, y in points)
    return covered / len(points)


def _bounds(thing: Any) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right, top of a picture in user space; None for what is none."""
    if pdfium.FPDFPageObj_GetType(thing) not in _PICTURES:
        return None
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(side) for side in sides)):
        return None
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top
