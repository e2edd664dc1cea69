"""A sheet of A4 to write on, in points from its top left corner, y downward; the same calls give the same bytes."""

import importlib.util
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = (float(side) for side in A4)
PAGES_MAX = 12
INK, GREY = "#111111", "#707070"
# Of the fourteen fonts that every viewer has, none has the letters of Polish and Czech.
WIDE_LANGUAGES = ("pl", "cs")
_BASE = {
    "helvetica": ("Helvetica", "Helvetica-Bold"), "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
}  # fmt: skip
_FILES = {
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"),
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf", "SourceSerifPro-Bold.ttf"),
    "caladea": ("font_caladea", "Caladea-Regular.ttf", "Caladea-Bold.ttf"),
    "light": ("font_source_sans_pro", "SourceSansPro-Light.ttf", "SourceSansPro-Regular.ttf"),
    "vera": ("", "Vera.ttf", "VeraBd.ttf"),
}
_STEADY = {"helvetica": "sans", "times": "serif", "courier": "caladea", "vera": "sans"}


@cache
def fonts(name: str) -> tuple[str, str]:
    """Return the names of the regular and the bold font, ready to use."""
    if name in _BASE:
        return _BASE[name]
    package, *files = _FILES[name]
    spec = importlib.util.find_spec(package) if package else None
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else Path(reportlab.__file__).parent / "fonts"
    names = (f"{name}-regular", f"{name}-bold")
    for font, file in zip(names, files, strict=True):
        pdfmetrics.registerFont(TTFont(font, str(folder / file)))
    return names


def font_for(name: str, language: str) -> str:
    return _STEADY.get(name, name) if language in WIDE_LANGUAGES else name


class Sheet:
    """Draws text and lines on as many pages as are needed."""

    def __init__(self, font: str, size: float, colour: str, foot: Callable[["Sheet"], None] | None = None) -> None:
        self.regular, self.bold = fonts(font)
        self.size, self.colour, self.pages, self._foot = size, colour, 1, foot
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=A4, invariant=1, pageCompression=1)

    def width(self, text: str, size: float | None = None, *, bold: bool = False) -> float:
        return float(pdfmetrics.stringWidth(text, self.bold if bold else self.regular, size or self.size))

    def text(
        self, x: float, y: float, text: str, size: float | None = None, *,
        bold: bool = False, align: str = "left", colour: str = INK,
    ) -> None:  # fmt: skip
        size = size or self.size
        self._canvas.setFont(self.bold if bold else self.regular, size)
        self._canvas.setFillColor(HexColor(colour))
        shift = {
            "left": 0.0,
            "right": self.width(text, size, bold=bold),
            "centre": self.width(text, size, bold=bold) / 2,
        }
        self._canvas.drawString(x - shift[align], HEIGHT - y, text)

    def wrapped(
        self, x: float, y: float, width: float, text: str, size: float | None = None, *, bold: bool = False
    ) -> float:
        """Draw a paragraph; return the y below it."""
        size = size or self.size
        row = ""
        for word in text.split(" "):
            longer = f"{row} {word}" if row else word
            if row and self.width(longer, size, bold=bold) > width:
                self.text(x, y, row, size, bold=bold)
                row, y = word, y + size * 1.3
            else:
                row = longer
        self.text(x, y, row, size, bold=bold)
        return y + size * 1.3

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.6, colour: str = INK) -> None:
        self._canvas.setLineWidth(weight)
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)

    def box(self, x: float, y: float, width: float, height: float, fill: str | None = None) -> None:
        """Draw a frame, or where `fill` is a colour an area, from its top left corner."""
        self._canvas.setLineWidth(0.6)
        self._canvas.setStrokeColor(HexColor(INK))
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        self._canvas.rect(x, HEIGHT - y - height, width, height, stroke=0 if fill else 1, fill=1 if fill else 0)

    def next_page(self) -> None:
        assert self.pages < PAGES_MAX
        if self._foot:
            self._foot(self)
        self._canvas.showPage()
        self.pages += 1

    def finished(self) -> bytes:
        if self._foot:
            self._foot(self)
        self._canvas.save()
        return self._bytes.getvalue()
