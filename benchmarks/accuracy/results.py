"""A run's figures as JSON, and two runs side by side."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.quality.intervals import interval, upper
from app.quality.judgement import Judged, count
from benchmarks.accuracy import calibration, report

FOLDER = Path(__file__).parent.parent / "results"
CHANGES_MAX = 100


def _figures(found: Sequence[Judged]) -> dict[str, Any]:
    c = count(found)
    return {
        **asdict(c),
        "coverage": round(c.coverage, 5),
        "coverage_interval": [round(side, 5) for side in interval(c.covered, c.payable)] if c.payable else None,
        "all_right_interval": [round(side, 5) for side in interval(c.all_right, c.scored)] if c.scored else None,
        "false_payable_upper": round(upper(c.false_payable, c.said_payable), 6),
    }


def _seconds(found: Sequence[Judged]) -> dict[str, float]:
    times = sorted(float(one.line.get("seconds") or 0) for one in found)
    return {
        name: round(times[min(len(times) - 1, int(len(times) * q))], 4) for name, q in (("p50", 0.5), ("p95", 0.95))
    }


def of(found: Sequence[Judged], folder: str) -> dict[str, Any]:
    """Return the figures of a run, with what was said of each document: enough to compare it later."""
    return {
        "folder": folder,
        "release": found[0].line["release"],
        "seconds": _seconds(found),
        "lanes": {name: _figures(some) for name, some in report.by(found, lambda one: one.label.lane).items()},
        "languages": {name: _figures(some) for name, some in report.by(found, lambda one: one.label.language).items()},
        "layouts": {
            name: {"documents": c.documents, "all_right": c.all_right, "covered": c.covered, "payable": c.payable}
            for name, some in report.by(found, lambda one: one.label.group).items()
            for c in (count(some),)
        },
        "calibration": calibration.summary(found),
        "documents": {one.label.name: [one.outcome, *one.critical_wrong] for one in found},
    }


def write(result: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compare(new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[str]:
    """Yield what changed between two runs over the same folder: figures by lane, then the documents."""
    yield f"## {old['release']} -> {new['release']}"
    for lane, after in new["lanes"].items():
        before = old["lanes"].get(lane)
        if before:
            yield (
                f"{lane:<18} all right {before['all_right']} -> {after['all_right']} of {after['scored']}, covered "
                f"{before['covered']} -> {after['covered']} of {after['payable']}, false payable "
                f"{before['false_payable']} -> {after['false_payable']}"
            )
    both = new["documents"].keys() & old["documents"].keys()
    changed = sorted(name for name in both if new["documents"][name] != old["documents"][name])
    yield f"{len(changed)} of {len(both)} documents are read otherwise"
    for name in changed[:CHANGES_MAX]:
        yield f"  {name}: {' '.join(old['documents'][name])} -> {' '.join(new['documents'][name])}"
