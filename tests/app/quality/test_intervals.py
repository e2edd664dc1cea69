"""Exact binomial bounds, against published values."""

import pytest

from app.quality.intervals import interval, lower, needed, upper


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [(0, 299, 0.009969), (0, 598, 0.004997), (0, 20, 0.139108), (1, 20, 0.216106), (5, 50, 0.198832)],
)
def test_upper(k: int, n: int, expected: float) -> None:
    assert upper(k, n) == pytest.approx(expected, abs=1e-4)


def test_interval_of_a_half() -> None:
    assert interval(5, 10) == pytest.approx((0.187086, 0.812914), abs=1e-5)


def test_edges() -> None:
    assert upper(0, 0) == 1.0
    assert lower(0, 0) == 0.0
    assert upper(7, 7) == 1.0
    assert lower(0, 9) == pytest.approx(0.0)


def test_how_many_must_be_right() -> None:
    assert needed(0.005) == 598
    assert upper(0, needed(0.005)) <= 0.005 < upper(0, needed(0.005) - 1)
