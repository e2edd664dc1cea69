"""Ink that stands right beside a word on the picture: the word is then a piece of a longer one, whatever it says.

The engine parts a page into columns before it reads, now and then through the middle of a number. The piece reads as
surely as the whole would, alone as well.
"""

from PIL import Image

from agents.extraction.scan.strips import PAPER

# Boxes may leave out so many pixels of a word's own first and last letters.
OWN_PIXELS = 2
# Of the height of a box this part is looked at, from above: leaders and commas stand lower.
UPPER = 0.65
# A column of pixels with less ink, as a part of its height, is noise.
INKED = 0.15
# What is darker than this part of the way from paper to the word's own darkest grey is ink: pale words have pale ends.
SHADE = 0.5

# The frame of a cell goes on above or below the word: a column of pixels that is inked there to this part, over so many
# heights of the word, is a rule, and so are the pixels by its side.
RULE, RULED, RULE_PIXELS = 0.6, 0.4, 2

Pixels = tuple[float, float, float, float]  # left, top, right, bottom


def has_ink_left(image: Image.Image, box: Pixels, reach: float) -> bool:
    """Tell whether ink stands on the left of a box, closer than `reach` pixels, on an upright page (mode L)."""
    left, top, _, bottom = box
    return _has_ink(image, box, (left - reach, top, left - OWN_PIXELS, bottom))


def has_ink_right(image: Image.Image, box: Pixels, reach: float) -> bool:
    """Tell whether ink stands on the right of a box, closer than `reach` pixels."""
    _, top, right, bottom = box
    return _has_ink(image, box, (right + OWN_PIXELS, top, right + reach, bottom))


def _has_ink(image: Image.Image, box: Pixels, zone: Pixels) -> bool:
    left, top, right, bottom = zone
    height = bottom - top
    shade = _ink(image, box)
    beside = _columns(image, (left, top, right, top + UPPER * height), shade)
    over = _columns(image, (left, top - RULED * height, right, top), shade)
    under = _columns(image, (left, bottom, right, bottom + RULED * height), shade)
    rules = [at for band in (over, under) for at, share in enumerate(band) if share >= RULE * PAPER]
    return any(
        share >= INKED * PAPER and all(abs(at - rule) > RULE_PIXELS for rule in rules)
        for at, share in enumerate(beside)
    )


def _columns(image: Image.Image, zone: Pixels, shade: float) -> bytes:
    """Return for each column of pixels in a zone how much of it is ink, from 0 to 255; nothing for an empty zone."""
    part = _crop(image, zone)
    if part is None:
        return b""
    inked = part.point([PAPER if grey <= shade else 0 for grey in range(PAPER + 1)])
    return inked.resize((part.width, 1), Image.Resampling.BOX).tobytes()


def _ink(image: Image.Image, box: Pixels) -> float:
    """Return the lightest grey that is ink, as the word itself is printed; less than 0 where there is no word."""
    word = _crop(image, box)
    if word is None:
        return -1
    darkest, _ = word.getextrema()
    paper = max(range(PAPER // 2, PAPER + 1), key=word.histogram().__getitem__)
    return paper - SHADE * (paper - float(darkest))  # type: ignore[arg-type]  # of one band, an integer


def _crop(image: Image.Image, box: Pixels) -> Image.Image | None:
    left, top, right, bottom = map(round, box)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height)
    return image.crop((x1, y1, x2, y2)) if x1 < x2 and y1 < y2 else None
