"""Each alert rings for what it is about, and for what is next to it is silent: promtool evaluates the real rules."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.promtool import ALERTS, alerts, promtool
from tests.deploy.rule_cases import CASES, Case, Labels


def promtool_test(case: Case) -> dict[str, Any]:
    severity = {str(rule["alert"]): rule["labels"]["severity"] for rule in alerts()}[case.alert]  # type: ignore[index]
    named = {"__name__": "ALERTS", "alertname": case.alert, "alertstate": "firing", "severity": severity}
    return {
        "interval": f"{case.every}m",
        "name": case.what,
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "promql_expr_test": [
            {
                "expr": f'ALERTS{{alertname="{case.alert}",alertstate="firing"}}',
                "eval_time": f"{case.minutes}m",
                "exp_samples": [{"labels": _series({**named, **labels}), "value": 1} for labels in case.rings],
            }
        ],
    }


def _series(labels: Labels) -> str:
    name = labels["__name__"]
    inner = ",".join(f'{key}="{value}"' for key, value in labels.items() if key != "__name__")
    return f"{name}{{{inner}}}"


def test_promtool_takes_the_rules() -> None:
    assert "SUCCESS" in promtool("check", "rules", str(ALERTS))


@pytest.mark.parametrize("every", sorted({case.every for case in CASES}))
def test_each_alert_rings_for_its_cause_and_is_silent_beside_it(every: int, tmp_path: Path) -> None:
    file = tmp_path / "test.yml"
    tests = [promtool_test(case) for case in CASES if case.every == every]
    wanted = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": f"{every}m",
        # What is recorded comes first: where samples are ten minutes apart, a group before it would see nothing.
        "group_eval_order": [group["name"] for group in yaml.safe_load(ALERTS.read_text())["groups"]],
        "tests": tests,
    }
    file.write_text(yaml.safe_dump(wanted))
    assert "SUCCESS" in promtool("test", "rules", str(file))


def test_no_alert_is_left_out() -> None:
    names = {str(rule["alert"]) for rule in alerts()}
    assert {case.alert for case in CASES if case.rings} == names
    assert {case.alert for case in CASES if not case.rings} == names
