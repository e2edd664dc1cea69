"""A sheet of A4 paper to write on, measured in points from its top left corner, y downward."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = (float(side) for side in A4)
Align = Literal["left", "right", "centre"]
INK = "#1c1c1c"
GREY = "#666666"
# An invoice with more pages than this was not made by us.
PAGES_MAX = 20
_EMBEDDED = {"Vera": "Vera.ttf", "VeraBd": "VeraBd.ttf"}


@dataclass(frozen=True)
class Theme:
    """How a layout looks: two fonts, one colour, the size of its text and its margins."""

    regular: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    colour: str = "#1f4e79"
    size: float = 9
    left: float = 50
    right: float = 50  # margins, in points


@cache
def _embed(font: str) -> None:
    """Register a font of the reportlab wheel: embedded as a subset, unlike the fourteen that every viewer has."""
    folder = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont(font, str(folder / _EMBEDDED[font])))


class Sheet:
    """Draws text and lines. The same calls give the same bytes: no clock, no random id."""

    def __init__(self, theme: Theme, title: str, author: str, foot: Callable[[int], str] | None = None) -> None:
        """Begin the first page. `foot` gives the line at the foot of each page, by its number."""
        for font in (theme.regular, theme.bold):
            if font in _EMBEDDED:
                _embed(font)
        self.theme = theme
        self.pages = 1
        self._foot = foot
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)

    @property
    def left(self) -> float:
        """Return the left margin's x."""
        return self.theme.left

    @property
    def right(self) -> float:
        """Return the right margin's x."""
        return float(WIDTH) - self.theme.right

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float | None = None,
        bold: bool = False,
        align: Align = "left",
        colour: str = INK,
    ) -> None:
        """Write one line whose baseline is at y."""
        font = self.theme.bold if bold else self.theme.regular
        self._canvas.setFont(font, size or self.theme.size)
        self._canvas.setFillColor(HexColor(colour))
        write = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "centre": self._canvas.drawCentredString,
        }[align]
        write(x, HEIGHT - y, words)

    def block(self, x: float, y: float, lines: Iterable[str], *, size: float | None = None, align: Align = "left",
              colour: str = INK, first_bold: bool = False) -> float:  # fmt: skip
        """Write lines below each other from y on and return the y below them."""
        points = size or self.theme.size
        for index, words in enumerate(lines):
            self.text(x, y, words, size=points, align=align, colour=colour, bold=first_bold and index == 0)
            y += points * 1.35
        return y

    def width(self, words: str, *, size: float | None = None, bold: bool = False) -> float:
        """Return how wide the words are."""
        font = self.theme.bold if bold else self.theme.regular
        return float(pdfmetrics.stringWidth(words, font, size or self.theme.size))

    def wrap(self, words: str, width: float, *, size: float | None = None) -> list[str]:
        """Break a sentence into lines of at most that width."""
        lines = [""]
        for word in words.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if self.width(longer, size=size) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def rule(
        self, x0: float, y: float, x1: float, *, weight: float = 0.6, colour: str = INK, dashed: bool = False
    ) -> None:
        """Draw a horizontal line."""
        self._canvas.saveState()
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(weight)
        if dashed:
            self._canvas.setDash(3, 3)
        self._canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)
        self._canvas.restoreState()

    def box(
        self, x0: float, y0: float, x1: float, y1: float, *, fill: str | None = None, stroke: str | None = INK
    ) -> None:
        """Draw a rectangle, filled, framed or both. What is to stand on a filled one is written after it."""
        self._canvas.saveState()
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=int(bool(stroke)), fill=int(bool(fill)))
        self._canvas.restoreState()

    def new_page(self) -> None:
        """Go on with a blank page.

        Raises:
            OverflowError: past PAGES_MAX.
        """
        if self.pages >= PAGES_MAX:
            raise OverflowError(self.pages)
        self._end_page()
        self.pages += 1

    def finish(self) -> bytes:
        """Return the PDF."""
        self._end_page()
        self._canvas.save()
        return self._bytes.getvalue()

    def _end_page(self) -> None:
        if self._foot:
            self.text(self.right, HEIGHT - 24, self._foot(self.pages), size=7, align="right", colour=GREY)
        self._canvas.showPage()
