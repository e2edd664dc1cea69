"""The fit of the scorer's weights: the least loss, under what is known, and the same each time."""

import random

import pytest

from app.quality.fitting import Example, Prior, fit, information, likelihood, loss, top

OPTIONS = (frozenset({"any", "named"}), frozenset({"any", "low"}), frozenset({"any"}))


def drawn(count: int, named: float) -> list[Example]:
    """Return examples of which a share has the named one right, and the others the last or none."""
    rng = random.Random(3)
    return [
        Example(OPTIONS, 0 if rng.random() < named else rng.choice((2, None))) for _ in range(count)
    ]  # fmt: skip


def test_the_weights_are_where_the_loss_is_least() -> None:
    examples = drawn(200, 0.8)
    prior = Prior({}, {})
    weights = fit(examples, prior)
    least = loss(examples, weights, prior)
    for name in weights:
        for step in (-0.05, 0.05):
            assert loss(examples, {**weights, name: weights[name] + step}, prior) > least


def test_what_is_mostly_right_is_preferred() -> None:
    weights = fit(drawn(200, 0.8))
    assert top(Example(OPTIONS, 0), weights) == 0
    assert weights["named"] > 1
    assert weights["low"] < 0


def test_the_same_examples_give_the_same_weights() -> None:
    assert fit(drawn(50, 0.7)) == fit(drawn(50, 0.7))


def test_what_is_known_beforehand_gives_way_to_many_examples_and_not_to_few() -> None:
    prior = Prior({"named": -3.0, "any": 1.0}, {"named": 20.0, "any": 20.0})
    few, many = fit(drawn(3, 1.0), prior), fit(drawn(600, 1.0), prior)
    assert few["named"] < -2
    assert many["named"] > 0


def test_information_grows_with_the_examples() -> None:
    weights = fit(drawn(50, 0.8))
    less, more = information(drawn(50, 0.8), weights), information(drawn(500, 0.8), weights)
    assert 0 < less["named"] < more["named"]


def test_without_examples_nothing_is_learned() -> None:
    assert fit([]) == {}
    assert fit([], Prior({"any": 1.5}, {"any": 2.0})) == {"any": 1.5}
    assert likelihood([], {}) == 0.0


@pytest.mark.parametrize("right", [None, 0])
def test_a_single_example_is_no_error(right: int | None) -> None:
    assert set(fit([Example((frozenset({"any"}),), right)])) == {"any"}
