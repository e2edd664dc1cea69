"""What a run leaves behind: one JSON file, and where something was wrong the topics as they were."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.system.anomalies import Report
from tests.system.records import Records


@dataclass(frozen=True)
class Result:
    """One run and its verdict."""

    scenario: str
    seed: int
    documents: int
    faults: dict[str, int]
    workers_ended: list[str]
    seconds: dict[str, float]
    report: Report

    def as_dict(self, date: str, scale: str) -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "scale": scale,
            "date": date,
            "seed": self.seed,
            "documents": self.documents,
            "faults": self.faults,
            "workers_ended_by_themselves": self.workers_ended,
            "seconds": self.seconds,
            "clean": self.report.is_clean,
            "verifier": self.report.as_dict(),
        }

    def write(self, folder: Path, date: str, scale: str) -> str:
        """Keep it, and return its text."""
        text = json.dumps(self.as_dict(date, scale), indent=1) + "\n"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.scenario.lower()}-{scale}.json").write_text(text)
        return text


def keep_topics(folder: Path, records: Records) -> None:
    """Write each topic as JSONL, a record a line, for whoever looks into what went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic, found in records.items():
        lines = (
            json.dumps({
                "partition": record.partition,
                "offset": record.offset,
                "key": record.name,
                "digest": record.digest,
                "headers": {name: value.decode(errors="replace") for name, value in record.headers.items()},
                "value": record.value.decode(errors="replace"),
            })
            for record in found
        )  # fmt: skip
        (folder / f"{topic}.jsonl").write_text("".join(f"{line}\n" for line in lines))
