"""In which ink a text is drawn."""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

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
