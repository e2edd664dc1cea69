"""A dashboard is drawn from what Prometheus says, also where it says nothing, or that something is no number."""

import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import httpx
import pytest

from deploy.grafana.draw import picture, worded
from deploy.grafana.panels import DASHBOARDS, Dashboard

METRIC = {"stage": "decision", "lane": "<xml>", "role": "ledger"}
Values = Callable[[str], list[list[object]]]


def drawn(dashboard: Dashboard, values: Values) -> str:
    def answer(request: httpx.Request) -> httpx.Response:
        found = [{"metric": METRIC, "values": values(request.url.params["query"])}]
        return httpx.Response(200, content=json.dumps({"data": {"result": found}}))

    with httpx.Client(base_url="http://prometheus", transport=httpx.MockTransport(answer)) as client:
        return picture(client, dashboard, 5)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.uid)
@pytest.mark.parametrize(
    "values",
    [
        lambda _: [[1.0, "1"], [2.0, "3.5"], [3.0, "NaN"]],
        lambda _: [],
        lambda _: [[1.0, "0"]],
        lambda _: [[1.0, "NaN"]],
    ],
    ids=["lines", "nothing", "one point", "no number"],
)
def test_every_panel_is_in_the_picture(dashboard: Dashboard, values: Values) -> None:
    text = drawn(dashboard, values)
    titles = {element.text for element in ET.fromstring(text).iter() if element.get("font-weight") == "bold"}
    assert titles == {panel.title for panel in dashboard.panels}
    assert "nan" not in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "s", "12 ms"),
        (75.0, "s", "75.0 s"),
        (0.999, "percentunit", "99.9%"),
        (2.5e9, "bytes", "2.5GB"),
        (1234.0, "short", "1.23k"),
        (0.5, "ops", "0.5/s"),
    ],
)
def test_values_are_said_as_people_read_them(value: float, unit: str, text: str) -> None:
    assert worded(value, unit) == text
