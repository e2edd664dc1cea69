"""What counting costs: the real chain, shell and all, over tables that are dicts, with the metrics and without.

No broker and no socket is in it, so that the share is larger than that of a worker, which also has a client to feed.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from agents.effects import Observation
from app import clock
from app.exposition import OPENMETRICS, rendered
from app.local.samples import load_set
from app.observing import Observing
from app.poison import Stops
from app.replay import Bench
from app.telemetry import Telemetry
from tables.suppliers import Directory
from tests.app.replay.world import _STAGE_OF, SIGNATURE, World

QUESTION = "Which share of the chain's processor time do the metrics take?"
SAMPLES = 150
# Reading takes most of the time, and none of the counting.
ROUNDS_WITH_READING, ROUNDS = 5, 25
SCRAPE_EVERY_SECONDS = 10.0
READING = "extraction"


def run() -> dict[str, Any]:
    return asyncio.run(_measure())


async def _measure() -> dict[str, Any]:
    world = World(load_set(SAMPLES, seed=5))
    world.know()
    for sample in world.samples.samples:
        world.send(sample)
    await world.run()
    telemetry = Telemetry("ledger", "none")
    whole, _ = await _compared(world, telemetry, reading=True)
    ledger, plain = await _compared(world, telemetry, reading=False)
    alone, events = await _alone(world), _events(world)
    started = time.process_time()
    page, _ = rendered(telemetry.registry, OPENMETRICS)
    scrape = time.process_time() - started
    return {
        "documents": SAMPLES,
        "rounds": ROUNDS,
        "ratio_whole_chain": whole,
        "ratio_without_reading": ledger,
        "microseconds_per_event": round(alone * 1e6, 1),
        "share_without_reading": round(alone * events / plain, 4),
        "page_kilobytes": round(len(page) / 1000),
        "scrape_share_of_a_processor": round(scrape / SCRAPE_EVERY_SECONDS, 5),
    }


async def _compared(world: World, telemetry: Telemetry, *, reading: bool) -> tuple[float, float]:
    """Compare the quickest round with and without; return the ratio, and the seconds without.

    They take turns, so that the machine's other work meets both.
    """
    observe = _counting(telemetry)
    rounds = [
        (await _seconds(world, None, reading=reading), await _seconds(world, observe, reading=reading))
        for _ in range(ROUNDS_WITH_READING if reading else ROUNDS)
    ]
    plain, counted = map(min, zip(*rounds, strict=True))
    return round(counted / plain, 4), plain


async def _seconds(world: World, observe: Callable[[Observation], None] | None, *, reading: bool) -> float:
    """Return the processor time of all stages over all records of a world."""
    bench = Bench(world.readers.documents, world.readers.reader, world.debtors, lambda _content: SIGNATURE)
    directory = Directory()
    for supplier in world.suppliers():
        directory.apply(supplier)
    if observe is not None:
        bench._ports.observe = observe  # type: ignore[assignment, method-assign]  # noqa: SLF001 - else it counts nothing
    began = time.process_time()
    for read in world.reads:
        stage = _STAGE_OF.get(read.topic)
        if stage is not None and (reading or stage != READING):
            await bench.run(stage, read, release="none", directory=directory)
    return time.process_time() - began


async def _alone(world: World) -> float:
    """Return the seconds that counting one event takes by itself: the difference of two runs drowns in noise."""
    seen: list[Observation] = []
    await _seconds(world, seen.append, reading=False)
    observe = _counting(Telemetry("ledger", "none"))
    began = time.process_time()
    for _ in range(ROUNDS):
        for each in seen:
            observe(each)
    return (time.process_time() - began) / ROUNDS / len(seen)


def _events(world: World) -> int:
    """Return how many events the stages without the reading deal with."""
    stages = [_STAGE_OF[read.topic] for read in world.reads if read.topic in _STAGE_OF]
    return len(stages) - stages.count(READING)


def _counting(telemetry: Telemetry) -> Callable[[Observation], None]:
    """Return what a worker's ports do with an event (app/ports.py)."""
    observing, stops = Observing(telemetry), Stops(telemetry)

    def observe(seen: Observation) -> None:
        observing.count(seen, clock.now())
        stops.observe(seen.stage, seen.effects.outcome)

    return observe
