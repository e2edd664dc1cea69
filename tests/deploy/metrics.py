"""Every metric that Prometheus sees of ours, with its labels: those of the processes, and those of the rules."""

import re
from collections.abc import Iterable, Iterator

import yaml
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from app.api.meters import ApiMeter
from app.releases.telemetry import QualityTelemetry
from app.telemetry import Telemetry
from app.tracing.opening import counter_of_spans
from app.watching.telemetry import WatchTelemetry
from tests.deploy.promtool import ALERTS

SUFFIXES: dict[type[MetricWrapperBase], tuple[str, ...]] = {
    Counter: ("_total",),
    Gauge: ("",),
    Histogram: ("_bucket", "_sum", "_count"),
}
# What Prometheus itself adds.
OWN_LABELS = {"job", "instance"}
OF_PROMETHEUS = {"up": set[str](), "ALERTS": {"alertname", "alertstate", "severity"}}
_NAME = re.compile(r"\b(?:quittance[\w:]*|up|ALERTS)\b(?=[\s{)\[]|$)")
_SELECTED = re.compile(r"\b(quittance[\w:]*|up|ALERTS)\{([^}]*)\}")
_BY = re.compile(r"\bby \(([^)]*)\)")


def made() -> Iterator[MetricWrapperBase]:
    """Every metric object of a worker, the API, its watches, the role `quality`, and of tracing."""
    registry = CollectorRegistry()
    for owner in (Telemetry("ledger", "test"), ApiMeter(), WatchTelemetry(registry), QualityTelemetry(registry)):
        yield from (it for it in vars(owner).values() if isinstance(it, MetricWrapperBase))
    yield counter_of_spans(registry)


def exported() -> dict[str, set[str]]:
    """The labels of each name under which Prometheus sees our metrics."""
    found = dict(OF_PROMETHEUS)
    for metric in made():
        own = set(metric._labelnames) | ({"le"} if isinstance(metric, Histogram) else set())
        found |= {f"{metric._name}{suffix}": own for suffix in SUFFIXES[type(metric)]}
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        found |= {rule["record"]: labels_of(rule["expr"]) for rule in group["rules"] if "record" in rule}
    return found


def labels_of(recorded: str) -> set[str]:
    """The labels that a recorded expression keeps: those of its first `by`, or none."""
    by = _BY.search(recorded)
    return {name.strip() for name in by[1].split(",")} - {"le"} if by else set()


def names(query: str) -> set[str]:
    """The metrics that a query names."""
    return set(_NAME.findall(query))


def unknown(query: str, known: dict[str, set[str]]) -> list[str]:
    """What a query names that does not exist: metrics, and labels of them."""
    used = names(query)
    wrong = [name for name in sorted(used) if name not in known]
    for name, selectors in _SELECTED.findall(query):
        asked = set(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', selectors))
        wrong += [f"{name}{{{label}}}" for label in sorted(asked - known.get(name, set()) - OWN_LABELS)]
    possible = OWN_LABELS.union(*(known.get(name, set()) for name in used))
    for labels in _BY.findall(query):
        wrong += [f"by {label}" for label in map(str.strip, labels.split(",")) if label not in possible]
    return wrong


def named_by(queries: Iterable[str]) -> set[str]:
    """The metrics that queries name, those behind recorded ones included."""
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    recorded = {rule["record"]: names(rule["expr"]) for rule in rules if "record" in rule}
    found, left = set[str](), {name for query in queries for name in names(query)}
    while left:
        found |= left
        left = {behind for name in left for behind in recorded.get(name, ())} - found
    return found


def without(found: set[str]) -> set[str]:
    """The metrics of ours of which none of those names is a part."""
    return {it._name for it in made() if not found & {f"{it._name}{suffix}" for suffix in SUFFIXES[type(it)]}}
