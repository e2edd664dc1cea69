"""How far a day is from the days before it: a z-score out of median and MAD, which no few strange days can move.

The median absolute deviation times 1.4826 is the standard deviation where values are normal (Rousseeuw and Croux 1993).
Rates are compared after Anscombe's arcsine transformation (1948), under which the spread of `k of n` is near
1 / (2 sqrt n) whatever the rate; so one missing field in ten documents is no alarm where none was ever missing before.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MAD_TO_SIGMA = 1.4826
# A median scatters so much more than a mean, sqrt(pi / 2).
MEDIAN_TO_MEAN = math.sqrt(math.pi / 2)
# Amounts whose median moves by less than a quarter are the same amounts: a supplier of one fixed fee has no MAD at all.
AMOUNT_SPREAD_MIN = math.log(1.25)


@dataclass(frozen=True)
class Score:
    """The value, what is usual, and the distance in standard deviations of the usual."""

    value: float
    usual: float
    z: float


def rate_score(part: int, whole: int, past: Sequence[tuple[int, int]]) -> Score:
    """Score `part` of `whole` against the same of earlier days; every whole is at least 1."""
    usual = [_arcsine(*each) for each in past]
    spread = max(MAD_TO_SIGMA * _mad(usual), 1 / (2 * math.sqrt(whole)))
    z = (_arcsine(part, whole) - median(usual)) / spread
    return Score(part / whole, median(part / whole for part, whole in past), z)


def amount_score(amounts: Sequence[float], past: Sequence[Sequence[float]]) -> Score:
    """Score the median of positive amounts against the medians of earlier days, by ratios and not differences.

    Eight medians say little about how far a ninth may be off; the single amounts of all days say more.
    """
    usual = [math.log(median(each)) for each in past]
    single = MAD_TO_SIGMA * _mad([math.log(amount) for each in past for amount in each])
    spread = max(MAD_TO_SIGMA * _mad(usual), MEDIAN_TO_MEAN * single / math.sqrt(len(amounts)), AMOUNT_SPREAD_MIN)
    value = median(amounts)
    z = (math.log(value) - median(usual)) / spread
    return Score(value, math.exp(median(usual)), z)


def _arcsine(part: int, whole: int) -> float:
    return math.asin(math.sqrt((part + 0.375) / (whole + 0.75)))


def _mad(values: Sequence[float]) -> float:
    middle = median(values)
    return median(abs(value - middle) for value in values)
