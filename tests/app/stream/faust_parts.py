"""Faust's own parts, plain and ours, on a consumer thread and a producer made by hand: no broker, no clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import faust
from aiokafka.structs import ConsumerRecord, TopicPartition
from faust.types import TP

from app.settings import Settings
from app.stream.application import stream_application
from app.stream.consumer import SettledConsumer

PLACE = TP("t", 0)
BROKER = "aiokafka://127.0.0.1:1"  # nothing answers there, and nothing is asked


def plain_app(app_id: str = "plain", **settings: Any) -> faust.App:
    """Return a Faust application as Faust's guide makes it."""
    given = {"store": "memory://", "web_enabled": False, "topic_disable_leader": True, **settings}
    return faust.App(app_id, broker=BROKER, **given)


def our_app(app_id: str = "ours") -> faust.App:
    """Return our application, of the settings' defaults."""
    return stream_application(app_id, Settings(kafka_bootstrap_servers="127.0.0.1:1"))


@dataclass
class FakeThread:
    """The consumer thread: a fetch ends when a test opens the gate, commits and seeks are written down."""

    records: dict[TP, list[Any]] = field(default_factory=dict)
    committed: dict[TP, int | None] = field(default_factory=dict)
    fetches: int = 0
    commits: list[dict[TP, int]] = field(default_factory=list)
    rewound: list[TP] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    commit_gate: asyncio.Event = field(default_factory=asyncio.Event)
    fetching: bool = False
    belongs: bool = True
    asked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.commit_gate.set()

    async def getmany(self, active: set[TP] | None, timeout: float) -> Mapping[TP, list[Any]]:  # noqa: ASYNC109 - Faust's signature
        assert active is not None
        assert timeout > 0
        self.fetches += 1
        self.fetching = True
        try:
            await self.gate.wait()
        finally:
            self.fetching = False
        fetched, self.records = self.records, {}
        return fetched

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        self.commits.append(dict(offsets))
        await self.commit_gate.wait()
        return self.belongs

    async def is_member(self, generation: int) -> bool:
        self.asked.append(generation)
        return self.belongs

    async def seek_to_committed(self) -> Mapping[TP, int | None]:
        return self.committed

    async def seek_to_beginning(self, *places: TP) -> None:
        self.rewound += places

    def assignment(self) -> set[TP]:
        return {PLACE}

    def highwater(self, _place: TP) -> int:
        return 1_000

    def topic_partitions(self, _topic: str) -> int:
        return 6


def record(offset: int, place: TP = PLACE, key: bytes | None = b"k", value: bytes | None = b"v") -> Any:
    """Return a record as aiokafka yields it."""
    return ConsumerRecord(place.topic, place.partition, offset, 0, 0, key, value, None, 1, 1, ())


def consumer_of(app: faust.App, thread: FakeThread) -> Any:
    """Return the application's consumer on a fake thread, with one active partition and the flow running."""
    consumer = app.consumer
    consumer._thread.thread_loop.close()  # the real one, which was never started
    consumer._thread = thread
    consumer._set_active_tps({PLACE})
    consumer.resume_flow()
    app.consumer_generation_id = 1
    if isinstance(consumer, SettledConsumer):
        consumer._generation = 1
    return consumer


async def fetched(consumer: Any) -> list[int]:
    """Return the offsets of one `getmany`."""
    batches: AsyncIterator[Any] = consumer.getmany(1.0)
    return [message.offset async for _, message in batches]


class FakeProducer:
    """A producer whose broker answers when a test says so."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes | None, bytes | None]] = []
        self.answers: list[asyncio.Future[Any]] = []
        self.soon: list[Any] = []
        self.buffer = SimpleNamespace()

    async def maybe_start(self) -> None: ...

    async def flush(self) -> None: ...

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, *_more: Any, **_named: Any
    ) -> Awaitable[Any]:
        self.sent.append((topic, key, value))
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.answers.append(answer)
        return answer

    def send_soon(self, message: Any) -> None:
        self.soon.append(message)


def place_of(topic: str, offset: int, partition: int = 0) -> Any:
    """Return what a broker says of a record that it has."""
    return SimpleNamespace(topic_partition=TopicPartition(topic, partition), partition=partition, offset=offset)


async def turns(count: int = 20) -> None:
    """Let whatever can run, run."""
    for _ in range(count):
        await asyncio.sleep(0)


def offsets_of(messages: Iterable[Any]) -> list[int]:
    """Return where messages stood."""
    return [message.offset for message in messages]
