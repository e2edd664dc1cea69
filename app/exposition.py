"""Metrics as pages: in the form that the asker prefers, and several processes' pages as one."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

# Prometheus does not use the time of a series' making, and it would double what a counter costs.
disable_created_metrics()  # type: ignore[no-untyped-call]

# The form that carries exemplars, which lead from a slow measurement to its trace. Prometheus prefers it by itself.
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def rendered(metrics: Collector, accept: str) -> tuple[bytes, str]:
    """Return the page and its content type, by the request's `Accept`."""
    encode, content_type = choose_encoder(accept)
    return encode(metrics), content_type


class Merged(CollectorRegistry):
    """The pages of several processes; each metric appears once, with the samples of all.

    Nothing is added up, for no two processes of one worker share a set of labels (app/telemetry.py). The page of a
    child that did not answer is missing: Prometheus sees a gap. A sum would fall, and it would take that for a restart.
    """

    def __init__(self, pages: Iterable[str]) -> None:
        """`pages` are in OpenMetrics."""
        super().__init__()
        self._families: dict[str, Metric] = {}
        for page in pages:
            for family in text_string_to_metric_families(page):  # type: ignore[no-untyped-call]
                known = self._families.setdefault(family.name, family)
                if known is not family:
                    known.samples += family.samples

    def collect(self) -> Iterable[Metric]:
        """Return the families."""
        return self._families.values()
