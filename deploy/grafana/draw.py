"""Draws a dashboard's panels from what a Prometheus has seen, as one SVG: for documents and tickets, without Grafana.

python -m deploy.grafana.draw http://127.0.0.1:9090 FOLDER [MINUTES]
"""

import sys
import time
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import httpx

from deploy.grafana.make import COLUMNS, placed
from deploy.grafana.panels import DASHBOARDS, Dashboard, Panel

COLUMN, ROW, GAP, TITLE, LEGEND = 44, 26, 8, 22, 14
COLOURS = ("#3274a1", "#e1812c", "#3a923a", "#c03d3e", "#9372b2", "#845b53", "#d684bd", "#7f7f7f", "#a9aa35", "#2eabb8")
STEPS = 120
LETTER = 6.5  # of the legend, in its widest
LEGENDS_MAX = 4
POWERS = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""))

Series = tuple[str, list[tuple[float, float]]]  # legend, points of (seconds since 1970, value)


def series_of(client: httpx.Client, panel: Panel, since: float, until: float) -> Iterator[Series]:
    """Ask for every query of a panel; values that are none are left out."""
    for legend, query in panel.queries.items():
        parameters = {"query": query, "start": since, "end": until, "step": (until - since) / STEPS}
        answer = client.get("/api/v1/query_range", params={name: str(value) for name, value in parameters.items()})
        for found in answer.raise_for_status().json()["data"]["result"]:
            name = legend
            for label, value in found["metric"].items():
                name = name.replace(f"{{{{{label}}}}}", value)
            points = [(float(at), float(value)) for at, value in found["values"]]
            yield name, [(at, value) for at, value in points if value == value]  # noqa: PLR0124 - NaN


def worded(value: float, unit: str) -> str:
    """Return a value as a person reads it."""
    if unit == "percentunit":
        return f"{value:.1%}"
    if unit == "s":
        return f"{value * 1000:.0f} ms" if abs(value) < 1 else f"{value:.1f} s"
    size, letter = next((power for power in POWERS if abs(value) >= power[0]), POWERS[-1])
    return f"{value / size:.3g}{letter}{'/s' if unit == 'ops' else 'B' if unit == 'bytes' else ''}"


def drawn(panel: Panel, found: Sequence[Series], width: float, height: float) -> Iterator[str]:
    """Yield the parts of one panel, in its own coordinates."""
    yield f'<rect width="{width}" height="{height}" rx="3" fill="#fff" stroke="#ccc"/>'
    yield f'<text x="8" y="16" font-weight="bold">{escape(panel.title)}</text>'
    shown = [(name, points) for name, points in found if points]
    if not shown:
        yield f'<text x="{width / 2}" y="{height / 2}" text-anchor="middle" fill="#999">nothing yet</text>'
    elif panel.kind == "stat":
        yield from _numbers(panel, shown)
    else:
        yield from _lines(panel, shown, width, height)


def _numbers(panel: Panel, shown: Sequence[Series]) -> Iterator[str]:
    for place, (name, points) in enumerate(shown[:LEGENDS_MAX]):
        value = points[-1][1]
        red = panel.red is not None and value >= panel.red
        text = f"{worded(value, panel.unit)} {name if len(shown) > 1 else ''}"
        size = 24 if len(shown) == 1 else 13
        yield f'<text x="8" y="{TITLE + 26 + 16 * place}" font-size="{size}" fill="{"#c03d3e" if red else "#3a923a"}">'
        yield f"{escape(text)}</text>"


def _lines(panel: Panel, shown: Sequence[Series], width: float, height: float) -> Iterator[str]:
    times = [at for _, points in shown for at, _ in points]
    since, until = min(times), max(times)
    top = max(value for _, points in shown for _, value in points) or 1.0
    low, high, left, right = height - LEGEND * 2 - 4, TITLE + 10, 56.0, width - 8

    def place(at: float, value: float) -> str:
        x = left + (right - left) * (at - since) / ((until - since) or 1)
        return f"{x:.1f},{low - (low - high) * max(value, 0) / top:.1f}"

    for share in (0.0, 0.5, 1.0):
        y = low - (low - high) * share
        yield f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>'
        tick = worded(top * share, panel.unit)
        yield f'<text x="{left - 4}" y="{y + 3:.1f}" text-anchor="end" fill="#777">{tick}</text>'
    for number, (_, points) in enumerate(shown):
        line = " ".join(place(at, value) for at, value in points)
        yield f'<polyline points="{line}" fill="none" stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="1.3"/>'
    names = list(enumerate(name for name, _ in shown))[: LEGENDS_MAX * 2]
    for number, name in names:
        x, y = (
            8 + (width - 16) / LEGENDS_MAX * (number % LEGENDS_MAX),
            height - LEGEND * (2 - number // LEGENDS_MAX) + 8,
        )
        cut = escape(name[: int((width - 16) / LEGENDS_MAX / LETTER)])
        yield f'<text x="{x:.0f}" y="{y:.0f}" fill="{COLOURS[number % len(COLOURS)]}">{cut}</text>'


def picture(client: httpx.Client, dashboard: Dashboard, minutes: float) -> str:
    """Return one dashboard's panels over the last minutes."""
    until = time.time()
    models = placed(dashboard.panels)
    width = COLUMNS * COLUMN + GAP
    height = max(model["gridPos"]["y"] + model["gridPos"]["h"] for model in models) * ROW + 30 + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#f4f5f5"/>',
        f'<text x="{GAP}" y="20" font-size="15">{escape(dashboard.title)}</text>',
    ]
    for panel, model in zip(dashboard.panels, models, strict=True):
        at = model["gridPos"]
        found = list(series_of(client, panel, until - minutes * 60, until))
        parts.append(f'<g transform="translate({at["x"] * COLUMN + GAP},{at["y"] * ROW + 30})">')
        parts += drawn(panel, found, at["w"] * COLUMN - GAP, at["h"] * ROW - GAP)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def main(url: str, folder: str, minutes: str = "15") -> None:
    """Write a file for each dashboard."""
    with httpx.Client(base_url=url, timeout=30.0, trust_env=False) as client:
        for dashboard in DASHBOARDS:
            (Path(folder) / f"{dashboard.uid}.svg").write_text(picture(client, dashboard, float(minutes)))


if __name__ == "__main__":
    main(*sys.argv[1:])
