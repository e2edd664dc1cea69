"""The demo's samples as a labelled folder: XML and hybrid invoices of known truth, as many as a bound needs."""

import json
from pathlib import Path
from typing import Any

from app.local.samples import generate
from app.local.samples.sample import Sample
from app.quality.labels import FIELDS

_HELD = ("wrong-sum", "broken-account", "no-account", "page-mismatch")
_REFUSED = ("credit-note", "direct-debit", "paid-by-card", "nothing-due", "quote", "reminder")
# What the document alone is worth is open here: a clerk may ask.
_OPEN = ("changed-account", "factor", "own-account")


def write(folder: Path, count: int, seed: int, lane: str | None = None) -> int:
    """Write the samples of a lane, or of all, among so many, and their truth; return how many were written."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    rows = []
    for place, sample in enumerate(generate(count, seed)):
        if lane not in (None, sample.lane):
            continue
        suffix = ".pdf" if sample.media_type == "application/pdf" else ".xml"
        path = f"documents/{place:05}{suffix}"
        (folder / path).write_bytes(sample.content)
        rows.append(_row(sample, f"samples/{place:05}-{sample.name}-{seed}", path))
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
    return len(rows)


def expectation(scenario: str) -> str:
    """Return what the document alone asks for, by the story that it tells."""
    if scenario in _HELD:
        return "must_hold"
    if scenario in _REFUSED:
        return "must_not_pay"
    return "unknown" if scenario in _OPEN else "payable"


def _skipped(scenario: str) -> list[str]:
    """Return what is not scored: of what is no invoice to pay, a reader may leave everything out."""
    if scenario in _REFUSED:
        return list(FIELDS)
    return ["seller_tax_id", "document_type", "payment_reference", "bic", "due_date"]


def _row(sample: Sample, name: str, path: str) -> dict[str, Any]:
    truth: dict[str, Any] = {field: _value(sample, names) for field, names in FIELDS.items()}
    return {
        "id": name,
        "path": path,
        "set": "samples",
        "kind": sample.lane,
        "split": "samples",
        "group": sample.layout,
        "family": sample.scenario,
        "language": sample.language,
        "licence": "Apache-2.0",
        "source": "generated",
        "negative": False,
        "truth": truth,
        "alt": {},
        "visible": None,
        # of these the samples' truth speaks in the terms of one form only
        "skip": _skipped(sample.scenario),
        "optional": ["amount_due"],
        "iban_checksum_ok": sample.scenario != "broken-account",
        "trap": "" if sample.scenario == "plain" else sample.scenario,
        "aux": {"expect": expectation(sample.scenario)},
    }


def _value(sample: Sample, names: tuple[str, ...]) -> str | None:
    found = (sample.truth.get(name) for name in names)  # type: ignore[call-overload]  # its keys are the reader's names
    return next((str(value) for value in found if value is not None), None)
