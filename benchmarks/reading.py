"""What a document costs, lane by lane, in the process that reads it; and what the sandbox adds."""

import asyncio
import statistics
import time
from collections import defaultdict
from typing import Any

from agents.extraction.reading import prepare, read_bytes
from app.extraction import READER
from app.local.samples import Sample, demo_set
from app.sandbox import Sandbox

QUESTION = "What does reading a document cost in each lane, and what does the sandbox add to it?"
ROUNDS = 5


def run() -> dict[str, Any]:
    prepare()
    samples = [sample for sample in demo_set(1).samples if sample.scenario == "plain"]
    bare: dict[str, list[float]] = defaultdict(list)
    for sample in samples * ROUNDS:
        started = time.perf_counter()
        read_bytes(sample.content)
        bare[sample.lane].append(time.perf_counter() - started)
    boxed = asyncio.run(_boxed(samples))
    medians = {lane: statistics.median(times) * 1000 for lane, times in bare.items()}
    return {
        "milliseconds": {lane: round(median, 2) for lane, median in medians.items()},
        "text_over_xml": round(medians["text"] / medians["xml"], 1),
        "hybrid_over_text": round(medians["hybrid"] / medians["text"], 2),
        "sandboxed_over_bare": {
            lane: round(statistics.median(times) * 1000 / medians[lane], 2) for lane, times in boxed.items()
        },
    }


async def _boxed(samples: list[Sample]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    async with Sandbox(READER, processes=1) as sandbox:
        for sample in samples * ROUNDS:
            started = time.perf_counter()
            await sandbox.read(sample.content)
            times[sample.lane].append(time.perf_counter() - started)
    return times
