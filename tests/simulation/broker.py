"""An in-memory broker: partitions that only grow, and consumer groups. Clients reach it over a poor network.

It promises what Kafka promises and no more, and passes the same tests (test_broker_contract.py): order within a
partition, a confirmed record can be read, a client's record is never there in half, commits are fenced by generation.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

from aiokafka.partitioner import murmur2
from faust.types import TP

from tests.simulation.conditions import Conditions
from tests.simulation.groups import Group
from tests.simulation.loop import future
from tests.simulation.process import context_of
from tests.simulation.trace import Trace

FETCH_WAIT_SECONDS = 0.5


@dataclass(frozen=True)
class Record:
    """A record where it stands. `writer` is who sent it, in which generation of its group (None: in none)."""

    offset: int
    timestamp: float
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    writer: tuple[str, int | None]


@dataclass(frozen=True)
class Metadata:
    """The broker's word for a record."""

    topic: str
    partition: int
    offset: int


Watcher = Callable[[TP, Record], None]
Positions = Mapping[TP, int]


class Broker:
    """The logs and the groups. Only clients reach it in a run; tests and checks may look inside."""

    def __init__(self, conditions: Conditions, trace: Trace, epoch: float = 0.0) -> None:
        self.conditions = conditions
        self.trace = trace
        self.logs: dict[TP, list[Record]] = {}
        self.groups: dict[str, Group] = {}
        self.watchers: list[Watcher] = []
        # What each event has changed in tables, by who dealt with it: for the checks alone.
        self.changes: dict[tuple[str, TP, int], list[Sending]] = {}
        self._counts: dict[str, int] = {}
        self._epoch = epoch
        self._waiting: list[tuple[Positions, asyncio.Future[Any]]] = []

    def create(self, topic: str, partitions: int) -> None:
        self._counts[topic] = partitions
        self.logs |= {TP(topic, partition): [] for partition in range(partitions)}

    def partitions(self, topic: str) -> int:
        return self._counts[topic]

    def records(self, topic: str) -> list[tuple[TP, Record]]:
        """Return all records of a topic, partition by partition."""
        places = [TP(topic, partition) for partition in range(self._counts[topic])]
        return [(place, record) for place in places for record in self.logs[place]]

    def read(self, place: TP, start: int) -> list[Record]:
        """Return what stands in a partition from an offset on."""
        return self.logs[place][start:]

    def place(self, topic: str, key: bytes | None, partition: int | None) -> TP:
        """Return the partition of a record, as the Java client's default partitioner chooses it."""
        if partition is not None:
            return TP(topic, partition)
        count = self._counts[topic]
        chosen = self.conditions.rng.randrange(count) if key is None else hashed(key) % count
        return TP(topic, chosen)

    def append(self, place: TP, sending: "Sending") -> int:
        log = self.logs[place]
        now = round(self._epoch + asyncio.get_running_loop().time(), 3)
        record = Record(len(log), now, sending.key, sending.value, sending.headers, sending.writer)
        log.append(record)
        key = (sending.key or b"").decode(errors="replace")
        digest = hash_of(sending.value)
        self.trace.add(
            "append", f"{place.topic}/{place.partition}@{record.offset} {key[:24]} {digest} {sending.writer}"
        )
        for watcher in self.watchers:
            watcher(place, record)
        self._wake(place)
        return record.offset

    def group(self, name: str, topics: Sequence[str] = (), **timeouts: float) -> Group:
        if name not in self.groups:
            self.groups[name] = Group(name, tuple(topics), self.partitions(topics[0]), self.trace, **timeouts)
        return self.groups[name]

    def fetch(self, positions: Positions) -> "asyncio.Future[dict[TP, list[Record]]]":
        """Return a future of what there is to read; it waits a while for something."""
        found = future()
        if any(len(self.logs[place]) > position for place, position in positions.items()):
            found.set_result(self._read(positions))
        else:
            self._waiting.append((positions, found))
            asyncio.get_running_loop().call_later(FETCH_WAIT_SECONDS, self._give_up, found, context=context_of(None))
        return found

    def _read(self, positions: Positions) -> dict[TP, list[Record]]:
        rng, ready = self.conditions.rng, [tp for tp, at in positions.items() if len(self.logs[tp]) > at]
        rng.shuffle(ready)
        some = ready[: rng.randint(1, len(ready))]
        return {tp: self.logs[tp][positions[tp] : positions[tp] + rng.randint(1, 30)] for tp in some}

    def _give_up(self, found: "asyncio.Future[Any]") -> None:
        if not found.done():
            self._waiting = [waiting for waiting in self._waiting if waiting[1] is not found]
            found.set_result({})

    def _wake(self, place: TP) -> None:
        woken = [waiting for waiting in self._waiting if place in waiting[0]]
        if woken:
            self._waiting = [waiting for waiting in self._waiting if place not in waiting[0]]
            for positions, found in woken:
                if not found.done():
                    found.set_result(self._read(positions))


@cache
def hashed(key: bytes) -> int:
    """Return the hash of a key as the default partitioner of Kafka's clients takes it."""
    number: int = murmur2(key)
    return number & 0x7FFFFFFF


def hash_of(value: bytes | None) -> str:
    """Return a short name of a value for the trace, the same in every Python process."""
    return "-" if value is None else f"{crc32(value):08x}"


@dataclass(eq=False)
class Sending:
    """A record on its way."""

    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    writer: tuple[str, int | None]
    answer: "asyncio.Future[Metadata]"
    place: TP
    term: int = 0  # of its writer's membership (app/stream/lease.py)
    offset: int | None = None
