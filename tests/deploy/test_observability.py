"""Prometheus, Grafana and the collector must watch what exists: a misspelt metric is an alarm that never rings."""

import re
from typing import Any

import pytest
import yaml

from app.settings import Settings
from deploy.grafana.make import COLUMNS, DATASOURCE, FOLDER, placed, rendered
from deploy.grafana.panels import DASHBOARDS, Dashboard, Panel
from tests.deploy.metrics import OWN_LABELS, exported, made, names, unknown
from tests.deploy.promtool import ALERTS, ROOT

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PROMETHEUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text())
COLLECTOR: dict[str, Any] = yaml.safe_load((ROOT / "deploy/collector.yml").read_text())
KNOWN = exported()
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
PANELS = [(dashboard, panel) for dashboard in DASHBOARDS for panel in dashboard.panels]


def test_every_target_is_a_service_on_the_port_where_it_answers() -> None:
    own = COLLECTOR["service"]["telemetry"]["metrics"]["readers"][0]["pull"]["exporter"]["prometheus"]
    ports = {
        "reader": Settings.model_fields["metrics_port"].default,
        "ledger": Settings.model_fields["metrics_port"].default,
        "sealer": Settings.model_fields["metrics_port"].default,
        "quality": Settings.model_fields["metrics_port"].default,
        "api": Settings.model_fields["api_port"].default,
        "collector": own["port"],
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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.get("record") or rule["alert"]))
def test_a_rule_names_metrics_and_labels_that_exist(rule: dict[str, Any]) -> None:
    assert names(rule["expr"])
    assert unknown(rule["expr"], KNOWN) == []


@pytest.mark.parametrize(("dashboard", "panel"), PANELS, ids=lambda it: it.title)
def test_a_panel_names_what_exists_and_says_what_it_shows(dashboard: Dashboard, panel: Panel) -> None:
    assert panel.unit
    assert len(panel.description) > 30
    assert panel.queries
    for legend, query in panel.queries.items():
        assert names(query)
        assert unknown(query, KNOWN) == []
        possible = OWN_LABELS.union(*(KNOWN[name] for name in names(query)))
        assert set(re.findall(r"{{(\w+)}}", legend)) <= possible, legend
    for runbook in re.findall(r"runbooks? ((?:[\w-]+(?:, )?)+)\.", panel.description):
        for name in runbook.split(", "):
            assert (ROOT / f"docs/runbooks/{name}.md").exists(), name


def test_a_query_of_what_does_not_exist_is_found() -> None:
    assert unknown("sum by (stage, lap) (rate(quittance_events_total{lane='x', lame=\"y\"}[5m]))", KNOWN) == [
        "quittance_events_total{lame}", "by lap",
    ]  # fmt: skip
    assert unknown("max(quittance_evens_total)", KNOWN) == ["quittance_evens_total"]


def test_grafana_reads_what_the_panels_say() -> None:
    files = {path.stem: path.read_text() for path in FOLDER.glob("*.json")}
    assert files == {dashboard.uid: rendered(dashboard) for dashboard in DASHBOARDS}, "python -m deploy.grafana.make"


def test_panels_lie_side_by_side_and_never_on_another() -> None:
    for dashboard in DASHBOARDS:
        seen: set[tuple[int, int]] = set()
        for panel in placed(dashboard.panels):
            at = panel["gridPos"]
            cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
            assert not cells & seen, panel["title"]
            assert max(x for x, _ in cells) < COLUMNS
            seen |= cells


def test_every_metric_says_what_to_do_when_it_rises() -> None:
    for metric in made():
        assert len(metric._documentation) > 30, metric._name
        assert metric._name.startswith("quittance_")


def test_mounted_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists(), volume


def test_grafana_asks_the_prometheus_that_runs() -> None:
    source = yaml.safe_load((ROOT / "deploy/grafana/datasources/prometheus.yml").read_text())["datasources"][0]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] == DATASOURCE["uid"]


def test_every_pipeline_of_the_collector_has_somebody_who_sends() -> None:
    """Our processes send traces, and are asked for metrics; a pipeline without a sender looks like peace."""
    assert set(COLLECTOR["service"]["pipelines"]) == {"traces"}


def test_the_pipelines_of_the_collector_name_their_parts() -> None:
    for pipeline in COLLECTOR["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= set(COLLECTOR[kind])
