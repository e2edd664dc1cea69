"""The gate: no false payable beyond those known by name, and no lane below its recorded coverage."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.quality import labels
from app.quality.judgement import Judged, count
from benchmarks.accuracy import calibration, report, running
from benchmarks.accuracy.papers.collection import REFUSED, write

BASELINE = Path(__file__).with_name("baseline.json")
THRESHOLDS = Path(__file__).parents[2] / "agents" / "validation" / "thresholds.json"
# The gate's own papers: every language and every layout that may be tuned on, few enough for a minute on a slow core.
# None that is held out: whoever mends what the gate complains of would be tuning on it.
SEED, EVERY = 20_261_124, 3
# Where each kind of paper that nobody may pay is drawn besides: a letter, and a page with its bank at the side.
REFUSED_IN = ("letter-window", "saas-sidebar")


def papers() -> list[Judged]:
    """Generate the gate's papers, and read them."""
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), SEED, which="tuning", every=EVERY)
        return running.run(labels.read(Path(place)))


def refused() -> list[Judged]:
    """Generate every kind of paper that nobody may pay, in two layouts and all languages, and read them."""
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), SEED, names=REFUSED_IN, kinds=REFUSED)
        return running.run(labels.read(Path(place)))


def run(corpus: Path | None = None, *, record: bool = False) -> list[str]:
    """Return a sentence for each thing that got worse; with `record`, make today's figures the baseline first."""
    sets = {"papers": papers(), "refused": refused()} | ({"corpus": running.run(labels.read(corpus))} if corpus else {})
    if record:
        baseline = _baseline()
        baseline.update({name: figures(found) for name, found in sets.items()})
        if "corpus" in sets:  # of real documents no false payable is ever a known one
            baseline["corpus"]["known_false"] = []
        BASELINE.write_text(json.dumps(baseline, indent=1) + "\n", encoding="utf-8")
    return [sentence for name, found in sets.items() for sentence in complaints(name, found, known(name))]


def known(name: str) -> dict[str, Any]:
    """Return what is recorded of a set; nothing where none is."""
    recorded: dict[str, Any] = _baseline().get(name, {"coverage": {}, "known_false": []})
    return recorded


def _baseline() -> dict[str, Any]:
    return json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}


def figures(found: Sequence[Judged]) -> dict[str, Any]:
    """Return what is recorded of a set: coverage by lane, and the known false payables by name."""
    lanes = report.by(found, lambda one: one.label.lane)
    return {
        "coverage": {lane: round(count(some).coverage, 5) for lane, some in lanes.items()},
        "known_false": sorted(one.label.name for one in found if one.false_payable),
    }


def complaints(name: str, found: Sequence[Judged], recorded: dict[str, Any]) -> list[str]:
    """Return what is worse than recorded.

    A false payable that is known by name is an open fault of the reader, listed in docs/accuracy.md; it may go, and no
    other may come.
    """
    said = [
        f"{name}: false payable {one.label.name} ({', '.join(one.critical_wrong) or one.expected})"
        for one in found
        if one.false_payable and one.label.name not in recorded["known_false"]
    ]
    for lane, coverage in figures(found)["coverage"].items():
        before = recorded["coverage"].get(lane, 0.0)
        if coverage < before:
            said.append(f"{name}: coverage of {lane} fell from {before:.4f} to {coverage:.4f}")
    return said


def thresholds(found: Sequence[Judged], names: Sequence[str]) -> dict[str, Any]:
    """Return the content of the thresholds' file: which data, which risk, and for each lane what was chosen and why."""
    before = json.loads(THRESHOLDS.read_text(encoding="utf-8"))["lanes"]
    lanes = {lane: figures["payable"] for lane, figures in calibration.summary(found).items()}
    return {
        "risk": calibration.RISK,
        "alpha": calibration.ALPHA,
        "floor": calibration.FLOOR,
        "release": found[0].line["release"],
        "data": list(names),
        "documents": len(found),
        "lanes": {**before, **lanes},
    }
