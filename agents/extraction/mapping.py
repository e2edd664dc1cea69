"""From PDF user space to points from the top left of a page, whatever its crop box, its rotation and its forms say."""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.raster import Area

ToPage = Callable[[float, float], tuple[float, float]]

# Integer device space that FPDF_PageToDevice answers in: fine enough for a hundredth of a point on an A0 page.
DEVICE_UNITS = 1_000_000


def page_mapping(page: Any, width: float, height: float) -> ToPage:
    """Return the map for a page, as pypdfium2.raw knows it, of this size in points."""
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


def through_form(form: Any, to_page: ToPage) -> ToPage:
    """Return the map from a form XObject's space to the page."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(form, ctypes.byref(matrix)):
        return to_page

    def inner(x: float, y: float) -> tuple[float, float]:
        return to_page(matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)

    return inner


class Bounds:
    """Asks PDFium where objects are, into one set of numbers: a page may have thousands."""

    def __init__(self) -> None:
        """Make the numbers."""
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._references = [ctypes.byref(edge) for edge in self._edges]

    def of(self, thing: Any, to_page: ToPage) -> Area | None:
        """Return left, top, right, bottom of an object in points from the top left; None where PDFium does not say."""
        if not pdfium.FPDFPageObj_GetBounds(thing, *self._references):
            return None
        left, bottom, right, top = (edge.value for edge in self._edges)
        (x1, y1), (x2, y2) = to_page(left, bottom), to_page(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
