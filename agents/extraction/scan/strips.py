"""A part of a page as a picture by itself: cut out, enlarged, framed by paper; and back to pixels of the page."""

from typing import NamedTuple

from PIL import Image

from agents.extraction.scan.limits import DOTS_PER_INCH
from agents.extraction.scan.port import Picture, Token

# Paper that is left around a part, in pixels: the engine misses letters that touch the edge.
MARGIN_PIXELS = 8
PAPER = 255


class Strip(NamedTuple):
    """A part of a page; `left` and `top` are where its picture begins, in pixels of the page."""

    image: Image.Image
    left: int
    top: int

    def enlarged(self, factor: float) -> Picture:
        """Return the part as the engine takes it."""
        size = (round(self.image.width * factor), round(self.image.height * factor))
        framed = Image.new("L", (size[0] + 2 * MARGIN_PIXELS, size[1] + 2 * MARGIN_PIXELS), PAPER)
        framed.paste(self.image.resize(size, Image.Resampling.LANCZOS), (MARGIN_PIXELS, MARGIN_PIXELS))
        return Picture(framed.tobytes(), framed.width, framed.height, round(DOTS_PER_INCH * factor))

    def on_page(self, token: Token, factor: float) -> Token:
        """Return a token of the enlarged part in pixels of the page."""
        return token._replace(
            left=self.left + (token.left - MARGIN_PIXELS) / factor,
            top=self.top + (token.top - MARGIN_PIXELS) / factor,
            right=self.left + (token.right - MARGIN_PIXELS) / factor,
            bottom=self.top + (token.bottom - MARGIN_PIXELS) / factor,
        )


def cut(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Strip | None:
    """Return a part of an upright page with a little around it; None for a part that is too small to hold print."""
    x1, y1 = max(round(left) - MARGIN_PIXELS, 0), max(round(top) - MARGIN_PIXELS // 2, 0)
    x2 = min(round(right) + MARGIN_PIXELS, image.width)
    y2 = min(round(bottom) + MARGIN_PIXELS // 2, image.height)
    if x2 - x1 < MARGIN_PIXELS or y2 - y1 < MARGIN_PIXELS:
        return None
    return Strip(image.crop((x1, y1, x2, y2)), x1, y1)
