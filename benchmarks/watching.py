"""What it costs to see and to prove: the processor time of a worker's processes on a real Kafka, with and without.

With: metrics, traces at the ratio of the settings, sent to a receiver, and an audit entry an event, as every worker has
them. Without: none of it (benchmarks/unwatched). What reading and sealing the entries takes is added to the former.
"""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from app.audit_log.place import FolderPlace
from app.audit_log.sealing import Sealing, SealingLimits
from app.local.samples import load_set
from app.settings import Settings
from app.snapshot import read_to_end
from benchmarks.tracing import ENDPOINT, feed
from schemas.topics import AUDIT_ENTRY
from tests.audit_log.logs import opened
from tests.servers.collector import running_collector
from tests.system.cluster import running_cluster

QUESTION = "Which share of a worker's processor time do metrics, traces and the audit log take together?"
DOCUMENTS = 300
ROUNDS = 4
UNWATCHED = Path(__file__).with_name("unwatched")

Spent = dict[str, float]


def run() -> dict[str, Any]:
    """Alternate, so that whatever else the machine does meets both sides alike."""
    with running_collector() as collector:
        pairs = [(_spent({"PYTHONPATH": str(UNWATCHED)}), _spent({ENDPOINT: collector.url})) for _ in range(ROUNDS)]
    without, seen = ([pair[side] for pair in pairs] for side in (0, 1))
    assert not any(each["entries"] for each in without), "the side without wrote audit entries"
    return {
        "documents": DOCUMENTS,
        "rounds": ROUNDS,
        "trace_ratio": Settings().trace_ratio,
        "entries_a_document": round(statistics.median(each["entries"] for each in seen) / DOCUMENTS, 1),
        "ms_a_document_without": [_per_document(each, "all") for each in without],
        "ms_a_document_with": [_per_document(each, "all") for each in seen],
        "ms_a_document_sealing": [_per_document(each, "sealing") for each in seen],
        "ms_a_document_without_own": [_per_document(each, "own") for each in without],
        "ms_a_document_with_own": [_per_document(each, "own") for each in seen],
        "share_of_what_is_spent_with": _share(without, seen, "all"),
        "share_of_reader_and_ledger_alone": _share(without, seen, "own"),
    }


def _per_document(spent: Spent, part: str) -> float:
    return round(1000 * spent[part] / DOCUMENTS, 2)


def _share(without: list[Spent], seen: list[Spent], part: str) -> float:
    """Return which share of all that is spent goes into seeing and proving, all runs together."""
    plain = sum(each[part] for each in without)
    whole = sum(each[part] + each["sealing"] for each in seen)
    return round(1 - plain / whole, 4)


def _spent(environment: dict[str, str]) -> Spent:
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_fed(Path(folder)))
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


async def _fed(folder: Path) -> Spent:
    samples = load_set(DOCUMENTS)
    async with running_cluster(folder, samples, ("one",)) as cluster:
        spent, _watch = await feed(cluster)
        entries, sealing = await _sealed(cluster.settings, folder)
        return {**spent, "entries": entries, "sealing": sealing}


async def _sealed(settings: Settings, folder: Path) -> tuple[int, float]:
    """Return how many entries there are, and the seconds in which they are read and sealed into a folder."""
    began = time.process_time()
    sealing, entries = Sealing(opened(FolderPlace(folder / "sealed")), SealingLimits(30.0), 0), 0
    async for record in read_to_end(settings, AUDIT_ENTRY.name):
        sealing.take(entries, record.value, 0.0)
        entries += 1
        if sealing.is_full:
            sealing.seal(0.0)
    while not sealing.is_empty:
        sealing.seal(0.0)
    return entries, time.process_time() - began
