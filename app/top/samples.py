"""The samples of metric pages: sums over labels, and quantiles of histograms as Prometheus computes them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Samples:
    """Samples of one moment: name, labels, value."""

    rows: tuple[tuple[str, Labels, float], ...] = ()

    @classmethod
    def parse(cls, page: str) -> "Samples":
        """Return the samples of a page in OpenMetrics.

        Raises:
            ValueError: where it is none.
        """
        return cls.of(text_string_to_metric_families(page))  # type: ignore[no-untyped-call]

    @classmethod
    def of(cls, families: Iterable[Metric]) -> "Samples":
        """Return the samples of metric families."""
        return cls(tuple((one.name, one.labels, one.value) for family in families for one in family.samples))

    def __add__(self, other: "Samples") -> "Samples":
        return Samples(self.rows + other.rows)

    def matching(self, name: str, **labels: str) -> Iterator[tuple[Labels, float]]:
        """Yield labels and value of each sample of that name with those labels."""
        for found, own, value in self.rows:
            if found == name and labels.items() <= own.items():
                yield own, value

    def total(self, name: str, **labels: str) -> float:
        """Return the sum; 0 where there is none."""
        return sum(value for _, value in self.matching(name, **labels))

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """Return the sums by the values of a label."""
        sums: defaultdict[str, float] = defaultdict(float)
        for own, value in self.matching(name, **labels):
            sums[own.get(label, "")] += value
        return dict(sums)

    def buckets(self, name: str, **labels: str) -> dict[float, float]:
        """Return the cumulated counts of a histogram by upper bound."""
        return {float(bound): count for bound, count in self.by("le", f"{name}_bucket", **labels).items()}


def since(now: Mapping[float, float], before: Mapping[float, float]) -> dict[float, float]:
    """Return what came into the buckets meanwhile; all of it where a worker was started anew, and counts fell."""
    difference = {bound: count - before.get(bound, 0.0) for bound, count in now.items()}
    return dict(now) if any(count < 0 for count in difference.values()) else difference


def quantile(buckets: Mapping[float, float], share: float) -> float | None:
    """Return the value below which a share lies, interpolated within its bucket; None of nothing.

    What lies above the last finite bound is told as that bound, as Prometheus does.
    """
    bounds = sorted(buckets)
    if not bounds or buckets[bounds[-1]] <= 0:
        return None
    wanted, below, floor = share * buckets[bounds[-1]], 0.0, 0.0
    for bound in bounds:
        if buckets[bound] >= wanted:
            if math.isinf(bound):
                return floor
            within = buckets[bound] - below
            return floor + (bound - floor) * ((wanted - below) / within if within else 1.0)
        below, floor = buckets[bound], bound
    return floor
