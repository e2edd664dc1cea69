"""A labelled folder of the project's own papers: what a release must not spoil, in the form that `regress` reads."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.local.samples import Sample, any_set
from app.local.samples.sample import APPROVE
from app.quality.labels import FIELDS
from app.quality.regression_sides import TRUTH

# Enough that each layout and each language comes several times, few enough to be read in some seconds.
DRAWN = 300
SEED = 7


def papers() -> tuple[Sample, ...]:
    """Return plain invoices on paper, of all layouts and languages."""
    return tuple(
        sample for sample in any_set(DRAWN, SEED).samples if sample.lane == "text" and sample.expect == APPROVE
    )


def write(folder: Path, samples: Iterable[Sample]) -> int:
    """Write documents and truth; return how many there are."""
    folder.mkdir(parents=True)
    rows = [_row(sample) for sample in samples]
    for sample in samples:
        (folder / sample.name).write_bytes(sample.content)
    (folder / TRUTH).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def _row(sample: Sample) -> dict[str, object]:
    truth = dict(_truth(sample))
    return {
        "id": sample.name,
        "path": sample.name,
        "set": "generated",
        "kind": "pdf_text_only",
        "group": sample.layout,
        "language": sample.language,
        "negative": False,
        "truth": truth,
        "alt": {},
        "optional": [],
        "skip": [field for field in FIELDS if field not in truth],
        "aux": {"expect": "payable"},
    }


def _truth(sample: Sample) -> Iterator[tuple[str, str | None]]:
    """Yield the true values by the folder's names."""
    for field, names in FIELDS.items():
        for name in names[:1]:
            if name in sample.truth:
                yield field, sample.truth[name]
