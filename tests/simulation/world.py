"""One run: everything is drawn from the seed, faults end, the world comes to rest, and is judged."""

import asyncio
import logging
import random
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from faust.types import TP

from app.documents import Limits
from app.local.samples.parties import TENANT
from app.topics import wanted_topics
from schemas.invoice import PostalAddress
from schemas.payment import Debtor
from schemas.topics import DOCUMENT_RECEIVED, READ_BY_STAGES
from tests.simulation.actors import Engines, Operators, Reviewers
from tests.simulation.broker import Broker
from tests.simulation.cases import PoolReader, draw_cases, pool
from tests.simulation.checks import Checks
from tests.simulation.conditions import Conditions
from tests.simulation.crew import Crew
from tests.simulation.faults import draw_faults
from tests.simulation.loop import Astray, VirtualLoop
from tests.simulation.store import MemoryDocuments, Shelf
from tests.simulation.town import Importer, Promoters, Publisher, Town
from tests.simulation.trace import Trace
from tests.simulation.verdict import final
from tests.simulation.worker import EPOCH, GROUPS, RELEASE, RoleName, Surroundings

LIMITS = Limits(attempt_seconds_max=2.0, operation_seconds_max=10.0, attempts_max=3, pause_seconds_max=1.0)
CASES_MIN, CASES_MAX = 3, 9
# Documents come in a burst, or in a trickle.
SENDING_SECONDS = (0.3, 1.5, 5.0)
# Virtual seconds after the last fault by which everything must have come to an end.
REST_SECONDS_MAX = 400.0
QUIET_SECONDS = 2.0
DRAIN_SECONDS = 4.0


@dataclass(frozen=True)
class Outcome:
    """What came of one seed."""

    seed: int
    violations: tuple[str, ...]
    digest: str
    counts: Counter[str]
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Parts:
    """The parts of the product that a planted defect may replace."""

    replaced: dict[str, Any] = field(default_factory=dict)


def simulate(seed: int, parts: Parts | None = None) -> Outcome:
    """Run one seed from beginning to end."""
    rng = random.Random(f"loop/{seed}")
    loop = VirtualLoop(rng, shuffled=rng.random() < 0.7)
    world = World(seed, loop, parts or Parts())
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        loop.run(world.run())
    except Astray as lost:
        world.checks.add("astray", str(lost))
    finally:
        logging.disable(disabled)
    return world.outcome()


