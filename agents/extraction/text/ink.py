"""In which ink a text is drawn, and where PDFium says that an object is."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.raster import Area

ToPage = Callable[[float, float], tuple[float, float]]

# What is drawn in no ink at all: an OCR layer, or a trap.
_INVISIBLE = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


class Ink:
    """Tells which texts of a page are drawn in no ink; looked up once an object."""

    def __init__(self) -> None:
        """Begin with no object known."""
        self._inkless: dict[int, bool] = {}

    def is_missing(self, text_object: Any) -> bool:
        """Tell whether the text object is drawn in no ink (ISO 32000-2, 9.3.6: modes 3 and 7)."""
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        known = self._inkless.get(address)
        if known is None:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(text_object) if address else 0
            known = self._inkless[address] = mode in _INVISIBLE
        return known


def bounds(thing: Any, to_page: ToPage) -> Iterator[Area]:
    """Yield where an object is, in points from the top left; nothing where PDFium does not say."""
    edges = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(edge) for edge in edges)):
        left, bottom, right, top = (edge.value for edge in edges)
        (x1, y1), (x2, y2) = to_page(left, bottom), to_page(right, top)
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def through_form(form: Any, to_page: ToPage) -> ToPage:
    """Return the map from a form XObject's space to the page."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(form, ctypes.byref(matrix)):
        return to_page

    def inner(x: float, y: float) -> tuple[float, float]:
        return to_page(matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)

    return inner
