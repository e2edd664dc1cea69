"""Where on a page a code may stand, so that the rest is not searched for one."""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.inventory import Inventory
from agents.extraction.raster import Area

# The smallest code that a telephone reads from paper is a centimetre wide.
SIDE_POINTS_MIN = 26.0
# Finder patterns alone have 11 rows of dark modules; the smallest code has some 150 runs, of two segments at the least.
SEGMENTS_MIN = 200
# The shortest linear code that is read here, 54 digits in Code 128, has 90 bars.
BARS_MIN = 60
# More pictures on a page are icons and parts of one picture.
PICTURES_MAX = 8
MARGIN_POINTS = 6.0  # the quiet zone, which a crop must not cut off
# A picture that fills so much of the page is a scan.
SCAN_SHARE_MIN = 0.5
# A4 at 400 dpi has 15 million pixels; a picture of more takes too long to be drawn twice.
PIXELS_DRAWN_TWICE_MAX = 16_000_000
# A4 at 600 dpi has 35 million; a larger picture takes a third of a second to be drawn once, and is not searched.
PIXELS_DRAWN_MAX = 40_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """An area in points in which a code may stand. `linear`: one of bars as well.

    `scan`: the page is a picture. `again`: where nothing is found, a finer drawing is worth its time.
    """

    area: Area
    linear: bool = False
    scan: bool = False
    again: bool = False


def spots(inventory: Inventory, size: tuple[float, float]) -> tuple[Spot, ...]:
    """Return the areas of a page of this size in points that may hold a code, each with its quiet zone."""
    pictures = [picture for picture in inventory.pictures if _is_large(picture[1])][:PICTURES_MAX]
    found = [_of_picture(thing, area, size) for thing, area in pictures if _pixels(thing) <= PIXELS_DRAWN_MAX]
    if inventory.bars >= BARS_MIN and inventory.barred is not None:
        found.append(Spot(_with_margin(inventory.barred), linear=True))
    if inventory.segments >= SEGMENTS_MIN and inventory.fine is not None and _is_large(inventory.fine):
        found.append(Spot(_with_margin(inventory.fine)))
    return tuple(dict.fromkeys(found))


def _of_picture(thing: Any, area: Area, size: tuple[float, float]) -> Spot:
    width, height = area[2] - area[0], area[3] - area[1]
    scan = width * height >= SCAN_SHARE_MIN * size[0] * size[1]
    wide = max(width, height) >= 2 * min(width, height)
    again = scan and _pixels(thing) <= PIXELS_DRAWN_TWICE_MAX
    return Spot(_with_margin(area), linear=scan or wide, scan=scan, again=again)


def _pixels(picture: Any) -> int:
    """Return how many pixels a picture has in the file; none for what is no image."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(picture, ctypes.byref(width), ctypes.byref(height))
    return width.value * height.value


def _is_large(area: Area) -> bool:
    return min(area[2] - area[0], area[3] - area[1]) >= SIDE_POINTS_MIN / 2 and area[2] - area[0] >= SIDE_POINTS_MIN


def _with_margin(area: Area) -> Area:
    return area[0] - MARGIN_POINTS, area[1] - MARGIN_POINTS, area[2] + MARGIN_POINTS, area[3] + MARGIN_POINTS
