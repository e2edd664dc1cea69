"""What stands in for Faust between the broker and a stage: events, the streams that bring them, and tables."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, cast

from faust.types import TP

from app.stream.claims import Taken
from app.stream.table import ConfirmedTable
from tables.fence import Fence, epoch_headers
from tests.simulation.broker import Broker, Record, Sending
from tests.simulation.client import Client

# Fewer than in production, so that back-pressure is met in a small world.
BUFFERED_EVENTS_MAX = 8


@dataclass(frozen=True, eq=False)
class Message:
    """A record as Faust hands it out."""

    tp: TP
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: float
    generation_id: int

    @property
    def topic(self) -> str:
        return str(self.tp.topic)

    @property
    def partition(self) -> int:
        return int(self.tp.partition)


@dataclass(frozen=True, eq=False)
class Event:
    message: Message
    headers: Mapping[str, bytes]

    @classmethod
    def of(cls, place: TP, record: Record, generation: int) -> Self:
        message = Message(place, record.offset, record.key, record.value, record.timestamp, generation)
        return cls(message, record.headers)


current_event: ContextVar[Event | None] = ContextVar("current_event", default=None)


def current_generation() -> int | None:
    event = current_event.get()
    return event.message.generation_id if event else None


class Stream:
    """The events of one topic for one agent, bounded; what was not taken when partitions go is thrown away."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(BUFFERED_EVENTS_MAX)

    @property
    def room(self) -> int:
        return BUFFERED_EVENTS_MAX - self._queue.qsize()

    def put(self, event: Event) -> None:
        self._queue.put_nowait(event)

    def clear(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()

    def noack(self) -> Self:
        return self

    async def events(self) -> AsyncIterator[Event]:
        while True:
            event = await self._queue.get()
            current_event.set(event)
            yield event


class Table(MutableMapping[str, Any]):
    """A table in memory over a changelog, with the habits of Faust's memory store.

    A change goes to the partition of the event that made it, under the partition's claim, and is forgotten with it.
    """

    # The real wait for the broker's word: it needs nothing but the futures.
    confirmed = cast("Any", ConfirmedTable).confirmed

    def __init__(self, name: str, changelog: str, client: Client) -> None:
        self.name = name
        self.changelog = changelog
        self.memory: dict[str, Any] = {}
        self.partition_of: dict[str, int] = {}
        self._client = client
        self._unconfirmed: set[asyncio.Future[Any]] = set()
        self._read_from: dict[str, int] = {}
        self._offsets: dict[int, int] = {}
        self.fences: dict[int, Fence] = {}
        self.epochs: dict[int, int] = {}

    def __getitem__(self, key: str) -> Any:
        return self.memory[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.memory)

    def __len__(self) -> int:
        return len(self.memory)

    def __setitem__(self, key: str, tree: Any) -> None:
        self.memory[key] = tree
        self._change(key, json.dumps(tree).encode())

    def __delitem__(self, key: str) -> None:
        del self.memory[key]
        self._change(key, None)

    def _change(self, key: str, value: bytes | None) -> None:
        event = current_event.get()
        assert event is not None, "a table was changed outside of an event"
        sending = self._write(event.message.partition, key, value)
        cause = (self._client.name, event.message.tp, event.message.offset)
        self._client.broker.changes.setdefault(cause, []).append(sending)

    def _write(self, partition: int, key: str, value: bytes | None) -> Sending:
        self.partition_of[key] = self._read_from[key] = partition
        headers = epoch_headers(self.epochs[partition])
        sending = self._client.take(self.changelog, key.encode(), value, partition, headers)
        self._unconfirmed.add(sending.answer)
        return sending

    async def write_claim(self, partition: int, key: str, epoch: int, *, withdrawn: bool = False) -> int:
        """Write a claim, or the tombstone of an old one, as FencedTable does."""
        headers = epoch_headers(epoch, is_claim=True)
        value = None if withdrawn else str(epoch).encode()
        return (await self._client.take(self.changelog, key.encode(), value, partition, headers).answer).offset

    def write_again(self, partition: int, key: str) -> None:
        """Write what the table has under a key once more, as FencedTable does."""
        value = json.dumps(self.memory[key]).encode() if key in self.memory else None
        self._write(partition, key, value)

    def lost(self, partitions: Iterable[int]) -> None:
        """Take note that these partitions are gone: they are read from their beginning when they come back."""
        for partition in partitions:
            self._offsets.pop(partition, None)
            self.fences.pop(partition, None)

    def forget(self) -> None:
        """Forget everything, as FencedTable does."""
        for kept in (self.memory, self.partition_of, self._read_from, self._offsets, self.fences):
            kept.clear()

    def taken(self, partitions: Iterable[int]) -> list[Taken]:
        """Return what was recovered, to be claimed."""
        return [Taken(self, partition, self._offsets[partition]) for partition in sorted(partitions)]

    async def recover(self, partitions: Iterable[int]) -> None:
        """Read the changelogs to their ends of now."""
        broker = self._client.broker
        for partition in sorted(partitions):
            start = self._offsets.get(partition, 0)
            records = await self._client.call(partial(broker.read, TP(self.changelog, partition), start))
            for record in records:
                self._apply(partition, record)
            self._offsets[partition] = start + len(records)

    def recovered(self, partitions: frozenset[int]) -> None:
        """Forget what was read of other partitions."""
        for key in [key for key, partition in self._read_from.items() if partition not in partitions]:
            self.memory.pop(key, None)
            del self._read_from[key]

    def _apply(self, partition: int, record: Record) -> None:
        key = (record.key or b"").decode()
        fence = self.fences.setdefault(partition, Fence())
        if not fence.admits(key, record.headers, is_tombstone=record.value is None):
            return
        self.partition_of[key] = self._read_from[key] = partition
        if record.value is None:
            self.memory.pop(key, None)
            self._read_from.pop(key)
        else:
            self.memory[key] = json.loads(record.value)


def fold(broker: Broker, changelog: str) -> dict[tuple[int, str], Any]:
    """Return what a changelog says: by partition and key the last value that counts, without those removed."""
    said: dict[tuple[int, str], Any] = {}
    fences: defaultdict[TP, Fence] = defaultdict(Fence)
    for place, record in broker.records(changelog):
        name = (place.partition, (record.key or b"").decode())
        if not fences[place].admits(name[1], record.headers, is_tombstone=record.value is None):
            continue
        said.pop(name, None)
        if record.value is not None:
            said[name] = json.loads(record.value)
    return said
