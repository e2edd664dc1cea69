"""The codes on the pages of a PDF, as they are shown: drawn by PDFium, read by zxing-cpp.

Only what can hold a code is drawn, as large as its reading needs: a whole A4 page at 150 dpi takes 8 ms, a square of
five centimetres 2 ms, and most pages have neither pictures nor fine squares.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2
import zxingcpp

from agents.extraction.codes.areas import Spot, spots
from agents.extraction.opened import OpenedPage, OpenedPdf, opened
from agents.extraction.raster import POINTS_PER_INCH, Area, Raster, draw
from schemas.evidence import Box

# Payment parts stand on the first pages or on the last.
FIRST_PAGES, LAST_PAGES = 4, 2
# An invoice has one or two; more are labels of goods.
SYMBOLS_MAX = 16
# Pages that are pictures, each of which takes up to half a second to draw: the first two.
SCANS_MAX = 2
# A code of the largest version that payment schemes allow has 77 modules a side, of which each takes 4 pixels or more.
LONG_SIDE_PIXELS = 700
DOTS_PER_INCH_MIN, DOTS_PER_INCH_MAX = 150, 400
# A scan whose code was not found at 150 dpi is drawn again, finer.
SCAN_DOTS_PER_INCH = 240

_SQUARE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_SQUARE_AND_LINEAR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code: its bytes, and where it stands, in points from the top left."""

    content: bytes
    page: int
    box: Box


class Search:
    """The codes of a document while its pages are looked at; a broken page ends it, and what was found stays."""

    def __init__(self, pdf: OpenedPdf) -> None:
        """Begin with nothing found."""
        total = len(pdf)
        self._pdf = pdf
        self._wanted = {*range(min(FIRST_PAGES, total)), *range(max(total - LAST_PAGES, 0), total)}
        self._found: dict[bytes, Symbol] = {}
        self._left = SYMBOLS_MAX
        self._scans = 0

    def take(self, page: OpenedPage) -> None:
        """Look for codes on a page, if it is one of those that are looked at."""
        if page.number - 1 not in self._wanted:
            return
        self._wanted.remove(page.number - 1)
        try:
            for symbol in islice(self._on(page), self._left):
                self._left -= 1
                self._found.setdefault(symbol.content, symbol)
        except pypdfium2.PdfiumError:
            self._wanted.clear()

    def finish(self) -> tuple[Symbol, ...]:
        """Look at the pages that nobody has brought, and return what was found, at most `SYMBOLS_MAX`."""
        with suppress(pypdfium2.PdfiumError):
            for index in sorted(self._wanted):
                with self._pdf.page(index) as page:
                    self.take(page)
        return tuple(self._found.values())

    def _on(self, opened: OpenedPage) -> Iterator[Symbol]:
        for spot in spots(opened.inventory, opened.size):
            self._scans += spot.scan
            if spot.scan and self._scans > SCANS_MAX:
                continue
            for found, raster in _at(opened.page, opened.size, spot):
                yield Symbol(bytes(found.bytes), opened.number, _box(found.position, raster))


def find_symbols(content: bytes) -> tuple[Symbol, ...]:
    """Return the QR codes and Code 128 bar codes of a PDF; none where it cannot be opened."""
    try:
        with opened(content) as pdf:
            return Search(pdf).finish()
    except pypdfium2.PdfiumError:
        return ()


def find_in_pictures(pages: Iterable[Raster]) -> tuple[Symbol, ...]:
    """Return the codes on the pages of a picture file, at most `SYMBOLS_MAX`, of the first pages."""
    found: dict[bytes, Symbol] = {}
    for number, page in enumerate(islice(pages, SCANS_MAX), start=1):
        for one in zxingcpp.read_barcodes(page.image, formats=_SQUARE_AND_LINEAR)[:SYMBOLS_MAX]:
            symbol = Symbol(bytes(one.bytes), number, _box(one.position, page))
            found.setdefault(symbol.content, symbol)
    return tuple(found.values())[:SYMBOLS_MAX]


def _at(page: Any, size: tuple[float, float], spot: Spot) -> list[tuple[zxingcpp.Barcode, Raster]]:
    formats = _SQUARE_AND_LINEAR if spot.linear else _SQUARE
    raster = draw(page, size, _dots_per_inch(spot.area), spot.area)
    found = zxingcpp.read_barcodes(raster.image, formats=formats)
    if not found and spot.again:
        raster = draw(page, size, SCAN_DOTS_PER_INCH, spot.area)
        found = zxingcpp.read_barcodes(raster.image, formats=formats)
    return [(one, raster) for one in found]


def _dots_per_inch(area: Area) -> int:
    inches = max(area[2] - area[0], area[3] - area[1]) / POINTS_PER_INCH
    return int(min(max(LONG_SIDE_PIXELS / inches, DOTS_PER_INCH_MIN), DOTS_PER_INCH_MAX))


def _box(position: zxingcpp.Position, raster: Raster) -> Box:
    """Return the upright box around the corners, to a tenth of a point."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across = [raster.left + corner.x / raster.pixels_per_point for corner in corners]
    down = [raster.top + corner.y / raster.pixels_per_point for corner in corners]
    return round(min(across), 1), round(min(down), 1), round(max(across), 1), round(max(down), 1)
