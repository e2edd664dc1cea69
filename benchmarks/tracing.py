"""What traces cost: the processor time of a worker's processes on a real Kafka, with every span sent and with none."""

import asyncio
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import psutil

from app.local.samples import SampleSet, load_set
from app.local.watch import Watch
from tests.servers.collector import Collector, running_collector
from tests.system.cluster import Cluster, running_cluster

QUESTION = "How much processor time do the worker's processes take a document, tracing off, and on at a ratio of 1?"
DOCUMENTS = 300
ROUNDS = 3
# As fast as two cores can: nothing waits, so that idle time costs neither side anything.
PAUSE_SECONDS = 0.0
END_SECONDS = 600.0
ENDPOINT = "QUITTANCE_OTLP_ENDPOINT"


def run() -> dict[str, Any]:
    """Alternate, so that whatever else the machine does meets both sides."""
    with running_collector() as collector:
        pairs = [(_spent(None), _spent(collector)) for _ in range(ROUNDS)]
        spans = len(collector.spans)
    off, on = ([pair[side] for pair in pairs] for side in (0, 1))
    return {
        "documents": DOCUMENTS,
        "rounds": ROUNDS,
        "spans_a_document": round(spans / ROUNDS / DOCUMENTS, 1),
        "ms_a_document_off": [_per_document(each["own"]) for each in off],
        "ms_a_document_on": [_per_document(each["own"]) for each in on],
        "ratio_reader_and_ledger": _ratio(off, on, "own"),
        "ms_a_document_off_with_children": [_per_document(each["all"]) for each in off],
        "ms_a_document_on_with_children": [_per_document(each["all"]) for each in on],
        "ratio_with_children": _ratio(off, on, "all"),
    }


def _per_document(seconds: float) -> float:
    return round(1000 * seconds / DOCUMENTS, 2)


def _ratio(off: list[dict[str, float]], on: list[dict[str, float]], part: str) -> float:
    """Return the ratio of the medians."""
    return round(statistics.median(each[part] for each in on) / statistics.median(each[part] for each in off), 3)


def _spent(collector: Collector | None) -> dict[str, float]:
    os.environ.pop(ENDPOINT, None)
    if collector is not None:
        os.environ[ENDPOINT] = collector.url
        os.environ["QUITTANCE_TRACE_RATIO"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_fed(Path(folder), load_set(DOCUMENTS)))


async def _fed(folder: Path, samples: SampleSet) -> dict[str, float]:
    async with running_cluster(folder, samples, ("one",)) as cluster:
        spent, watch = await feed(cluster)
        ended = watch.seen.ended(samples.document_ids())
        paid = sum(status.state == "payment_initiated" for status in watch.seen.statuses.values())
        assert ended + paid == len(samples.document_ids()), "some documents came to no end"
        return spent


async def feed(cluster: Cluster) -> tuple[dict[str, float], Watch]:
    """Feed the cluster its documents until all have ended; return the seconds spent on them, and what was seen."""
    watch = Watch(cluster.settings)
    watching = asyncio.create_task(watch.run())
    before = times(cluster)
    await cluster.feed(PAUSE_SECONDS)
    await cluster.until_ended(watch, END_SECONDS)
    spent = {part: seconds - before[part] for part, seconds in times(cluster).items()}
    watching.cancel()
    return spent, watch


def times(cluster: Cluster) -> dict[str, float]:
    """Return the seconds of the role processes, and with the children in which documents are read."""
    family = cluster._family("one")  # noqa: SLF001 - the benchmark looks where its cluster does
    roles = [process for process in family if "--role" in process.cmdline()]
    return {"own": sum(map(_seconds, roles)), "all": sum(map(_seconds, family))}


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
