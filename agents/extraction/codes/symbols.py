"""The codes on the pages of a PDF, as they are shown: drawn by PDFium, read by zxing-cpp.

Only what can hold a code is drawn, as large as its reading needs: a whole A4 page at 150 dpi takes 8 ms, a square of
five centimetres 2 ms, and most pages have neither pictures nor fine squares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2
import zxingcpp

from agents.extraction.codes.areas import Spot, spots
from agents.extraction.raster import POINTS_PER_INCH, Area, Raster, draw
from agents.extraction.scan.pictures import open_pictures
from agents.extraction.text.glyphs import page_mapping
from agents.extraction.text.inventory import take_inventory
from schemas.evidence import Box, Unreadable

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


def find_symbols(content: bytes) -> tuple[Symbol, ...]:
    """Return the QR codes and Code 128 bar codes of a PDF, at most `SYMBOLS_MAX`; none where it cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return ()
    found: dict[bytes, Symbol] = {}
    try:
        for symbol in islice(_in(document), SYMBOLS_MAX):
            found.setdefault(symbol.content, symbol)
    except pypdfium2.PdfiumError:  # a broken page ends the search: what was found stays
        pass
    finally:
        document.close()
    return tuple(found.values())


def find_in_pictures(content: bytes) -> tuple[Symbol, ...]:
    """Return the codes of a PNG, JPEG or TIFF file, at most `SYMBOLS_MAX`; none where it cannot be opened."""
    file = open_pictures(content)
    if isinstance(file, Unreadable):
        return ()
    found: dict[bytes, Symbol] = {}
    for number, page in enumerate(file.pages[:SCANS_MAX], start=1):
        for one in zxingcpp.read_barcodes(page.image, formats=_SQUARE_AND_LINEAR)[:SYMBOLS_MAX]:
            symbol = Symbol(bytes(one.bytes), number, _box(one.position, Raster(page.image, page.scale)))
            found.setdefault(symbol.content, symbol)
    return tuple(found.values())[:SYMBOLS_MAX]


def _looked_at(count: int) -> list[int]:
    """Return the indexes of the pages that are looked at."""
    return sorted({*range(min(FIRST_PAGES, count)), *range(max(count - LAST_PAGES, 0), count)})


def _in(document: pypdfium2.PdfDocument) -> Iterator[Symbol]:
    scans = 0
    for index in _looked_at(len(document)):
        page = document[index]
        size: tuple[float, float] = page.get_size()
        for spot in spots(take_inventory(page.raw, page_mapping(page.raw, *size)), size):
            scans += spot.scan
            if spot.scan and scans > SCANS_MAX:
                continue
            for found, raster in _at(page, size, spot):
                yield Symbol(bytes(found.bytes), index + 1, _box(found.position, raster))
        page.close()


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
