"""One run: a cluster under load, faults at seeded times, and afterwards the verifier's word.

What is drawn (who is hit, when, for how long) is a function of the seed; what the machine makes of it is not.
"""

import asyncio
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
from tests.audit_log.sealers import OneSealer
from tests.chaos.feeder import Feeder
from tests.chaos.result import Result, keep_topics
from tests.system.anomalies import Report, outcomes
from tests.system.cluster import Cluster
from tests.system.sealed import check_documents, check_sealed
from tests.system.verifier import read_all, verify
from tests.system.witness import Witness

Scale = Literal["gate", "full"]
# Issue 4: whatever was done to it, the chain goes on within 90 s. The full runs hold it to that. A gate runs on any
# machine, beside any other work: its limit only tells a slow machine from a chain that goes on no more.
RESUME_SECONDS: Mapping[Scale, float] = {"gate": 360.0, "full": 90.0}
SETTLE_SECONDS: Mapping[Scale, float] = {"gate": 180.0, "full": 45.0}
# On a slow machine all faults would be over before anything is at work. So the n-th waits until of what was to be sent
# before it a half has ended; half, because what meets a fault is to be on its way.
SLACK = 2
KEEP_SECONDS = 0.5
TELL_SECONDS = 15.0
# What comes again after the last end: sends of the slowest member, statuses of redelivered events.
QUIET_SECONDS = 3.0
OUTCOMES: Mapping[str, DecisionOutcome] = {"held": "hold", "rejected": "reject", "paid": "approve"}

# What a worker says that ends because it could not write for 45 s, as it should (app/delivery.py).
GAVE_UP = "no broker took a record"

T = TypeVar("T")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much of it: documents, faults, and the seconds between two faults, at least and at most."""

    documents: int
    faults: int
    gap: tuple[float, float]
    fault_seconds: float = 0.0  # about what a fault itself lasts, where the load is to go on meanwhile

    @property
    def pause_seconds(self) -> float:
        """Between two documents, so that the load lasts as long as the faults."""
        return self.faults * (sum(self.gap) / 2 + self.fault_seconds) / self.documents


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
            for ended in await self.do(self.cluster.bury_ended):
                self.ended.append(str(ended))
                self.cluster.start_worker(ended.name)
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
    # Where no broker and no link fails, no worker has a reason to end by itself; where one does, it has, if it is slow.
    may_give_up: bool = False
    # Of an orderly end nothing comes twice: no command ever, and no event unless a machine is so slow that it cannot
    # drain in time, which a gate tells and passes.
    is_orderly: bool = False
    # For comparison only: whatever ends by itself is told, and is no news.
    is_comparison: bool = False


async def run(scenario: Scenario, scale: Scale, seed: int, folder: Path, tell: Tell) -> Result:
    """Run it once, telling how it goes; the topics stay in `folder` if anything was wrong."""
    clock, size = Stopwatch(), scenario.sizes[scale]
    limit = RESUME_SECONDS["full" if scenario.is_comparison else scale]
    samples = load_set(size.documents, seed)
    async with scenario.stage(folder, samples) as (cluster, stage):
        clock.lap("start")
        witness = Witness(cluster.bootstrap)
        chaos = Chaos(cluster, witness, random.Random(f"{scenario.name}/{seed}"), size, stage)
        async with beside(witness.run()), beside(chaos.keep_workers()), beside(_telling(chaos, tell)):
            await _under_load(scenario, chaos, limit)
            clock.lap("load")
            await _until_ended(chaos, limit)
            if scenario.after is not _nothing:
                await scenario.after(chaos)
                await _until_ended(chaos, limit)
            report = Report()
            await witness.settled(report, SETTLE_SECONDS[scale])
            clock.lap("rest")
            await asyncio.sleep(QUIET_SECONDS)
        records = await read_all(cluster.bootstrap)
        if isinstance(stage, OneSealer):
            await stage.until_sealed(len(records["audit.entry"]))
            clock.lap("sealing")
    found = verify(records, set(cluster.samples.document_ids()), set(samples.command_ids()), may_bury=False)
    if isinstance(stage, OneSealer):
        check_sealed(found, records, stage.folder / "log")
        check_documents(found, records, folder / "documents")
    found.anomalies |= report.anomalies
    witness.report(found, records)
    decided = {document: OUTCOMES[end] for document, end in outcomes(records).items() if end in OUTCOMES}
    for complaint in cluster.samples.complaints(decided):
        found.add("wrong decision", complaint)
    _judge(scenario, scale, chaos, found)
    if witness.longest_stand_seconds > limit:
        found.add("stood still", f"{witness.longest_stand_seconds:.0f} s")
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


async def _under_load(scenario: Scenario, chaos: Chaos, limit_seconds: float) -> None:
    size = chaos.size
    feeder = Feeder(chaos.cluster, chaos.witness, size.pause_seconds)
    async with beside(feeder.run()) as feeding:
        for number in range(size.faults):
            feeder.allow(size.documents * (number + 1) // size.faults)
            await chaos.pause(*size.gap)
            await _until(chaos, size.documents * number // size.faults // SLACK, limit_seconds)
            chaos.faults[await scenario.strike(chaos, number)] += 1
        await feeding


async def _until_ended(chaos: Chaos, limit_seconds: float) -> None:
    await _until(chaos, len(chaos.cluster.samples.document_ids()), limit_seconds)


async def _until(chaos: Chaos, count: int, limit_seconds: float) -> None:
    """Wait for so many ends, as long as it takes while it goes on; what stands still for longer goes on no more."""
    witness = chaos.witness
    while len(witness.ended) < count and witness.stand_seconds < limit_seconds:  # noqa: ASYNC110 - a set is no event
        await asyncio.sleep(KEEP_SECONDS)


async def _telling(chaos: Chaos, tell: Tell) -> None:
    """Say every now and then how far it is."""
    while True:
        await asyncio.sleep(TELL_SECONDS)
        faults = ", ".join(f"{count} x {kind}" for kind, count in chaos.faults.items())
        tell(f"{chaos.witness.sent} of {chaos.size.documents} sent, {len(chaos.witness.ended)} ended; {faults}")


def _judge(scenario: Scenario, scale: Scale, chaos: Chaos, report: Report) -> None:
    for ended in () if scenario.is_comparison else chaos.ended:
        if not (scenario.may_give_up and scale == "gate" and GAVE_UP in ended):
            report.add("ended by itself", ended)
    for what, count in report.counts.items() if scenario.is_orderly else ():
        strict = ("duplicated", "repeated") if scale == "full" else ("duplicated",)
        if count and what.startswith(strict):
            report.add("came twice", f"{count} {what}")


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
