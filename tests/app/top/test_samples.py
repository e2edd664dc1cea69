"""Sums and quantiles of metric pages: as Prometheus computes them."""

import math

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.openmetrics.exposition import generate_latest

from app.top.samples import Samples, quantile, since

INF = math.inf


def page() -> Samples:
    registry = CollectorRegistry()
    counter = Counter("events", "x", ("stage", "lane"), registry=registry)
    seconds = Histogram("seconds", "x", ("stage",), buckets=(1.0, 2.0), registry=registry)
    counter.labels("a", "xml").inc(3)
    counter.labels("a", "scan").inc(4)
    counter.labels("b", "xml").inc(8)
    for value in (0.5, 1.5, 1.5, 9.0):
        seconds.labels("a").observe(value)
    return Samples.parse(generate_latest(registry).decode())  # type: ignore[no-untyped-call]


def test_sums_are_over_the_labels_that_are_not_named() -> None:
    assert page().total("events_total", stage="a") == 7
    assert page().by("lane", "events_total") == {"xml": 11, "scan": 4}
    assert page().total("nothing") == 0


def test_pages_add_up() -> None:
    assert (page() + page()).total("events_total") == 30


def test_buckets_are_cumulated_counts_by_bound() -> None:
    assert page().buckets("seconds", stage="a") == {1.0: 1, 2.0: 3, INF: 4}


def test_what_is_no_page_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        Samples.parse("<html>\n")


@pytest.mark.parametrize(
    ("buckets", "share", "expected"),
    [
        ({}, 0.5, None),
        ({1.0: 0, INF: 0}, 0.5, None),
        ({1.0: 10, INF: 10}, 0.5, 0.5),
        ({1.0: 2, 2.0: 4, INF: 4}, 0.75, 1.5),
        ({1.0: 0, 2.0: 4, INF: 4}, 0.5, 1.5),
        ({1.0: 1, 2.0: 1, INF: 100}, 0.99, 2.0),  # above the last bound nobody knows more
    ],
)
def test_a_quantile_is_interpolated_within_its_bucket(
    buckets: dict[float, float], share: float, expected: float | None
) -> None:
    assert quantile(buckets, share) == expected


def test_what_came_meanwhile_is_the_difference_and_all_of_it_after_a_restart() -> None:
    assert since({1.0: 5, INF: 9}, {1.0: 4, INF: 6}) == {1.0: 1, INF: 3}
    assert since({1.0: 2, INF: 2}, {1.0: 4, INF: 6}) == {1.0: 2, INF: 2}
