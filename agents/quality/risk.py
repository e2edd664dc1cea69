"""How often a release would pay falsely, at most: exact bounds from what persons found, and the threshold they allow.

What a person looked at is a sample of what would have been paid. With k false ones among n the true rate is, with 95 %
confidence, below the p at which k or fewer would come up in one of twenty samples (Clopper and Pearson, 1934; the upper
side). With no false one among them it takes 598 documents to say that fewer than 0.5 % are false. Nothing is estimated,
and nothing is proven by a handful.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, lgamma, log, log1p

from schemas.evidence import Lane

CONFIDENCE = 0.95
# The policy's risk: the part of the automatic payments that may be false (docs/quality.md).
RISK = 0.005
# Halvings: beyond, two neighbouring floats are all that is between the bounds.
_HALVINGS = 60
# A sample of more is not asked for: the wanted bound is no bound any more.
SAMPLE_MAX = 10_000_000


@dataclass(frozen=True)
class Reviewed:
    """A document that would have been paid but for a sample, a threshold or a rule, and what a person found.

    `confidence` is the lowest of its payment-critical values; None where it is not known any more. `wrong`: one of them
    was false, or it was refused. `sampled`: it would have been paid as things stood. The others tell what would be paid
    below a threshold.
    """

    release: str
    lane: Lane
    confidence: float | None
    wrong: bool
    sampled: bool = True


@dataclass(frozen=True)
class Bound:
    """The false ones among the reviewed, and the highest rate of them that is not implausible."""

    wrong: int
    reviewed: int
    upper: float


def bound(reviewed: Iterable[Reviewed], confidence: float = CONFIDENCE) -> Bound:
    """Return the exact upper bound on the rate of false payables."""
    found = [each.wrong for each in reviewed]
    return Bound(sum(found), len(found), upper_bound(sum(found), len(found), confidence))


def upper_bound(wrong: int, reviewed: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper bound of Clopper and Pearson; 1 where nothing was reviewed, or all of it was wrong.

    >>> round(upper_bound(0, 598), 5)
    0.005
    """
    if wrong >= reviewed:
        return 1.0
    low, high = wrong / reviewed, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most(wrong, reviewed, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def needed(risk: float = RISK, wrong: int = 0, confidence: float = CONFIDENCE) -> int:
    """Return how many have to be reviewed, with so many wrong ones among them, for the bound to be within the risk.

    >>> needed(), needed(wrong=1)
    (598, 947)
    """
    low, high = wrong, wrong + 1
    while upper_bound(wrong, high, confidence) > risk:
        low, high = high, high * 2
        if high > SAMPLE_MAX:
            raise ValueError(f"no sample bounds {wrong} wrong ones by {risk}")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_bound(wrong, middle, confidence) <= risk else (middle, high)
    return high


def audit_share(documents: int, risk: float = RISK, wrong: int = 0) -> float:
    """Return the part of so many approved documents to send to review, so that the bound can be had from them."""
    return min(1.0, needed(risk, wrong) / documents) if documents > 0 else 1.0


def threshold(reviewed: Sequence[Reviewed], risk: float = RISK) -> float | None:
    """Return the lowest confidence down to which the bound stays within the risk; None where nothing is proven.

    The documents are walked from the surest down, in blocks that are just large enough to be bounded, and the walk ends
    at the first block that is not within the risk. A block is judged by itself: above a threshold only a sample is
    reviewed and below it everything, so that sums over both would mean nothing. What was reviewed so long ago that its
    confidence is not known any more has no place in the walk. As each block is looked at only where
    all before it were within the risk, 95 % hold for the whole walk (fixed-sequence testing).
    """
    allowed = None
    for block in _blocks(reviewed, needed(risk)):
        if bound(block).upper > risk:
            break
        allowed = min(each.confidence for each in block if each.confidence is not None)
    return allowed


def _blocks(reviewed: Sequence[Reviewed], size: int) -> Iterator[list[Reviewed]]:
    """Yield the documents in blocks of `size` at least, the surest first. Equal confidence is never divided."""
    block: list[Reviewed] = []
    known = [each for each in reviewed if each.confidence is not None]
    ordered = sorted(known, key=lambda each: -(each.confidence or 0.0))
    for _, same in groupby(ordered, key=lambda each: each.confidence):
        block.extend(same)
        if len(block) >= size:
            yield block
            block = []


def _at_most(wrong: int, reviewed: int, rate: float) -> float:
    """Return the probability of so many wrong ones or fewer."""
    if rate <= 0.0 or rate >= 1.0:
        return 1.0 if rate <= 0.0 else 0.0
    whole = lgamma(reviewed + 1)
    return sum(
        exp(
            whole - lgamma(each + 1) - lgamma(reviewed - each + 1) + each * log(rate) + (reviewed - each) * log1p(-rate)
        )
        for each in range(wrong + 1)
    )
