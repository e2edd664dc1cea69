"""Prometheus, Grafana and the collector must watch what exists: a misspelt metric is an alarm that never rings."""

import re
from typing import Any

import pytest
import yaml

from app.settings import Settings
from deploy.grafana.make import COLUMNS, DATASOURCE, FOLDER, placed, rendered
from deploy.grafana.panels import DASHBOARDS, Dashboard, Panel
from tests.deploy.metrics import OWN_LABELS, exported, made, named_by, names, unknown, without
from tests.deploy.promtool import ALERTS, ROOT

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PROMETHEUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text())
COLLECTOR: dict[str, Any] = yaml.safe_load((ROOT / "deploy/collector.yml").read_text())
KNOWN = exported()
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
PANELS = [(dashboard, panel) for dashboard in DASHBOARDS for panel in dashboard.panels]

# What rings no bell, and why. A metric that is new belongs into a rule of deploy/alerts.yml or into this list.
SILENT = {
    "quittance_events_written": "flat while events come in is the failing of those events, and that rings",
    "quittance_reasons": "which reason it is says what to do about an alert on failed or held events",
    "quittance_commands": "money that does not come rings as late or stuck; how much of it is business",
    "quittance_event_to_decision_seconds": "the promise is on the command, which comes after it",
    "quittance_sandbox_restarts": "a reader that cannot fork is not ready or reads slowly, and both ring",
    "quittance_events_in_flight": "at its bound it shows as events unread",
    "quittance_audit_entries_sealed": "entries behind ring, sealed or not",
    "quittance_api_request_seconds": "a client chooses how long to wait (Prefer: wait)",
    "quittance_projection_records": "the records behind ring",
    "quittance_projection_skipped": "one that no row can show is looked for when somebody misses a document",
    "quittance_projection_failures": "a projection that does not get on is behind, and that rings",
    "quittance_documents_waiting": "how old the oldest is rings",
    "quittance_anomalies_suppliers_judged": "0 is usual in a house that has just begun",
    "quittance_watch_failures": "a watch without an answer rings as blind",
    "quittance_release_decisions": "the guard itself compares them, and acts",
    "quittance_canary_evidence": "the guard acts on it, and that it acted rings",
    "quittance_release_entries": "steps of releases are a person's, who sees whether they happened",
    "quittance_spans": "no work waits for spans",
}


def test_every_metric_is_on_a_panel() -> None:
    assert without(named_by(query for _, panel in PANELS for query in panel.queries.values())) == set()


def test_what_rings_no_bell_is_known_and_has_its_reason() -> None:
    assert without(named_by(rule["expr"] for rule in RULES if "alert" in rule)) == SILENT.keys()


def test_what_no_rule_names_is_found() -> None:
    assert "quittance_ready" in without(named_by(["max(quittance:unread:records)"]))
    assert "quittance_consumer_lag_records" not in without(named_by(["max(quittance:unread:records)"]))


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
