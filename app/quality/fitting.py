"""Fits the learned scorer's weights: a conditional logit by Newton's method, under a Gaussian prior.

The loss is convex, so that there is one answer, and nothing is drawn by chance on the way to it. It is plain Python:
some thousand examples of some dozen features take seconds, and the product needs no library of numerics for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from agents.extraction.text.scoring.model import probabilities, score

# Weights of which nothing is known are taken to lie within a few units of 0.
RIDGE = 0.5
STEPS_MAX = 40
# The greatest change of a weight at which the answer is reached: less than what is kept of it.
TOLERANCE = 1e-5
DECIMALS = 3
# A step that makes it worse is halved, so many times at most.
HALVINGS_MAX = 20
# The least probability that is taken the logarithm of.
SMALLEST = 1e-12

Weights = dict[str, float]
Matrix = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Example:
    """What could be chosen in one document, and which was right: None where none of them was."""

    options: tuple[frozenset[str], ...]
    right: int | None


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known beforehand: a weight's likely value, and by how much (the inverse of its variance)."""

    mean: Mapping[str, float]
    precision: Mapping[str, float]

    def cost(self, weights: Mapping[str, float]) -> float:
        """Return how far weights are from what is known, as a part of the loss."""
        return sum(
            self.precision.get(name, RIDGE) * (weights[name] - self.mean.get(name, 0.0)) ** 2 / 2
            for name in sorted(weights)
        )


NOTHING_KNOWN = Prior({}, {})


def fit(examples: Sequence[Example], prior: Prior = NOTHING_KNOWN) -> Weights:
    """Return the likeliest weights, rounded; the same examples in the same order give the same weights."""
    seen = {name for example in examples for option in example.options for name in option}
    names = sorted(seen | set(prior.mean))
    weights = {name: prior.mean.get(name, 0.0) for name in names}
    before = loss(examples, weights, prior)
    for _ in range(STEPS_MAX):
        step = _solved(*_slope(examples, weights, prior), names)
        weights, before, moved = _walked(examples, weights, step, prior, before)
        if moved < TOLERANCE:
            break
    return {name: round(value, DECIMALS) + 0.0 for name, value in weights.items()}


def information(examples: Sequence[Example], weights: Mapping[str, float]) -> Weights:
    """Return how much the examples say of each weight: the diagonal of the Hessian of their loss."""
    _, curvature = _slope(examples, weights, None)
    return {name: round(curvature.get((name, name), 0.0), DECIMALS) + 0.0 for name in sorted(weights)}


def likelihood(examples: Iterable[Example], weights: Mapping[str, float]) -> float:
    """Return the mean log-probability of what was right; 0 without examples."""
    told = [log(max(_chance(one, weights), SMALLEST)) for one in examples]
    return sum(told) / len(told) if told else 0.0


def loss(examples: Sequence[Example], weights: Mapping[str, float], prior: Prior) -> float:
    """Return what is made as small as it can be."""
    return prior.cost(weights) - likelihood(examples, weights) * len(examples)


def top(example: Example, weights: Mapping[str, float]) -> int | None:
    """Return the option that the weights prefer, the first of several that are alike; None where there is none."""
    scores = [score(option, weights) for option in example.options]
    return max(range(len(scores)), key=lambda at: (scores[at], -at), default=None)


def _chance(example: Example, weights: Mapping[str, float]) -> float:
    chances = probabilities(example.options, weights)
    return 1.0 - sum(chances) if example.right is None else chances[example.right]


def _slope(examples: Iterable[Example], weights: Mapping[str, float], prior: Prior | None) -> tuple[Weights, Matrix]:
    """Return gradient and Hessian of the loss; without a prior those of the examples alone."""
    gradient: Weights = dict.fromkeys(weights, 0.0)
    hessian: Matrix = {}
    for name in sorted(weights) if prior is not None else ():
        sureness = prior.precision.get(name, RIDGE) if prior is not None else 0.0
        mean = prior.mean.get(name, 0.0) if prior is not None else 0.0
        gradient[name] += sureness * (weights[name] - mean)
        hessian[name, name] = sureness
    for example in examples:
        _add(example, weights, gradient, hessian)
    return gradient, hessian


def _add(example: Example, weights: Mapping[str, float], gradient: Weights, hessian: Matrix) -> None:
    mean: Weights = {}
    for option, chance in zip(example.options, probabilities(example.options, weights), strict=True):
        names = sorted(option)
        for at, name in enumerate(names):
            mean[name] = mean.get(name, 0.0) + chance
            for other in names[at:]:
                hessian[name, other] = hessian.get((name, other), 0.0) + chance
    known = sorted(mean)
    for at, name in enumerate(known):
        gradient[name] += mean[name]
        for other in known[at:]:
            hessian[name, other] = hessian.get((name, other), 0.0) - mean[name] * mean[other]
    for name in sorted(example.options[example.right]) if example.right is not None else ():
        gradient[name] -= 1.0


def _walked(
    examples: Sequence[Example], weights: Weights, step: Weights, prior: Prior, before: float
) -> tuple[Weights, float, float]:
    """Return the weights after the longest part of a step that makes the loss smaller, the loss, and how far it was."""
    part = 1.0
    for _ in range(HALVINGS_MAX):
        moved = {name: value - part * step[name] for name, value in weights.items()}
        after = loss(examples, moved, prior)
        if after <= before:
            return moved, after, part * max(map(abs, step.values()), default=0.0)
        part /= 2
    return weights, before, 0.0


def _solved(gradient: Weights, hessian: Matrix, names: Sequence[str]) -> Weights:
    """Return the step by Cholesky's decomposition: the matrix is symmetric, and the prior makes it definite."""
    size = len(names)
    lower = [[0.0] * size for _ in range(size)]
    for row, name in enumerate(names):
        for column in range(row + 1):
            value = hessian.get((names[column], name), 0.0)
            value -= sum(lower[row][k] * lower[column][k] for k in range(column))
            lower[row][column] = value**0.5 if row == column else value / lower[column][column]
    half = [0.0] * size
    for row, name in enumerate(names):
        half[row] = (gradient[name] - sum(lower[row][k] * half[k] for k in range(row))) / lower[row][row]
    step = [0.0] * size
    for row in reversed(range(size)):
        step[row] = (half[row] - sum(lower[k][row] * step[k] for k in range(row + 1, size))) / lower[row][row]
    return dict(zip(names, step, strict=True))
