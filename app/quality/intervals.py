"""Exact binomial intervals (Clopper and Pearson 1934) and the exact paired test, without a statistics package."""

import math

# Halving a unit interval so often leaves less than a millionth of a millionth.
HALVINGS = 45


def _at_most(k: int, n: int, p: float) -> float:
    """Return the probability of at most k in n."""
    if p <= 0 or k >= n:
        return 1.0
    if p >= 1:
        return 0.0
    whole = math.lgamma(n + 1)
    terms = (
        whole - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k + 1)
    )
    return min(1.0, sum(map(math.exp, terms)))


def upper(k: int, n: int, alpha: float = 0.05) -> float:
    """Return the one-sided upper bound of a rate, k having been seen in n."""
    if n == 0 or k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(k, n, middle) > alpha else (low, middle)
    return high


def lower(k: int, n: int, alpha: float = 0.05) -> float:
    """Return the one-sided lower bound of a rate."""
    return 1.0 - upper(n - k, n, alpha) if n else 0.0


def interval(k: int, n: int) -> tuple[float, float]:
    """Return the two-sided 95 % interval of a rate."""
    return lower(k, n, 0.025), upper(k, n, 0.025)


def needed(risk: float, alpha: float = 0.05) -> int:
    """Return how many must be right, without one wrong, before the bound is below the risk."""
    return math.ceil(math.log(alpha) / math.log1p(-risk))


def loss(lost: int, gained: int) -> float:
    """Return how likely so many of the changes are losses where losses and gains are as likely: McNemar, one side.

    >>> loss(5, 0), loss(0, 5)
    (0.03125, 1.0)
    """
    changes = lost + gained
    return sum(math.comb(changes, k) for k in range(lost, changes + 1)) / (1 << changes)


def mcnemar(lost: int, gained: int) -> float:
    """Return the exact two-sided p of a paired comparison (McNemar 1947): those that changed, as throws of a coin.

    >>> mcnemar(5, 0), mcnemar(3, 3)
    (0.0625, 1.0)
    """
    return min(1.0, 2 * min(loss(lost, gained), loss(gained, lost)))
