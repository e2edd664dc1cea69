"""What a limited child does to show a part of a page: nothing of a stranger's PDF is opened anywhere else.

Modules are imported when this one is: a confined child opens no files.
"""

import io
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw, PngImagePlugin

from agents.extraction.raster import POINTS_PER_INCH, draw
from schemas.base import Record
from schemas.codec import decode
from schemas.evidence import Box

# Enough to read small print; a whole page has half of it.
PART_DOTS_PER_INCH, PAGE_DOTS_PER_INCH = 150, 75
# What stands beside a value tells what it is: so much of the page around it is shown, in points.
MARGIN_X, MARGIN_Y = 160.0, 45.0
MARK = (200, 30, 30)
MARK_PIXELS = 2
# Every page has its size by itself, and a hostile one any: PDF 2.0 ends at 14,400 units.
SIDE_POINTS_MAX = 14_400.0
_PNG = PngImagePlugin.PngImageFile.format


class Region(Record):
    """What to draw: a part of a page around `box`, with the box marked; the whole page where there is no box."""

    page: int = 1
    box: Box | None = None


def prepare() -> None:
    """Load what draws, before there are children."""
    Image.init()


def draw_region(content: bytes, instructions: bytes = b"") -> bytes:
    """Return a PNG of the region that the instructions name; nothing where the document has no such page."""
    region = decode(instructions, Region) if instructions else Region()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return b""
    if not 1 <= region.page <= len(document):
        return b""
    return _drawn(document[region.page - 1], region.box)


def _drawn(page: Any, box: Box | None) -> bytes:
    width, height = (min(side, SIDE_POINTS_MAX) for side in page.get_size())
    part = None
    if box is not None:
        part = (box[0] - MARGIN_X, box[1] - MARGIN_Y, box[2] + MARGIN_X, box[3] + MARGIN_Y)
    raster = draw(page, (width, height), PAGE_DOTS_PER_INCH if box is None else PART_DOTS_PER_INCH, part)
    image = raster.image.convert("RGB")
    left, top, right, bottom = raster.pixels_of(box) if box is not None else (0, 0, 0, 0)
    if left < right and top < bottom:
        ImageDraw.Draw(image).rectangle((left, top, right, bottom), outline=MARK, width=MARK_PIXELS)
    out = io.BytesIO()
    image.save(out, _PNG, dpi=(POINTS_PER_INCH, POINTS_PER_INCH))
    return out.getvalue()
