"""One set of gestures for two brokers: the real Kafka, and the one in memory that must not promise more."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from faust.types import TP

from tests.simulation.broker import Broker
from tests.simulation.client import Client
from tests.simulation.conditions import Conditions
from tests.simulation.groups import Assignment
from tests.simulation.trace import Trace

# A group of the real broker takes a few seconds to settle; nobody waits longer than this for anything.
PATIENCE_SECONDS = 40.0
POLL_SECONDS = 0.1

Row = tuple[int, bytes | None, bytes | None]  # offset, key, value
_names = itertools.count()


class Member(Protocol):
    """A member of a consumer group that reads one topic."""

    @property
    def generation(self) -> int: ...
    async def partitions(self) -> frozenset[int]: ...
    async def read(self, count: int) -> list[tuple[int, int]]: ...
    async def commit(self, offsets: Mapping[int, int], generation: int | None = None) -> bool: ...
    async def close(self) -> None: ...


class Bench(Protocol):
    """A broker with one new topic."""

    async def create(self, partitions: int) -> None: ...
    async def send(self, key: bytes | None, value: bytes | None, partition: int | None = None,
                   headers: Mapping[str, bytes] | None = None) -> Awaitable[tuple[int, int]]: ...  # fmt: skip
    async def read(self, partition: int, start: int = 0) -> list[Row]: ...
    async def headers(self, partition: int, offset: int) -> dict[str, bytes]: ...
    async def join(self, group: str = "g") -> Member: ...
    async def committed(self, partition: int, group: str = "g") -> int | None: ...
    async def close(self) -> None: ...


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that must come about."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - a broker raises no event of ours
            await asyncio.sleep(POLL_SECONDS)


@dataclass
class MemoryBench:
    """The broker in memory, in real time and in good weather."""

    topic: str = "contract"
    _members: list["MemoryMember"] = field(default_factory=list)

    async def create(self, partitions: int) -> None:
        loop = asyncio.get_running_loop()
        self.broker = Broker(Conditions(random.Random(1)), Trace(loop.time))
        self.broker.create(self.topic, partitions)
        self.client = Client(self.broker, "sender", None)

    async def send(self, key: bytes | None, value: bytes | None, partition: int | None = None,
                   headers: Mapping[str, bytes] | None = None) -> Awaitable[tuple[int, int]]:  # fmt: skip
        sent = await self.client.send(self.topic, key, value, partition, None, headers)

        async def confirmed() -> tuple[int, int]:
            metadata = await sent
            return metadata.partition, metadata.offset

        return confirmed()

    async def read(self, partition: int, start: int = 0) -> list[Row]:
        log = await self.client.call(lambda: self.broker.logs[TP(self.topic, partition)][start:])
        return [(record.offset, record.key, record.value) for record in log]

    async def headers(self, partition: int, offset: int) -> dict[str, bytes]:
        return dict(self.broker.logs[TP(self.topic, partition)][offset].headers)

    async def join(self, group: str = "g") -> "MemoryMember":
        member = MemoryMember(self, group, f"member-{next(_names)}")
        self._members.append(member)
        return member

    async def committed(self, partition: int, group: str = "g") -> int | None:
        return self.broker.group(group, [self.topic]).committed.get(TP(self.topic, partition))

    async def close(self) -> None:
        for member in self._members:
            await member.close()


class MemoryMember:
    def __init__(self, bench: MemoryBench, group: str, name: str) -> None:
        self._bench, self._name = bench, name
        self._group = bench.broker.group(group, [bench.topic])
        self._client = Client(bench.broker, name, None)
        self._assignment = Assignment(0, frozenset())
        self._positions: dict[TP, int] = {}
        self._task: asyncio.Task[None] | None = asyncio.create_task(self._belong())

    @property
    def generation(self) -> int:
        return self._assignment.generation

    async def partitions(self) -> frozenset[int]:
        return self._assignment.partitions

    async def read(self, count: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found) < count:
                fetched = await self._client.wait(lambda: self._bench.broker.fetch(dict(self._positions)))
                for place, records in fetched.items():
                    self._positions[place] = records[-1].offset + 1
                    found += [(place.partition, record.offset) for record in records]
                if not fetched:
                    await asyncio.sleep(POLL_SECONDS)
        return found

    async def commit(self, offsets: Mapping[int, int], generation: int | None = None) -> bool:
        places = {TP(self._bench.topic, partition): offset for partition, offset in offsets.items()}
        number = self.generation if generation is None else generation
        return await self._client.call(lambda: self._group.commit(self._name, number, places))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            await self._client.call(lambda: self._group.leave(self._name))

    async def _belong(self) -> None:
        while True:
            self._assignment = await self._client.wait(lambda: self._group.join(self._name))
            places = [TP(self._bench.topic, partition) for partition in self._assignment.partitions]
            self._positions = {place: self._group.committed.get(place, 0) for place in places}
            while await self._client.call(lambda: self._group.heartbeat(self._name, self.generation)) == "ok":  # noqa: ASYNC110 - a heartbeat is no event
                await asyncio.sleep(POLL_SECONDS)


@dataclass
class KafkaBench:
    """A real broker."""

    bootstrap: str
    topic: str = field(default_factory=lambda: f"contract-{random.SystemRandom().getrandbits(48):x}")
    _members: list["KafkaMember"] = field(default_factory=list)

    async def create(self, partitions: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic(self.topic, partitions, 1)])
        await admin.close()
        self.producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True)
        await self.producer.start()

    async def send(self, key: bytes | None, value: bytes | None, partition: int | None = None,
                   headers: Mapping[str, bytes] | None = None) -> Awaitable[tuple[int, int]]:  # fmt: skip
        sent = await self.producer.send(self.topic, value, key, partition, headers=list((headers or {}).items()))

        async def confirmed() -> tuple[int, int]:
            metadata = await sent
            return metadata.partition, metadata.offset

        return confirmed()

    async def read(self, partition: int, start: int = 0) -> list[Row]:
        return [(record.offset, record.key, record.value) for record in await self._records(partition, start)]

    async def headers(self, partition: int, offset: int) -> dict[str, bytes]:
        return dict((await self._records(partition, offset))[0].headers)

    async def _records(self, partition: int, start: int) -> list[Any]:
        place = TopicPartition(self.topic, partition)
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, start)
            found: list[Any] = []
            while await consumer.position(place) < end:
                found += (await consumer.getmany(place, timeout_ms=500)).get(place, [])
            return found
        finally:
            await consumer.stop()

    async def join(self, group: str = "g") -> "KafkaMember":
        consumer = AIOKafkaConsumer(
            self.topic,
            bootstrap_servers=self.bootstrap,
            group_id=f"{group}-{self.topic}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
        )
        await consumer.start()
        member = KafkaMember(self.topic, consumer)
        self._members.append(member)
        return member

    async def committed(self, partition: int, group: str = "g") -> int | None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(f"{group}-{self.topic}")
        finally:
            await admin.close()
        found = offsets.get(TopicPartition(self.topic, partition))
        return None if found is None else int(found.offset)

    async def close(self) -> None:
        for member in self._members:
            await member.close()
        await self.producer.stop()


class KafkaMember:
    def __init__(self, topic: str, consumer: AIOKafkaConsumer) -> None:
        self._topic, self._consumer = topic, consumer
        self._open = True

    @property
    def generation(self) -> int:
        return int(self._consumer._coordinator.generation)

    async def partitions(self) -> frozenset[int]:
        await self._consumer.getmany(timeout_ms=0, max_records=1) if not self._consumer.assignment() else None
        return frozenset(place.partition for place in self._consumer.assignment())

    async def read(self, count: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found) < count:
                for records in (await self._consumer.getmany(timeout_ms=200)).values():
                    found += [(record.partition, record.offset) for record in records]
        return found

    async def commit(self, offsets: Mapping[int, int], generation: int | None = None) -> bool:
        coordinator = self._consumer._coordinator
        before = coordinator.generation
        coordinator.generation = before if generation is None else generation
        try:
            await self._consumer.commit({TopicPartition(self._topic, at): offset for at, offset in offsets.items()})
        except KafkaError:
            return False
        finally:
            coordinator.generation = before
        return True

    async def close(self) -> None:
        if self._open:
            self._open = False
            with suppress(KafkaError):
                await self._consumer.stop()
