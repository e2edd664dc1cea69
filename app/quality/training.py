"""Retrains the scorer: the base's weights are what is known beforehand, and labelled documents say what they miss.

The base data are not needed for it. Of them the artefact keeps how much they say of each weight, and they count as some
hundred papers among the cases, of which cross-validation chooses how many: the folds are drawn by the seed.
"""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.extraction.text.scoring.base import Artefact
from app.quality.fitting import Example, Prior, fit, likelihood, top
from schemas.base import CODE_LENGTH_MAX
from schemas.evidence import FieldName
from schemas.identifiers import digest
from schemas.release import WEIGHT_MAX, FeatureWeight, Scorer

# For so many papers the base data may count: a few cases move the weights at the first, hardly at the last.
BASE_PAPERS = (30, 100, 300, 1000)
FOLDS = 5
# A weight is known at least as surely as one of which nothing is.
PRECISION_MIN = 0.5
# Fewer teach nothing that two anchors do not teach better (agents/quality/proposals.py).
EXAMPLES_MIN = 3


class Retrained(NamedTuple):
    """The weights of one field, for how many papers the base counts, and how many of the examples each got right."""

    weights: dict[str, float]
    base_papers: int
    examples: int
    right_before: int
    right_after: int


def retrained(
    field: FieldName, examples: Sequence[Example], base: Artefact, before: Mapping[str, float], seed: int
) -> Retrained | None:
    """Return the weights of a field; None where there are too few examples to say anything.

    Args:
        field: one of the scored fields.
        examples: in a fixed order.
        base: what the code brings along.
        before: the weights in force, for the count alone.
        seed: by which the folds are drawn.
    """
    if len(examples) < EXAMPLES_MIN:
        return None
    chosen = max(BASE_PAPERS, key=lambda papers: (_held_out(field, examples, base, papers, seed), papers))
    weights = fit(examples, _prior(field, base, chosen))
    asked = [one for one in examples if one.right is not None]
    return Retrained(
        weights,
        chosen,
        len(examples),
        sum(top(one, before) == one.right for one in asked),
        sum(top(one, weights) == one.right for one in asked),
    )


def _held_out(field: FieldName, examples: Sequence[Example], base: Artefact, papers: int, seed: int) -> float:
    """Return how likely the truth of examples is that were left out, rounded so that noise decides nothing."""
    order = list(range(len(examples)))
    random.Random(f"{seed}/{field}").shuffle(order)  # noqa: S311 - folds, and no secret
    folds = [order[at::FOLDS] for at in range(min(FOLDS, len(order)))]
    told = 0.0
    for fold in folds:
        left = set(fold)
        weights = fit([one for at, one in enumerate(examples) if at not in left], _prior(field, base, papers))
        told += likelihood([examples[at] for at in fold], weights) * len(fold)
    return round(told / len(order), 4)


def _prior(field: FieldName, base: Artefact, papers: int) -> Prior:
    share = papers / max(base.data.papers, 1)
    known = base.information.get(field, {})
    return Prior(base.scorer.of(field), {name: max(value * share, PRECISION_MIN) for name, value in known.items()})


def scorer_of(weights: Mapping[FieldName, Mapping[str, float]], *, seed: int, cases: int, version: str = "") -> Scorer:
    """Return the scorer of these weights, named by them where it has no name of its own."""
    flat = tuple(
        FeatureWeight(field=field, feature=name, weight=max(-WEIGHT_MAX, min(value, WEIGHT_MAX)))
        for field, own in sorted(weights.items())
        for name, value in sorted(own.items())
        if value
    )
    content = "\n".join(f"{one.field} {one.feature} {one.weight}" for one in flat).encode()
    name = digest(content).removeprefix("sha256:")[:12]
    return Scorer(version=f"{version}-{name}"[:CODE_LENGTH_MAX].lstrip("-"), seed=seed, cases=cases, weights=flat)
