"""In which ink a text is drawn, and what is drawn under it."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

# Lighter than this in all three channels cannot be told from paper.
WHITE_MIN = 250
# A page that is drawn from more objects than this is not searched for backgrounds: white text then counts as hidden.
OBJECTS_MAX = 20_000
# Form XObjects inside form XObjects: deeper ones are not looked into.
FORM_DEPTH_MAX = 3

Area = tuple[float, float, float, float]
ToPage = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Style:
    """How one text object is painted."""

    render_mode: int
    white: bool
    transparent: bool


class Ink:
    """Answers for one page. Styles are looked up once an object, backgrounds only when white text asks."""

    def __init__(self, page: Any, to_page: ToPage) -> None:
        self._page = page
        self._to_page = to_page
        self._styles: dict[int, Style] = {}
        self._areas: tuple[Area, ...] | None = None

    def style(self, text_object: Any) -> Style:
        """Return the style of a text object."""
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        known = self._styles.get(address)
        if known is None:
            known = self._styles[address] = _style(text_object)
        return known

    def covers(self, x: float, y: float) -> bool:
        """Tell whether something that is not paper is drawn at this point, so that white text can be seen on it."""
        if self._areas is None:
            self._areas = tuple(self._backgrounds())
        return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in self._areas)

    def _backgrounds(self) -> Iterator[Area]:
        count = min(pdfium.FPDFPage_CountObjects(self._page), OBJECTS_MAX)
        for index in range(count):
            yield from self._areas_of(pdfium.FPDFPage_GetObject(self._page, index), self._to_page, 0)

    def _areas_of(self, thing: Any, to_page: ToPage, depth: int) -> Iterator[Area]:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < FORM_DEPTH_MAX:
            inner = _through_form(thing, to_page)
            for index in range(min(pdfium.FPDFFormObj_CountObjects(thing), OBJECTS_MAX)):
                yield from self._areas_of(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING) or (
            kind == pdfium.FPDF_PAGEOBJ_PATH and _is_filled(thing)
        ):
            yield from _bounds(thing, to_page)


def _style(text_object: Any) -> Style:
    if not text_object:
        return Style(0, white=False, transparent=False)
    red, green, blue, alpha = _fill(text_object)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text_object)
    return Style(mode, white=min(red, green, blue) >= WHITE_MIN, transparent=alpha == 0)


def _fill(thing: Any) -> tuple[int, int, int, int]:
    """Return red, green, blue, alpha; black where PDFium does not say."""
    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(thing, *(ctypes.byref(channel) for channel in channels)):
        return 0, 0, 0, 255
    red, green, blue, alpha = (channel.value for channel in channels)
    return red, green, blue, alpha


def _is_filled(path: Any) -> bool:
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(mode), ctypes.byref(stroked)):
        return False
    red, green, blue, alpha = _fill(path)
    return mode.value != pdfium.FPDF_FILLMODE_NONE and alpha > 0 and min(red, green, blue) < WHITE_MIN


def _bounds(thing: Any, to_page: ToPage) -> Iterator[Area]:
    edges = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(edge) for edge in edges)):
        left, bottom, right, top = (edge.value for edge in edges)
        (x1, y1), (x2, y2) = to_page(left, bottom), to_page(right, top)
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _through_form(form: Any, to_page: ToPage) -> ToPage:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(form, ctypes.byref(matrix)):
        return to_page

    def inner(x: float, y: float) -> tuple[float, float]:
        return to_page(matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)

    return inner
