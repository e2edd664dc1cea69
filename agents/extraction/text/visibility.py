"""Whether a word leaves a trace on the page: the page is drawn with its text and without, and the two are compared.

That is one answer to every way to hide text: in the colour of what is under it, under something that is drawn later,
clipped away, in a layer that is switched off, behind a mask, without ink. Words that stand on top of each other are
drawn one by one.
"""

from functools import cached_property
from itertools import pairwise
from typing import Any

from PIL import ImageChops

from agents.extraction.inventory import Inventory, draw_again, leave_out
from agents.extraction.raster import Area, Raster, draw

# At the first the strokes of nearly all print are told from paper; a page on which a word seems to leave no trace is
# drawn again, finer, for small print in gray: of 642 real pages 15 are, for 5 of their 73,000 words.
DOTS_PER_INCH, FINE_DOTS_PER_INCH = 80, 100
# Of 255 shades. On 300 real invoices the faintest word differs from its page by 64, and a tenth of the range by 26.
CONTRAST_MIN = 40
# Words that stand on top of each other: more on one page are a drawing, and the rest of them counts as hidden.
ALONE_MAX = 40
_THRESHOLD = [0] * CONTRAST_MIN + [255] * (256 - CONTRAST_MIN)


class Traces:
    """What the texts of a page add to its picture: a picture that is not black where they do."""

    def __init__(self, raster: Raster) -> None:
        """Take the picture."""
        self._raster = raster
        self._width = raster.image.width
        self._pixels = raster.image.tobytes()

    def share(self, area: Area, slices: int) -> float:
        """Return in which part of so many equal slices of the area, from left to right, text can be seen."""
        columns = self._columns(area)
        if slices == 1:
            return float(any(columns))
        edges = [round(at * len(columns) / slices) for at in range(slices + 1)]
        return sum([any(columns[start:end]) for start, end in pairwise(edges)]) / slices

    def _columns(self, area: Area) -> bytes:
        """Return a byte for each column of pixels, not 0 where text can be seen in it."""
        left, top, right, bottom = self._raster.pixels_of(area)
        if left >= right or top >= bottom:
            return b""
        pixels, width, seen = self._pixels, self._width, 0
        for start in range(top * width, bottom * width, width):
            seen |= int.from_bytes(pixels[start + left : start + right])
        return seen.to_bytes(right - left)


class Visibility:
    """One page, drawn with its text and without when the first word asks."""

    def __init__(self, page: Any, size: tuple[float, float], inventory: Inventory, texts: list[Area]) -> None:
        """Take the areas of all texts, so that pictures which none of them touches need not be drawn."""
        self._page = page
        self._size = size
        self._inventory = inventory
        self._idle = [thing for thing, area in inventory.pictures if not _touches_any(area, texts)]
        self._drawn_alone = 0

    @cached_property
    def _coarse(self) -> Traces:
        return self._compared(DOTS_PER_INCH)

    @cached_property
    def _fine(self) -> Traces:
        return self._compared(FINE_DOTS_PER_INCH)

    def shows(self, area: Area, slices: int, least: float) -> bool:
        """Tell whether text is seen in at least this part of so many equal slices of the area, from left to right."""
        return self._coarse.share(area, slices) >= least or self._fine.share(area, slices) >= least

    def shows_alone(self, text: Any, area: Area) -> bool:
        """Tell whether one text object can be seen in the area when no other text is drawn."""
        self._drawn_alone += 1
        if self._drawn_alone > ALONE_MAX:
            return False
        others = [*self._idle, *self._inventory.texts]
        leave_out(others)
        bare = draw(self._page, self._size, FINE_DOTS_PER_INCH, area)
        draw_again([text])
        shown = draw(self._page, self._size, FINE_DOTS_PER_INCH, area)
        draw_again(others)
        return any(ImageChops.difference(shown.image, bare.image).histogram()[CONTRAST_MIN:])

    def _compared(self, dots_per_inch: int) -> Traces:
        """Return what the texts add to the page: on the screen and, where they are in layers, on paper as well."""
        traces = self._added(dots_per_inch, printed=False)
        if not self._inventory.layered:
            return Traces(traces)
        printed = self._added(dots_per_inch, printed=True)
        return Traces(Raster(ImageChops.darker(traces.image, printed.image), traces.pixels_per_point))

    def _added(self, dots_per_inch: int, *, printed: bool) -> Raster:
        leave_out(self._idle)
        shown = draw(self._page, self._size, dots_per_inch, printed=printed)
        leave_out(self._inventory.texts)
        bare = draw(self._page, self._size, dots_per_inch, printed=printed)
        draw_again([*self._idle, *self._inventory.texts])
        traces = ImageChops.difference(shown.image, bare.image).point(_THRESHOLD)
        return Raster(traces, shown.pixels_per_point)


def _touches_any(area: Area, texts: list[Area]) -> bool:
    left, top, right, bottom = area
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in texts)