class World:
    """Everything in one run."""

    def __init__(self, seed: int, loop: VirtualLoop, parts: Parts) -> None:
        self.seed = seed
        self.loop = loop
        self._parts = parts
        self._rng = random.Random(f"world/{seed}")
        self.trace = Trace(loop.time)
        self.conditions = Conditions.drawn(random.Random(f"conditions/{seed}"))
        self.broker = Broker(self.conditions, self.trace, EPOCH.timestamp())
        self.checks = Checks(self.broker)

    async def run(self) -> None:
        """Run the script and judge the end."""
        self._build()
        await self.importer.begin(self.cases)
        self.crew.begin()
        sending_seconds = self._rng.choice(SENDING_SECONDS)
        self.publisher.begin(self.cases, sending_seconds)
        self.checks.releases_move = self.promoters.begin(sending_seconds)
        faults = draw_faults(random.Random(f"faults/{self.seed}"), sending_seconds)
        for fault in faults:
            await asyncio.sleep(max(0.0, fault.at - self.loop.time()))
            self.crew.strike(fault)
        await asyncio.sleep(max(0.0, sending_seconds + 3.0 - self.loop.time()))
        await self._calm_down()
        if await self._rest():
            final(self.checks, self.cases, self.engines.stories, self._owners())

    def outcome(self) -> Outcome:
        for surprise in self.loop.surprises:
            self.checks.violations.append(f"simulator: {_told(surprise)}")
        counts = Counter(self.trace.counts)
        counts |= {
            "duplicates": self.checks.duplicates,
            "commands": len(self.checks.commands),
            "steps": self.loop.steps,
        }
        found = tuple(self.checks.violations)
        return Outcome(self.seed, found, self.trace.digest(), counts, tuple(self.trace.lines))

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=round(self.loop.time(), 6))

    def _build(self) -> None:
        rng, partitions = self._rng, self._rng.randint(1, 4)
        for topic in wanted_topics(partitions):
            self.broker.create(topic.name, topic.partitions)
        self.cases = draw_cases(rng, rng.randint(CASES_MIN, CASES_MAX))
        self.checks.reference_moves = any(case.late_supplier for case in self.cases)
        shelf = Shelf()
        store = MemoryDocuments(shelf, self.conditions, LIMITS)
        self._people(shelf, store)
        given = Surroundings(
            self.loop, self.broker, store, PoolReader(), {TENANT: debtor()}, self.now, DRAIN_SECONDS
        )  # fmt: skip
        given = replace(given, **self._parts.replaced)
        self.crew = Crew(self.loop, given, self.conditions, self.checks, self.trace, rng)
        self.crew.wanted["reader"], self.crew.wanted["ledger"] = rng.randint(1, 2), rng.randint(1, 3)
        for role, topics in self._topics_read().items():
            self.broker.group(GROUPS[role], topics).on_commit.append(self.checks.commit)
        self.broker.watchers += [
            self.checks.see, self.reviewers.see, self.engines.see, self.operators.see, self.crew.spring
        ]  # fmt: skip

    def _people(self, shelf: Shelf, store: MemoryDocuments) -> None:
        documents = {sample.document_id: case for case in self.cases for sample in case.documents}
        self.town = town = Town(self.loop, self.broker, random.Random(f"town/{self.seed}"), self.now)
        self.publisher, self.importer = Publisher(town, shelf, store), Importer(town)
        self.promoters = Promoters(town, random.Random(f"releases/{self.seed}"), RELEASE)
        self.reviewers, self.engines, self.operators = Reviewers(town, documents), Engines(town), Operators(town)

    @staticmethod
    def _topics_read() -> dict[RoleName, tuple[str, ...]]:
        ledger = tuple(topic.name for topic in READ_BY_STAGES if topic is not DOCUMENT_RECEIVED)
        return {"reader": (DOCUMENT_RECEIVED.name,), "ledger": ledger}

    async def _calm_down(self) -> None:
        """End all faults: what is stopped goes on, what is missing is started."""
        await asyncio.sleep(max(0.0, self.conditions.down_until - self.loop.time()))
        self.conditions.calm = True
        self.crew.calm()
        self.trace.add("calm", "")

    async def _rest(self) -> bool:
        """Wait until nothing moves any more."""
        deadline, before = self.loop.time() + REST_SECONDS_MAX, -1
        while self.loop.time() < deadline:
            await asyncio.sleep(QUIET_SECONDS)
            appended = self.trace.counts["append"]
            if not self._unrest() and appended == before:
                return True
            before = appended
        for reason in self._unrest():
            self.checks.add("no rest", reason)
        return False

    def _unrest(self) -> list[str]:
        reasons = [f"{self.town.errands} errands"] if self.town.errands else []
        for name, worker in self.crew.workers.items():
            if worker.consumer is None or not worker.consumer.is_ready:
                reasons.append(f"{name} is not ready")
        for group in self.broker.groups.values():
            for topic in group.topics:
                for partition in range(self.broker.partitions(topic)):
                    place = TP(topic, partition)
                    committed, end = group.committed.get(place, 0), len(self.broker.logs[place])
                    if committed != end:
                        reasons.append(f"{topic}/{partition} is committed at {committed} of {end}")
        return reasons

    def _owners(self) -> dict[int, dict[str, Any]]:
        group = self.broker.groups[GROUPS["ledger"]]
        workers = (worker for worker in self.crew.workers.values() if worker.role_name == "ledger")
        return {at: worker.tables for worker in workers for at in group.partitions_of(worker.process.name)}


def debtor() -> Debtor:
    company = pool().debtor
    address = PostalAddress(
        street=company.street, post_code=company.post_code, town=company.town, country=company.country
    )
    return Debtor(name=company.name, account=company.account.iban, agent=company.account.bic, postal_address=address)


def _told(surprise: BaseException | str) -> str:
    if isinstance(surprise, str):
        return surprise
    return "".join(traceback.format_exception(surprise)[-3:]).strip()
