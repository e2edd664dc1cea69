"""Whether a word leaves a trace on the page: the page is drawn with its text and without, and the two are compared.

That is one answer to every way to hide text: in the colour of what is under it, under something that is drawn later,
clipped away, in a layer that is switched off, behind a mask, without ink. Words that stand on top of each other are
drawn one by one.
"""

from typing import Any

from PIL import ImageChops

from agents.extraction.inventory import Inventory, draw_again, leave_out
from agents.extraction.raster import Area, Raster, draw

# Enough for the strokes of 5-point print to be told from paper.
DOTS_PER_INCH = 100
# Of 255 shades. On 300 real invoices the faintest word differs from its page by 64, and a tenth of the range by 26.
CONTRAST_MIN = 40
# Words that stand on top of each other: more on one page are a drawing, and the rest of them counts as hidden.
ALONE_MAX = 40
_THRESHOLD = [0] * CONTRAST_MIN + [255] * (256 - CONTRAST_MIN)


class Visibility:
    """One page, drawn twice, when the first word asks."""

    def __init__(self, page: Any, size: tuple[float, float], inventory: Inventory, texts: list[Area]) -> None:
        """Take the areas of all texts, so that pictures which none of them touches need not be drawn."""
        self._page = page
        self._size = size
        self._inventory = inventory
        self._idle = [thing for thing, area in inventory.pictures if not _touches_any(area, texts)]
        self._traces: Raster | None = None
        self._pixels = b""
        self._drawn_alone = 0

    def share(self, area: Area, slices: int) -> float:
        """Return in which part of so many equal slices of the area, from left to right, text can be seen."""
        if self._traces is None:
            self._traces = self._compared()
            self._pixels = self._traces.image.tobytes()
        columns = self._columns(self._traces, area)
        if slices == 1:
            return float(any(columns))
        edges = [round(at * len(columns) / slices) for at in range(slices + 1)]
        return sum(any(columns[edges[at] : edges[at + 1]]) for at in range(slices)) / slices

    def shows_alone(self, text: Any, area: Area) -> bool:
        """Tell whether one text object can be seen in the area when no other text is drawn."""
        self._drawn_alone += 1
        if self._drawn_alone > ALONE_MAX:
            return False
        others = [*self._idle, *self._inventory.texts]
        leave_out(others)
        bare = draw(self._page, self._size, DOTS_PER_INCH, area)
        draw_again([text])
        shown = draw(self._page, self._size, DOTS_PER_INCH, area)
        draw_again(others)
        return any(ImageChops.difference(shown.image, bare.image).histogram()[CONTRAST_MIN:])

    def _columns(self, traces: Raster, area: Area) -> bytes:
        """Return a byte for each column of pixels, not 0 where text can be seen in it."""
        left, top, right, bottom = traces.pixels_of(area)
        if left >= right or top >= bottom:
            return b""
        width, seen = traces.image.width, 0
        for start in range(top * width, bottom * width, width):
            seen |= int.from_bytes(self._pixels[start + left : start + right])
        return seen.to_bytes(right - left)

    def _compared(self) -> Raster:
        """Return what the texts add to the page: on the screen and, where they are in layers, on paper as well."""
        traces = self._added(printed=False)
        if not self._inventory.layered:
            return traces
        printed = self._added(printed=True)
        return Raster(ImageChops.darker(traces.image, printed.image), traces.pixels_per_point)

    def _added(self, *, printed: bool) -> Raster:
        leave_out(self._idle)
        shown = draw(self._page, self._size, DOTS_PER_INCH, printed=printed)
        leave_out(self._inventory.texts)
        bare = draw(self._page, self._size, DOTS_PER_INCH, printed=printed)
        draw_again([*self._idle, *self._inventory.texts])
        traces = ImageChops.difference(shown.image, bare.image).point(_THRESHOLD)
        return Raster(traces, shown.pixels_per_point)


def _touches_any(area: Area, texts: list[Area]) -> bool:
    left, top, right, bottom = area
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in texts)
