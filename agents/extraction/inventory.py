"""What a page is drawn from, counted once: its texts, its pictures, its fine lines."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.mapping import Bounds, ToPage, through_form
from agents.extraction.raster import Area

# A page that is drawn from more objects than this is not looked through: its later texts then count as hidden.
OBJECTS_MAX = 20_000
# Form XObjects inside form XObjects: deeper ones are not looked into.
FORM_DEPTH_MAX = 3
# A module of a code is at most this large, in points: a Swiss QR code of the smallest version has modules of 6.
MODULE_POINTS_MAX = 7.0
# A row of dark modules that is drawn as one; what is longer is a rule of a table.
RUN_POINTS_MAX = 84.0
# Marks around one object: a tagged PDF has one, a layer adds another.
MARKS_MAX = 8
_OPTIONAL = (ctypes.c_ushort * 3)(*map(ord, "OC\0"))  # UTF-16
# A path of so many segments may be a whole code; a rectangle has five.
SEGMENTS_MANY = 100
# A bar of a linear code is at most so wide and at least so high, in points.
BAR_WIDTH_MAX, BAR_HEIGHT_MIN = 5.0, 15.0


@dataclass(slots=True)
class Inventory:
    """The objects of a page, those inside of form XObjects too, at most `OBJECTS_MAX` of them.

    `segments` are those of the paths that a code of squares may be drawn with, `fine` is where these are; `bars` counts
    those that a code of bars may be drawn with, `barred` is where these are. Areas are in points from the top left.
    `layered` says that a text is in an optional layer.
    """

    texts: list[Any] = field(default_factory=list)
    layered: bool = False
    pictures: list[tuple[Any, Area]] = field(default_factory=list)
    segments: int = 0
    fine: Area | None = None
    bars: int = 0
    barred: Area | None = None


def take_inventory(page: Any, to_page: ToPage) -> Inventory:
    """Return what a page is drawn from."""
    taken, bounds = Inventory(), Bounds()
    for count, (thing, inner) in enumerate(_things(page, to_page)):
        if count == OBJECTS_MAX:
            break
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            taken.texts.append(thing)
            taken.layered = taken.layered or _is_layered(thing)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            area = bounds.of(thing, inner)
            taken.pictures.extend([(thing, area)] if area else [])
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _add_path(taken, thing, bounds.of(thing, inner))
    return taken


def _things(page: Any, to_page: ToPage) -> Iterator[tuple[Any, ToPage]]:
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _inside(pdfium.FPDFPage_GetObject(page, index), to_page, 0)


def _inside(thing: Any, to_page: ToPage, depth: int) -> Iterator[tuple[Any, ToPage]]:
    """Yield the object with the map from its space to the page, or those of the form that it is."""
    if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
        yield thing, to_page
    elif depth < FORM_DEPTH_MAX:
        inner = through_form(thing, to_page)
        for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
            yield from _inside(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)


def _is_layered(thing: Any) -> bool:
    """Tell whether the object is marked as optional content (ISO 32000-2, 8.11.3.2)."""
    for index in range(min(max(pdfium.FPDFPageObj_CountMarks(thing), 0), MARKS_MAX)):
        name, length = (ctypes.c_ushort * len(_OPTIONAL))(), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(thing, index)
        # a name that does not fit leaves the buffer as it was
        pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), ctypes.byref(length))
        if bytes(name) == bytes(_OPTIONAL):
            return True
    return False


def _add_path(taken: Inventory, path: Any, area: Area | None) -> None:
    if area is None:
        return
    segments = max(pdfium.FPDFPath_CountSegments(path), 0)
    width, height = area[2] - area[0], area[3] - area[1]
    if segments >= SEGMENTS_MANY or (min(width, height) <= MODULE_POINTS_MAX and max(width, height) <= RUN_POINTS_MAX):
        taken.segments += segments
        taken.fine = _joined(taken.fine, area)
    if min(width, height) <= BAR_WIDTH_MAX and max(width, height) >= BAR_HEIGHT_MIN:
        taken.bars += 1
        taken.barred = _joined(taken.barred, area)


def _joined(one: Area | None, other: Area) -> Area:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def leave_out(things: list[Any]) -> None:
    """Let objects be left out the next time that the page is drawn."""
    for thing in things:
        pdfium.FPDFPageObj_SetIsActive(thing, 0)


def draw_again(things: list[Any]) -> None:
    """Let objects that were left out be drawn the next time that the page is."""
    for thing in things:
        pdfium.FPDFPageObj_SetIsActive(thing, 1)
