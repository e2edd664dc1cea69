"""A linear model over named features: how likely each candidate is the right one, and what spoke for it.

The score of a candidate is the sum of the weights of what is to be seen of it, the score of `none of them` is 0, and a
softmax makes probabilities of them. So each feature's part in a decision is its weight, and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from agents.extraction.text.scoring.candidates import Candidate
from agents.extraction.text.scoring.wording import UNSPOKEN, phrase

# What a person reads before the document is in front of him again.
REASONS_MAX = 3
# A weight below this moves a probability by less than a twentieth: it is no reason.
WEIGHT_MIN = 0.2

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The likeliest candidate, its probability, and the candidate behind it where there is one."""

    best: Candidate
    probability: float
    second: Candidate | None


def probabilities(features: Sequence[frozenset[str]], weights: Weights) -> list[float]:
    """Return the probability of each candidate; what is missing to 1 is that none of them is right."""
    scores = [score(one, weights) for one in features]
    top = max(0.0, *scores) if scores else 0.0
    parts = [exp(one - top) for one in scores]
    whole = exp(-top) + sum(parts)
    return [part / whole for part in parts]


def score(features: frozenset[str], weights: Weights) -> float:
    """Return the sum of the weights, always added in the same order: a sum of floats depends on it."""
    return sum(weights.get(name, 0.0) for name in sorted(features))


def ranked(candidates: Sequence[Candidate], weights: Weights) -> Ranked | None:
    """Return the likeliest candidate; of two that are alike the one that was seen first."""
    if not candidates:
        return None
    chances = probabilities([one.features for one in candidates], weights)
    order = sorted(range(len(candidates)), key=lambda at: -chances[at])
    second = candidates[order[1]] if len(order) > 1 else None
    return Ranked(candidates[order[0]], chances[order[0]], second)


def reasons(best: frozenset[str], other: frozenset[str], weights: Weights) -> tuple[str, ...]:
    """Return what spoke loudest for one candidate against another, in plain words, the loudest first."""
    spoken = [(weights.get(name, 0.0), phrase(name)) for name in best - other - UNSPOKEN]
    against = [(-weights.get(name, 0.0), f"the other {phrase(name)}") for name in other - best - UNSPOKEN]
    loud = sorted((one for one in (*spoken, *against) if one[0] >= WEIGHT_MIN), key=lambda one: (-one[0], one[1]))
    return tuple(words for _, words in loud[:REASONS_MAX])
