"""Makes a page picture upright: quarter turns and skew, found by how sharply lines of print stand out as rows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image

from agents.extraction.scan.limits import SKEW_DEGREES_MAX

PAPER = 255
# Rows are found on a small copy of the page, the angle first in coarse steps and then in fine ones.
COARSE_WIDTH, COARSE_DEGREES = 400, 0.5
FINE_WIDTH, FINE_DEGREES = 1000, 0.1
# Rows run across the page: along them the copies may be so many times coarser, and the angle is found as well.
STRIPE_PIXELS = 4
# A little more than half a coarse step: the best fine angle lies around the best coarse one.
FINE_REACH_DEGREES = 0.3
# A smaller skew harms nothing, and turning blurs.
SKEW_DEGREES_MIN = 0.15
# A lying page has rows in its columns; both are found on tables, so the difference must be clear.
LYING_ADVANTAGE = 1.3

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture with its lines level, and the map from its pixels back to those of the picture it came from."""

    image: Image.Image
    origin: Matrix

    def upside_down(self) -> "Upright":
        """Return the same picture turned by a half: lines of print look alike both ways up."""
        turned = self.image.transpose(Image.Transpose.ROTATE_180)
        return Upright(turned, _after(self.origin, (-1.0, 0.0, self.image.width, 0.0, -1.0, self.image.height)))

    def source_box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return the smallest level box around a box of this picture, in pixels of the source."""
        corners = [_apply(self.origin, x, y) for x in (left, right) for y in (top, bottom)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def upright(image: Image.Image) -> Upright:
    """Return a picture (mode L) with its lines of print level, or by accident upside down: the words tell."""
    factor = _factor(image, COARSE_WIDTH)
    standing = _best(_small(image, factor), _steps(0.0, SKEW_DEGREES_MAX, COARSE_DEGREES))
    on_side = _light(image.reduce((factor, factor * STRIPE_PIXELS)).transpose(Image.Transpose.ROTATE_90))
    lying = _best(on_side, _steps(0.0, SKEW_DEGREES_MAX, COARSE_DEGREES))
    turned, origin, angle = image, IDENTITY, standing[1]
    if lying[0] > standing[0] * LYING_ADVANTAGE:
        turned = image.transpose(Image.Transpose.ROTATE_90)
        origin, angle = (0.0, -1.0, float(image.width), 1.0, 0.0, 0.0), lying[1]
    fine = _best(_small(turned, _factor(turned, FINE_WIDTH)), _steps(angle, FINE_REACH_DEGREES, FINE_DEGREES))[1]
    if abs(fine) < SKEW_DEGREES_MIN:
        return Upright(turned, origin)
    level = _level(turned.width, turned.height, fine)
    straight = turned.transform(turned.size, Image.Transform.AFFINE, level, Image.Resampling.BICUBIC, fillcolor=PAPER)
    return Upright(straight, _after(origin, level))


def _factor(image: Image.Image, width: int) -> int:
    """Return how many times smaller a copy of about that width is."""
    return max(round(image.width / width), 1)


def _small(image: Image.Image, factor: int) -> Image.Image:
    """Return a copy that is so many times smaller, and along the rows STRIPE_PIXELS times more."""
    return _light(image.reduce((factor * STRIPE_PIXELS, factor)))


def _light(image: Image.Image) -> Image.Image:
    """Return a picture with print light on black, so that what is moved in from outside is nothing."""
    return image.point([PAPER - grey for grey in range(256)])


def _steps(middle: float, reach: float, step: float) -> Iterable[float]:
    count = round(reach / step)
    return (middle + index * step for index in range(-count, count + 1))


def _best(image: Image.Image, angles: Iterable[float]) -> tuple[float, float]:
    """Return how sharp the rows are at the best of the angles, and that angle; of equals the smallest."""
    return max(((_sharpness(image, angle), angle) for angle in angles), key=lambda it: (it[0], -abs(it[1])))


def _sharpness(image: Image.Image, angle: float) -> float:
    """Return the squared steps from row to row of the mean grey, where a picture is turned by an angle."""
    slope = math.tan(math.radians(angle)) * STRIPE_PIXELS
    sheared = (1.0, 0.0, 0.0, slope, 1.0, -slope * image.width / 2)
    turned = image.transform(image.size, Image.Transform.AFFINE, sheared) if angle else image
    rows = turned.resize((1, image.height), Image.Resampling.BOX).tobytes()
    return sum((a - b) ** 2 for a, b in pairwise(rows)) / image.height


def _level(width: int, height: int, degrees: float) -> Matrix:
    """Return the map from a picture that is turned about its middle to the one before."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = width / 2, height / 2
    return cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y


def _after(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the map that does the inner one first."""
    a, b, c, d, e, f = outer
    u, v, w, x, y, z = inner
    return (
        a * u + b * x, a * v + b * y, a * w + b * z + c,
        d * u + e * x, d * v + e * y, d * w + e * z + f,
    )  # fmt: skip


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + b * y + c, d * x + e * y + f
