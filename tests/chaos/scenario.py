"""One run: a cluster under load, faults at seeded times, and afterwards the verifier's word.

What is drawn (who is hit, when, for how long) is a function of the seed; what the machine makes of it is not.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from app.local.samples import SampleSet, load_set
from schemas.decision import DecisionOutcome
from tests.chaos.feeder import Feeder
from tests.chaos.result import Result, keep_topics
from tests.system.anomalies import Report, outcomes
from tests.system.cluster import Cluster
from tests.system.verifier import read_all, verify
from tests.system.witness import Witness

# Issue 4: whatever was done to it, the chain goes on within this time.
RESUME_SECONDS = 90.0
# From the last fault to the last end, under what was not read meanwhile.
END_SECONDS = 240.0
KEEP_SECONDS = 0.5
# What comes again after the last end: sends of the slowest member, statuses of redelivered events.
QUIET_SECONDS = 3.0
OUTCOMES: Mapping[str, DecisionOutcome] = {"held": "hold", "rejected": "reject", "paid": "approve"}

Scale = Literal["gate", "full"]
T = TypeVar("T")


@dataclass(frozen=True)
class Size:
    """How much of it: documents, faults, and the seconds between two faults, at least and at most."""

    documents: int
    faults: int
    gap: tuple[float, float]

    @property
    def pause_seconds(self) -> float:
        """Between two documents, so that the load lasts as long as the faults."""
        return self.faults * sum(self.gap) / 2 / self.documents


@dataclass
class Chaos:
    """What a fault has at hand."""

    cluster: Cluster
    witness: Witness
    random: random.Random
    size: Size
    stage: Any = None  # what the scenario's own stage has made beside the cluster: brokers, links
    faults: Counter[str] = field(default_factory=Counter)
    ended: list[str] = field(default_factory=list)
    _hands: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def do(self, act: Callable[..., T], *arguments: object) -> T:
        """Do what blocks, one thing at a time."""
        async with self._hands:
            return await asyncio.to_thread(act, *arguments)

    async def pause(self, least: float, most: float) -> None:
        await asyncio.sleep(self.random.uniform(least, most))

    async def keep_workers(self) -> None:
        """Start again what ended by itself, as a supervisor of production does; each is told in the result."""
        while True:
            for name in await self.do(self.cluster.bury_ended):
                self.ended.append(name)
                self.cluster.start_worker(name.split()[0])
            await asyncio.sleep(KEEP_SECONDS)


Strike = Callable[[Chaos, int], Awaitable[str]]
Stage = Callable[[Path, SampleSet], AbstractAsyncContextManager[tuple[Cluster, Any]]]


async def _nothing(_chaos: Chaos) -> None: ...


@dataclass(frozen=True)
class Scenario:
    """A kind of chaos. `strike(chaos, number)` does one fault and names it; `after` adds load when all has ended."""

    name: str
    meaning: str
    sizes: Mapping[Scale, Size]
    stage: Stage
    strike: Strike
    after: Callable[[Chaos], Awaitable[None]] = _nothing
    # Where no broker fails, no worker has a reason to end by itself.
    may_end: bool = False


async def run(scenario: Scenario, size: Size, seed: int, folder: Path) -> Result:
    """Run it once; the topics stay in `folder` if anything was wrong."""
    clock = Stopwatch()
    samples = load_set(size.documents, seed)
    async with scenario.stage(folder, samples) as (cluster, stage):
        clock.lap("start")
        witness = Witness(cluster.bootstrap)
        chaos = Chaos(cluster, witness, random.Random(f"{scenario.name}/{seed}"), size, stage)
        async with beside(witness.run()), beside(chaos.keep_workers()):
            await _under_load(scenario, chaos)
            clock.lap("load")
            await _until_ended(cluster, witness)
            await scenario.after(chaos)
            await _until_ended(cluster, witness)
            report = Report()
            await witness.settled(report)
            clock.lap("rest")
            await asyncio.sleep(QUIET_SECONDS)
        records = await read_all(cluster.bootstrap)
    found = verify(records, set(cluster.samples.document_ids()), set(samples.command_ids()), may_bury=False)
    found.anomalies |= report.anomalies
    witness.report(found, records)
    decided = {document: OUTCOMES[end] for document, end in outcomes(records).items() if end in OUTCOMES}
    _judge(scenario, chaos, found, cluster.samples.complaints(decided))
    if not found.is_clean:
        keep_topics(folder / "topics", records)
    clock.lap("verdict")
    seconds = {**clock.laps, "longest stand": round(witness.longest_stand_seconds, 1)}
    return Result(scenario.name, seed, size.documents, dict(chaos.faults), chaos.ended, seconds, found)


class Stopwatch:
    """The seconds of each lap."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._at = time.monotonic()

    def lap(self, name: str) -> None:
        before, self._at = self._at, time.monotonic()
        self.laps[name] = round(self._at - before, 1)


async def _under_load(scenario: Scenario, chaos: Chaos) -> None:
    size = chaos.size
    feeder = Feeder(chaos.cluster, chaos.witness, size.pause_seconds)
    async with beside(feeder.run()) as feeding:
        for number in range(size.faults):
            feeder.allow(size.documents * (number + 1) // size.faults)
            await chaos.pause(*size.gap)
            chaos.faults[await scenario.strike(chaos, number)] += 1
        await feeding


async def _until_ended(cluster: Cluster, witness: Witness) -> None:
    documents = cluster.samples.document_ids()
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        if documents <= witness.ended:
            break
        await asyncio.sleep(KEEP_SECONDS)


def _judge(scenario: Scenario, chaos: Chaos, report: Report, complaints: list[str]) -> None:
    for complaint in complaints:
        report.add("wrong decision", complaint)
    if chaos.ended and not scenario.may_end:
        report.add("ended by itself", json.dumps(chaos.ended))
    if chaos.witness.longest_stand_seconds > RESUME_SECONDS:
        report.add("stood still", f"{chaos.witness.longest_stand_seconds:.0f} s")


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Run something alongside; it is cancelled at the end, and what it raised is raised."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
