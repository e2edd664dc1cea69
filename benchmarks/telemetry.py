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
from app.readmodel.record import Read
from app.replay import Bench
from app.telemetry import Telemetry
from schemas.release import Bundle
from tables.releases import Running
from tests.app.replay.world import _STAGE_OF, SIGNATURE, World

QUESTION = "Which share of the chain's processor time do the metrics take?"
SAMPLES = 60
ROUNDS = 8  # even: each event meets either chain first as often
SCRAPE_EVERY_SECONDS = 10.0
READING = "extraction"
NO_RELEASE = Running.of(Bundle(code="none"))


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
    alone, events = await _alone(world), len(_records(world, reading=False))
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
    """Return with / without, and the seconds without.

    Both deal with the same event one after the other, in turns: what else the machine does meets both alike.
    """
    spent = [0.0, 0.0]
    for number in range(ROUNDS):
        chains = [_bench(world), _bench(world, _counting(telemetry))]
        for place, (stage, read) in enumerate(_records(world, reading=reading)):
            for turn in (0, 1) if (place + number) % 2 else (1, 0):
                began = time.process_time()
                await chains[turn].run(stage, read, release=NO_RELEASE)
                spent[turn] += time.process_time() - began
    plain, counted = spent
    return round(counted / plain, 4), plain / ROUNDS


def _records(world: World, *, reading: bool) -> list[tuple[str, Read]]:
    found = [(_STAGE_OF[read.topic], read) for read in world.reads if read.topic in _STAGE_OF]
    return [(stage, read) for stage, read in found if reading or stage != READING]


def _bench(world: World, observe: Callable[[Observation], None] | None = None) -> Bench:
    """Return all stages with an empty memory; without `observe` they count nothing."""
    bench = Bench(world.readers.documents, world.readers.reader, world.debtors, lambda _content: SIGNATURE)
    for supplier in world.suppliers():
        bench._reference.current.apply(supplier)  # noqa: SLF001 - `run` would set it anew for each event
    if observe is not None:
        bench._ports.observe = observe  # type: ignore[assignment, method-assign]  # noqa: SLF001 - else it counts nothing
    return bench


async def _alone(world: World) -> float:
    """Return the seconds that counting one event takes by itself."""
    seen: list[Observation] = []
    bench = _bench(world, seen.append)
    for stage, read in _records(world, reading=False):
        await bench.run(stage, read, release=NO_RELEASE)
    observe = _counting(Telemetry("ledger", "none"))
    began = time.process_time()
    for _ in range(ROUNDS):
        for each in seen:
            observe(each)
    return (time.process_time() - began) / ROUNDS / len(seen)


def _counting(telemetry: Telemetry) -> Callable[[Observation], None]:
    """Return what a worker's ports do with an event (app/ports.py)."""
    observing, stops = Observing(telemetry), Stops(telemetry)

    def observe(seen: Observation) -> None:
        observing.count(seen, clock.now())
        stops.observe(seen.stage, seen.effects.outcome)

    return observe
