"""Page pictures: pages of a PDF as PDFium draws them, and the pages of PNG, JPEG and TIFF files."""

import io
import math
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from agents.extraction.raster import POINTS_PER_INCH, draw
from agents.extraction.scan.limits import (
    DOTS_PER_INCH,
    FILE_PIXELS_MAX,
    PAGE_PIXELS_MAX,
    PAGES_READ_MAX,
    SIDES_RATIO_MAX,
)
from schemas.evidence import Unreadable

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff"}
# A picture file that does not say its resolution is taken for a sheet of A4, as wide as this.
A4_WIDTH_INCHES = 8.27
# Resolutions that files claim without meaning them: screens and cameras.
CLAIMED_DOTS_MIN, CLAIMED_DOTS_MAX = 90.0, 1_300.0


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page in grey. `scale` is pixels a point, `width` and `height` are the page's in points."""

    image: Image.Image
    scale: float
    width: float
    height: float


def draw_page(page: Any) -> PagePicture | None:
    """Return a pypdfium2 page as a picture; None for a page that is a strip or has no size."""
    width, height = page.get_size()
    if min(width, height) < 1 or max(width, height) > SIDES_RATIO_MAX * min(width, height):
        return None
    dots = min(DOTS_PER_INCH, POINTS_PER_INCH * math.sqrt(PAGE_PIXELS_MAX / (width * height)))
    raster = draw(page, (width, height), dots)
    return PagePicture(raster.image, raster.pixels_per_point, width, height)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture file's pages; `pages_total` may be more than were taken."""

    pages: tuple[PagePicture, ...]
    pages_total: int
    media_type: str


def open_pictures(content: bytes) -> PictureFile | Unreadable:
    """Return the pages of a PNG, JPEG or TIFF file.

    Returns:
        PictureFile, or Unreadable with IMAGE-UNSUPPORTED (another format), IMAGE-TOO-LARGE or IMAGE-BROKEN.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which nobody here reads
        try:
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as file:
                return _pages(file, FORMATS[str(file.format)])
        except UnidentifiedImageError:
            return Unreadable(reason="IMAGE-UNSUPPORTED", detail="a picture; only PNG, JPEG and TIFF are read")
        except MemoryError:
            raise  # the sandbox counts it, and says so
        except Image.DecompressionBombError:
            return Unreadable(reason="IMAGE-TOO-LARGE", detail=f"more than {FILE_PIXELS_MAX} pixels")
        except Exception as broken:  # noqa: BLE001 - Pillow's decoders let struct.error, KeyError and others through
            return Unreadable(reason="IMAGE-BROKEN", detail=f"Pillow: {type(broken).__name__}")


def _pages(file: Image.Image, media_type: str) -> PictureFile | Unreadable:
    total = int(getattr(file, "n_frames", 1))
    pages: list[PagePicture] = []
    for index in range(min(total, PAGES_READ_MAX)):
        file.seek(index)
        width, height = file.size
        if width * height > FILE_PIXELS_MAX or max(width, height) > SIDES_RATIO_MAX * min(width, height):
            detail = f"{width} x {height} pixels; at most {FILE_PIXELS_MAX} are read"
            return Unreadable(reason="IMAGE-TOO-LARGE", detail=detail, media_type=media_type)
        pages.append(_page(file))
    return PictureFile(tuple(pages), total, media_type)


def _page(file: Image.Image) -> PagePicture:
    across, down = _dots_per_inch(file)
    width, height = file.width * POINTS_PER_INCH / across, file.height * POINTS_PER_INCH / down
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, math.sqrt(PAGE_PIXELS_MAX / (width * height)))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return PagePicture(_on_paper(file).resize(size, Image.Resampling.BICUBIC), scale, width, height)


def _dots_per_inch(file: Image.Image) -> tuple[float, float]:
    """Return the resolution across and down that a file claims and may mean (a fax has two), or that of an A4 sheet."""
    claimed = file.info.get("dpi")
    if isinstance(claimed, tuple) and len(claimed) == 2:
        across, down = float(claimed[0]), float(claimed[1])
        if all(CLAIMED_DOTS_MIN < dots < CLAIMED_DOTS_MAX for dots in (across, down)):
            return across, down
    dots = min(file.size) / A4_WIDTH_INCHES
    return dots, dots


def _on_paper(file: Image.Image) -> Image.Image:
    """Return the current page in grey; what is transparent shows paper."""
    if "A" not in file.getbands() and "transparency" not in file.info:
        return file.convert("L")
    picture = file.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("L")
