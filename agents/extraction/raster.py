"""A PDF page as a picture in shades of gray, as it is shown: without annotations and form fields."""

from dataclasses import dataclass
from typing import Any

from PIL import Image

# Pixels of one picture: an A4 page at 400 dpi has 15 million. Larger pages are drawn smaller.
PIXELS_MAX = 16_000_000
POINTS_PER_INCH = 72
WHITE = 255
# PDFium rounds what is cut off up to whole pixels, on both sides.
SIDE_PIXELS_MIN = 3

Area = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of a page or of a part of it; `left` and `top` say where the part begins, in points."""

    image: Image.Image
    pixels_per_point: float
    left: float = 0.0
    top: float = 0.0

    def pixels_of(self, area: Area) -> tuple[int, int, int, int]:
        """Return the pixels that an area in points touches; there may be none."""
        scale = self.pixels_per_point
        left, top = int((area[0] - self.left) * scale), int((area[1] - self.top) * scale)
        right, bottom = int((area[2] - self.left) * scale) + 1, int((area[3] - self.top) * scale) + 1
        return max(left, 0), max(top, 0), min(right, self.image.width), min(bottom, self.image.height)


def draw(
    page: Any, size: tuple[float, float], dots_per_inch: float, part: Area | None = None, *, printed: bool = False
) -> Raster:
    """Return a picture of a pypdfium2 page of this size in points, or of a part of it.

    A part that holds no pixel of the page is one white pixel.

    Args:
        page: as pypdfium2 opens it.
        size: width and height in points.
        dots_per_inch: fewer where the picture would have too many pixels.
        part: left, top, right, bottom in points.
        printed: with the layers that are printed in place of those that are shown.
    """
    left, top, right, bottom = part or (0.0, 0.0, *size)
    left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, size[0]), min(bottom, size[1])
    scale = dots_per_inch / POINTS_PER_INCH
    if min(right - left, bottom - top) * scale < SIDE_PIXELS_MIN:
        return Raster(Image.new("L", (1, 1), WHITE), scale, left, top)
    scale = min(scale, (PIXELS_MAX / ((right - left) * (bottom - top))) ** 0.5)
    crop = (left, size[1] - bottom, size[0] - right, top)
    mode = "print" if printed else None
    bitmap = page.render(
        scale=scale, crop=crop, grayscale=True, may_draw_forms=False, draw_annots=False, optimize_mode=mode
    )
    try:
        image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
    return Raster(image, scale, left, top)
