"""A member of a consumer group, in the order of steps that Faust and app/stream/consumer.py take.

Revoked: stop fetching, throw buffered events away, drain, commit, flush, tell the role, forget what was settled.
Assigned: recover the tables, tell the role, seek to the committed offsets, fetch.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from faust.types import TP

from app.stream.claims import Claims
from app.stream.lease import Lease
from tests.simulation.broker import Record
from tests.simulation.client import Client
from tests.simulation.groups import SESSION_SECONDS, Answer, Assignment, Group
from tests.simulation.loop import VirtualLoop
from tests.simulation.process import Process
from tests.simulation.streams import Event, Stream, Table

COMMIT_SECONDS = 0.3
HEARTBEAT_SECONDS = 1.5
# While all buffers are full.
FULL_SECONDS = 0.05


@dataclass(frozen=True)
class Callbacks:
    """What the worker does at each turn of the group."""

    drain: Callable[[], Awaitable[None]]
    revoked: Callable[[], None]
    assigned: Callable[[Mapping[str, set[int]]], None]


OnReady = Callable[[str, int, frozenset[int]], None]


@dataclass(eq=False)
class Consumer:
    """Reads the topics of its streams. `on_ready` hears when partitions are about to be worked on."""

    client: Client
    group: Group
    process: Process
    streams: Mapping[str, Stream]
    tables: tuple[Table, ...]
    callbacks: Callbacks
    dies_when_fenced: bool
    on_ready: OnReady
    positions: dict[TP, int] = field(default_factory=dict)
    _settled: dict[TP, int] = field(default_factory=dict)
    _committed: dict[TP, int] = field(default_factory=dict)
    _generation: int | None = None
    _last_generation: int = 0
    _mine: frozenset[int] = frozenset()
    _flows: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _claims: Claims = field(init=False)
    lease: Lease = field(init=False)
    _committing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._claims = Claims(self.client.name)
        self.lease = self.client.lease = Lease(SESSION_SECONDS, asyncio.get_running_loop().time)

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def is_ready(self) -> bool:
        """Tell whether the tables of its partitions are recovered and it works."""
        return self._flows.is_set()

    def settle(self, tp: TP, offset: int, generation: int) -> None:
        """Take the window's word, as SettledConsumer does."""
        if generation == self._generation:
            self._settled[tp] = max(offset + 1, self._settled.get(tp, 0))

    async def run(self, loop: VirtualLoop) -> None:
        """Be a member until the process ends or `stop` is called."""
        for work in (self._heartbeats(), self._commits(), self._fetches()):
            loop.spawn(work, self.process)
        while True:
            self._asked.clear()
            assignment: Assignment = await self.client.wait(lambda: self.group.join(self.name))
            self._generation = assignment.generation
            recovery = loop.spawn(self._recover(assignment), self.process)
            await self._asked.wait()
            await self._give_back(recovery)

    async def stop(self) -> None:
        """Leave in order (SIGTERM): drain, commit, and tell the group."""
        self._flows.clear()
        for stream in self.streams.values():
            stream.clear()
        await self.callbacks.drain()
        await self._commit()
        await self.client.flush()
        await self.client.call(lambda: self.group.leave(self.name))

    async def _recover(self, assignment: Assignment) -> None:
        """Recover the tables and claim them, as QuietRecovery does."""
        partitions = assignment.partitions
        for table in self.tables:
            table.lost(self._mine - partitions)
            if assignment.generation != self._last_generation + 1:
                table.forget()
        self._mine, self._last_generation = partitions, assignment.generation
        self._claims.begin()
        await self.client.flush()
        claimed = False
        while not claimed:
            for table in self.tables:
                await table.recover(partitions)
            if not await self._is_member(assignment.generation):
                return  # a rebalance is coming
            claimed = await self._claims.make(
                [taken for table in reversed(self.tables) for taken in table.taken(partitions)]
            )
        self.on_ready(self.name, assignment.generation, partitions)
        self.callbacks.assigned({topic: set(partitions) for topic in self.streams})
        for table in self.tables:
            table.recovered(partitions)
        committed = await self.client.call(lambda: dict(self.group.committed))
        places = [TP(topic, partition) for topic in self.streams for partition in sorted(partitions)]
        self.positions = {place: committed.get(place, 0) for place in places}
        self._committed = {place: offset for place, offset in committed.items() if place in self.positions}
        self._flows.set()

    async def _is_member(self, generation: int) -> bool:
        """Ask the coordinator, as SettledConsumer does; a rebalance that is under way leaves us a member."""
        sent_at = self.lease.clock()
        answer = await self.client.call(lambda: self.group.heartbeat(self.name, generation))
        self._heard(answer, sent_at)
        return answer != "unknown"

    def _heard(self, answer: Answer, sent_at: float) -> None:
        """Keep the lease, as MemberCoordinator does."""
        if answer == "unknown":
            self.lease.lose()
        else:
            self.lease.renew(sent_at)

    async def _give_back(self, recovery: "asyncio.Task[None]") -> None:
        self._flows.clear()
        recovery.cancel()
        await asyncio.wait((recovery,))
        self._flows.clear()
        for stream in self.streams.values():
            stream.clear()
        await self.callbacks.drain()
        await self._commit()
        await self.client.flush()
        self.callbacks.revoked()
        self._generation = None
        self._settled.clear()
        self.positions = {}

    async def _heartbeats(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            generation = self._generation
            if generation is None:
                continue
            sent_at = self.lease.clock()
            answer = await self.client.call(lambda: self.group.heartbeat(self.name, self._generation or 0))
            if generation != self._generation:
                continue
            self._heard(answer, sent_at)
            if answer != "ok":
                self._asked.set()

    async def _commits(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self._commit()

    async def _commit(self) -> None:
        """Commit what was settled; one after the other, as Faust sees to."""
        async with self._committing:
            await self._commit_settled()

    async def _commit_settled(self) -> None:
        generation = self._generation
        offsets = {tp: offset for tp, offset in self._settled.items() if offset > self._committed.get(tp, 0)}
        if generation is None or not offsets:
            return
        if await self.client.call(lambda: self.group.commit(self.name, generation, offsets)):
            self._committed.update(offsets)
        elif self.dies_when_fenced:
            self.process.end("its commit was refused")
        else:
            self.lease.lose()
            self._asked.set()

    async def _fetches(self) -> None:
        broker = self.client.broker
        while True:
            await self._flows.wait()
            generation = self._generation
            wanted = {tp: at for tp, at in self.positions.items() if self.streams[tp.topic].room > 0}
            if not wanted:
                await asyncio.sleep(FULL_SECONDS)
                continue
            fetched = await self.client.wait(partial(broker.fetch, wanted))
            if self._flows.is_set() and generation is not None and generation == self._generation:
                for place, records in fetched.items():
                    self._take(place, records, generation)

    def _take(self, place: TP, records: list[Record], generation: int) -> None:
        stream = self.streams[place.topic]
        for record in records[: stream.room]:
            stream.put(Event.of(place, record, generation))
            self.positions[place] = record.offset + 1
