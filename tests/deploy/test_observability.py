"""Prometheus, Grafana and the collector must watch what exists: a misspelt metric is an alarm that never rings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from app.settings import Settings
from app.telemetry import Telemetry

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PROMETHEUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text())
COLLECTOR: dict[str, Any] = yaml.safe_load((ROOT / "deploy/collector.yml").read_text())
ALERTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/dashboards/quittance.json").read_text())
QUERIES = [rule["expr"] for rule in ALERTS] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]
SUFFIXES: dict[type[MetricWrapperBase], tuple[str, ...]] = {
    Counter: ("_total",), Gauge: ("",), Histogram: ("_bucket", "_sum", "_count"),
}  # fmt: skip


def exported() -> set[str]:
    """Return the names under which Prometheus sees our metrics."""
    metrics = [it for it in vars(Telemetry("ledger", "test")).values() if isinstance(it, MetricWrapperBase)]
    return {f"{metric._name}{suffix}" for metric in metrics for suffix in SUFFIXES[type(metric)]}


def test_every_target_is_a_service_on_the_port_where_it_answers() -> None:
    ports = {
        "reader": Settings.model_fields["metrics_port"].default,
        "ledger": Settings.model_fields["metrics_port"].default,
        "api": Settings.model_fields["api_port"].default,
        "collector": int(COLLECTOR["exporters"]["prometheus"]["endpoint"].rpartition(":")[2]),
    }
    seen: dict[str, int] = {}
    for job in PROMETHEUS["scrape_configs"]:
        for found in job.get("dns_sd_configs", ()):
            seen |= dict.fromkeys(found["names"], found["port"])
        for fixed in job.get("static_configs", ()):
            seen |= {name: int(port) for name, port in (target.split(":") for target in fixed["targets"])}
    assert seen == ports
    assert set(seen) <= set(SERVICES)
    given = SERVICES["reader"]["environment"]["QUITTANCE_METRICS_PORT"]
    assert int(given) == ports["reader"]
    assert int(SERVICES["api"]["environment"]["QUITTANCE_API_PORT"]) == ports["api"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_metrics_that_exist(query: str) -> None:
    named = set(re.findall(r"\bquittance_\w+", query))
    assert named <= exported()
    assert named or query.startswith("up{")


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["annotations"]["action"]
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_mounted_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists(), volume


def test_grafana_asks_the_prometheus_that_runs() -> None:
    source = yaml.safe_load((ROOT / "deploy/grafana/datasources/prometheus.yml").read_text())["datasources"][0]
    assert source["url"] == "http://prometheus:9090"
    assert all(panel["datasource"]["uid"] == source["uid"] for panel in DASHBOARD["panels"])


def test_the_pipelines_of_the_collector_name_their_parts() -> None:
    for pipeline in COLLECTOR["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= set(COLLECTOR[kind])
