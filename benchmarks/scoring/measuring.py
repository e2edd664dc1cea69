"""What the scorer is worth on papers that it was not taught with.

*Alone*: its likeliest candidate against the truth, by field and language, and whether its probabilities hold.
*Beside the rules*: what it suggests where they are silent, what it dissents from although they are right (which costs
coverage), and what of planted errors it catches: another candidate in place of the value that the rules read rightly.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from agents.extraction.text.reading import read_document
from agents.extraction.text.scoring import base
from agents.extraction.text.scoring.advice import DISSENT_MIN, SCORED
from agents.extraction.text.scoring.model import probabilities
from agents.extraction.text.scoring.offering import Option
from app.quality.judgement import Judged
from app.quality.teaching import TRUTHS
from app.reading import judged
from app.release import release_id
from benchmarks.scoring.papers import USUAL, Drawn, papers
from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice, FieldName
from schemas.finding import SCORER_DISSENTS, SCORER_SUGGESTS
from schemas.release import Bundle
from tables.releases import Running

BINS = 10
THRESHOLDS = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)

Figures = dict[str, Any]


class Tally:
    """Counts of one run."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.alone: dict[str, Counter[str]] = defaultdict(Counter)
        self.bins: dict[str, list[list[float]]] = {field: [[0.0, 0.0, 0.0] for _ in range(BINS)] for field in SCORED}
        self.suggested: dict[str, Counter[str]] = defaultdict(Counter)
        self.dissent: dict[str, Counter[str]] = defaultdict(Counter)
        self.documents: Counter[str] = Counter()

    def add(self, paper: Drawn) -> None:
        reading = read_document(paper.document)
        running = Running.of(Bundle(code=release_id()))
        line = judged(paper.label.name, None, reading, 0.0, running)
        found = Judged(paper.label, line.model_dump(mode="json"))
        self._count_document(paper, reading, found)
        offering = paper.offering
        for field in SCORED:
            options = offering.fields[field]
            if options and paper.label.is_scored(TRUTHS[field]) and not paper.label.row["negative"]:
                chances = probabilities([frozenset(one.features) for one in options], base.weights(None, field))
                self._count_alone(paper, field, options, chances)
                self._count_beside(paper, field, options, chances, reading)

    def _count_document(self, paper: Drawn, reading: ExtractedInvoice, found: Judged) -> None:
        kind = "usual" if paper.exchanged == USUAL else "exchanged"
        self.documents[f"{kind} papers"] += 1
        self.documents[f"{kind} payable, or would be but for a dissent"] += found.outcome == "payable" or _only(found)
        self.documents[f"{kind} held by a dissent alone"] += _only(found)
        self.documents[f"{kind} false payable"] += found.false_payable
        rules = {finding.rule for finding in reading.findings}
        self.documents[f"{kind} payable with a suggestion"] += found.outcome == "payable" and SCORER_SUGGESTS in rules

    def _count_alone(self, paper: Drawn, field: FieldName, options: Sequence[Option], chances: list[float]) -> None:
        at = max(range(len(chances)), key=chances.__getitem__)
        is_right = paper.label.matches(TRUTHS[field], options[at].value)
        has_any = any(paper.label.matches(TRUTHS[field], one.value) for one in options)
        kind = "usual" if paper.exchanged != field else "exchanged"
        for key in (f"{field}/{paper.label.language}", f"{field}/{kind}"):
            self.alone[key]["asked"] += has_any
            self.alone[key]["right"] += is_right
        place = min(int(chances[at] * BINS), BINS - 1)
        for index, value in enumerate((1.0, chances[at], float(is_right))):
            self.bins[field][place][index] += value

    def _count_beside(
        self, paper: Drawn, field: FieldName, options: Sequence[Option], chances: list[float], reading: ExtractedInvoice
    ) -> None:
        said = next((one for one in reading.findings if one.rule == SCORER_SUGGESTS and field in one.fields), None)
        if said is not None:
            is_right = paper.label.matches(TRUTHS[field], reading.value(field) or "")
            self.suggested[field]["right" if is_right else "wrong"] += 1
        if field not in PAYMENT_CRITICAL or said is not None or reading.value(field) is None:
            return
        at = max(range(len(chances)), key=chances.__getitem__)
        is_read = paper.label.matches(TRUTHS[field], reading.value(field) or "")
        is_other = options[at].value != reading.value(field)
        self._count_dissent(field, "right" if is_read else "wrong", chances[at] if is_other else 0.0)
        others = [one for one in options if not paper.label.matches(TRUTHS[field], one.value)]
        if is_read and others:
            planted = self.rng.choice(others)
            caught = chances[at] if options[at].value != planted.value else 0.0
            self._count_dissent(field, "planted", caught)

    def _count_dissent(self, field: str, reads: str, chance: float) -> None:
        self.dissent[f"{field}/{reads}"]["values"] += 1
        for threshold in THRESHOLDS:
            self.dissent[f"{field}/{reads}"][f"{threshold}"] += chance >= threshold


def _only(found: Judged) -> bool:
    reasons = (found.line.get("assessment") or {}).get("reasons") or ()
    return tuple(reasons) == (SCORER_DISSENTS,)


def measured(split: str, seed: int, every: int) -> Figures:
    """Return the figures of a run."""
    tally = Tally(seed)
    for paper in papers(seed, split, every):
        tally.add(paper)
    return {
        "release": release_id(),
        "scorer": base.artefact().scorer.version,
        "split": split,
        "seed": seed,
        "dissent_min": DISSENT_MIN,
        "documents": dict(sorted(tally.documents.items())),
        "alone": {key: dict(counts) for key, counts in sorted(tally.alone.items())},
        "calibration": {field: _calibration(bins) for field, bins in tally.bins.items()},
        "suggested": {key: dict(counts) for key, counts in sorted(tally.suggested.items())},
        "dissent": {key: dict(counts) for key, counts in sorted(tally.dissent.items())},
    }


def _calibration(bins: list[list[float]]) -> Figures:
    whole = sum(count for count, _, _ in bins) or 1.0
    ece = sum(abs(said - right) for _, said, right in bins) / whole
    rows = [
        {"from": at / BINS, "values": int(count), "said": round(said / count, 4), "right": round(right / count, 4)}
        for at, (count, said, right) in enumerate(bins)
        if count
    ]
    return {"ece": round(ece, 4), "bins": rows}


def told(figures: Figures) -> str:
    """Return the figures as lines."""
    return "\n".join(_lines(figures))


def _lines(figures: Figures) -> Iterator[str]:
    for name in ("documents", "alone", "suggested", "dissent"):
        yield name
        for key, counts in figures[name].items():
            yield f"  {key}: {counts}"
    for field, found in figures["calibration"].items():
        yield f"ECE {field}: {found['ece']}"
        yield from (f"  {row}" for row in found["bins"])
