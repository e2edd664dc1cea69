"""Writes the dashboards as Grafana reads them, from deploy/grafana/panels.py. A test tells when they are not the same.

Plain JSON, and no library for it: what we use of Grafana's model is this one file (docs/decisions/0023).
"""

import json
from pathlib import Path
from typing import Any

from deploy.grafana.panels import DASHBOARDS, Dashboard, Panel

FOLDER = Path(__file__).parent / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
COLUMNS, HEIGHT, STAT_HEIGHT = 24, 8, 4


def rendered(dashboard: Dashboard) -> str:
    """Return the file of one dashboard."""
    model = {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["quittance"],
        "timezone": "utc",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [{"type": "dashboards", "tags": ["quittance"], "title": "Quittance", "asDropdown": True}],
        "panels": placed(dashboard.panels),
    }
    return json.dumps(model, indent=1) + "\n"


def placed(panels: tuple[Panel, ...]) -> list[dict[str, Any]]:
    """Return the panels from left to right and from top to bottom."""
    models, x, y, row = [], 0, 0, 0
    for number, panel in enumerate(panels, start=1):
        height = STAT_HEIGHT if panel.kind == "stat" else HEIGHT
        if x + panel.width > COLUMNS:
            x, y, row = 0, y + row, 0
        models.append({**_panel(number, panel), "gridPos": {"x": x, "y": y, "w": panel.width, "h": height}})
        x, row = x + panel.width, max(row, height)
    return models


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": DATASOURCE,
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "options": {"tooltip": {"mode": "multi"}, "legend": {"displayMode": "list", "placement": "bottom"}}
        if panel.kind == "timeseries"
        else {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "value_and_name"},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": DATASOURCE,
                "expr": expression,
                "legendFormat": legend,
                "exemplar": "_bucket" in expression,
            }
            for place, (legend, expression) in enumerate(panel.queries.items())
        ],
    }


def main() -> None:
    """Write every file."""
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.uid}.json").write_text(rendered(dashboard))


if __name__ == "__main__":
    main()
