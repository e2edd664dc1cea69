"""Follows the topics and keeps the read model up with them. Offsets live in the database, not in a consumer group."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from app.readmodel.batch import Gap, Offsets, Partition, Skipped
from app.readmodel.progress import Meter, NullMeter, Progress
from app.readmodel.projection import PROJECTED_TOPICS
from app.readmodel.record import Read
from app.readmodel.store import ProjectionStore

log = logging.getLogger(__name__)

# One transaction: large enough to catch up fast, small enough that a reader sees news within a blink.
BATCH_RECORDS_MAX = 500
# An idle projection looks up that often whether topics have got new partitions, and reports its lag.
POLL_TIMEOUT_MS = 1_000
PARTITION_CHECK_SECONDS = 30.0
# After a failure: at once the first time, then ever longer, so that a dead broker is not hammered.
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)


class TopicsMissing(Exception):  # noqa: N818 - it names what is missing
    """Topics that the projection follows do not exist (yet)."""


@dataclass(frozen=True)
class _Layout:
    cluster_id: str | None
    partitions: frozenset[Partition]


class Projector:
    """Runs one projection for the life of a process; broker and database may come and go meanwhile.

    `arguments` are the connection arguments of an aiokafka client (app.kafka_client).
    """

    def __init__(
        self,
        arguments: dict[str, Any],
        store: ProjectionStore,
        *,
        progress: Progress | None = None,
        meter: Meter | None = None,
        topics: Iterable[str] = PROJECTED_TOPICS,
    ) -> None:
        self._arguments = arguments
        self._store = store
        self.progress = progress or Progress()
        self._meter: Meter = meter or NullMeter()
        self._topics = tuple(topics)

    async def run(self) -> None:
        """Follow the topics until cancelled. Failures are logged, counted, and begun anew from the stored offsets."""
        failures = 0
        while True:
            try:
                await self._store.create()
                await self._follow()
            except (KafkaError, SQLAlchemyError, OSError, TopicsMissing, Gap, TimeoutError) as failure:
                failures = 1 if self.progress.failure is None else failures + 1
                self._fail(failure)
                await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1])

    def _fail(self, failure: Exception) -> None:
        reason = f"{type(failure).__name__}: {failure}"
        if reason != self.progress.failure:
            log.warning("projection begins again: %s", reason)
        self.progress.failure = reason
        self._meter.failed()

    async def _follow(self) -> None:
        """Read until the topics get more partitions, which needs a new assignment."""
        layout = await self._layout()
        if not await self._store.belong_to(layout.cluster_id):
            log.warning("the read model came from another Kafka cluster and is built anew from this one")
        consumer = AIOKafkaConsumer(
            **self._arguments, enable_auto_commit=False, auto_offset_reset="none", max_poll_records=BATCH_RECORDS_MAX
        )
        await consumer.start()
        try:
            reading = _Reading(consumer, self._store, self.progress, self._meter)
            await reading.begin(layout.partitions)
            await self._read_until_relayout(reading, layout)
        finally:
            await consumer.stop()

    async def _read_until_relayout(self, reading: "_Reading", layout: _Layout) -> None:
        loop = asyncio.get_running_loop()
        check_at = loop.time() + PARTITION_CHECK_SECONDS
        while True:
            await reading.step()
            if loop.time() > check_at:
                if await self._layout() != layout:
                    return
                check_at = loop.time() + PARTITION_CHECK_SECONDS

    async def _layout(self) -> _Layout:
        admin = AIOKafkaAdminClient(**self._arguments)
        await admin.start()
        try:
            cluster = await admin.describe_cluster()
            found = await admin.describe_topics(list(self._topics))
        finally:
            await admin.close()
        partitions = frozenset(
            (topic["topic"], partition["partition"]) for topic in found for partition in topic["partitions"]
        )
        missing = sorted(set(self._topics) - {topic for topic, _ in partitions})
        if missing:
            raise TopicsMissing(", ".join(missing))
        return _Layout(cluster.get("cluster_id"), partitions)


class _Reading:
    """One consumer from its first seek to its end."""

    def __init__(self, consumer: AIOKafkaConsumer, store: ProjectionStore, progress: Progress, meter: Meter) -> None:
        self._consumer = consumer
        self._store = store
        self._progress = progress
        self._meter = meter
        self._next: dict[Partition, int] = {}
        self._goal: dict[TopicPartition, int] = {}

    async def begin(self, partitions: frozenset[Partition]) -> None:
        """Seek to the stored offsets, and note where the topics end now."""
        where = [TopicPartition(*partition) for partition in sorted(partitions)]
        self._consumer.assign(where)
        # The offsets come first: another process may project on while we look at the broker.
        stored = await self._store.offsets()
        first = await self._consumer.beginning_offsets(where)
        ends = await self._consumer.end_offsets(where)
        self._next = await self._within(stored, first, ends)
        for partition in where:
            self._consumer.seek(partition, self._next[partition])
        self._goal = ends
        self._progress.positions = dict(self._next)
        self._progress.caught_up = False
        self._progress.failure = None
        await self._note_progress()

    async def _within(self, stored: Offsets, first: Offsets, ends: Offsets) -> dict[Partition, int]:
        """Return where to read on from: the stored offsets, inside of what the broker still has."""
        if any(stored.get(place, 0) > end for place, end in ends.items()):
            log.warning("the topics are shorter than what the read model has seen of them: it is built anew")
            await self._store.empty()
            stored = {}
        trimmed = {place: offset for place, offset in first.items() if stored.get(place, 0) < offset}
        for place in trimmed.keys() & stored.keys():
            log.warning("records of %s were deleted before they were projected", place)
        await self._store.move(trimmed)
        return {place: max(stored.get(place, 0), offset) for place, offset in first.items()}

    async def step(self) -> None:
        """Read one batch, if there is one, and commit it."""
        fetched = await self._consumer.getmany(timeout_ms=POLL_TIMEOUT_MS, max_records=BATCH_RECORDS_MAX)
        batch = [_read(record) for records in fetched.values() for record in records]
        if batch:
            await self._commit(batch)
        await self._note_progress()

    async def _commit(self, batch: list[Read]) -> None:
        begun_at = {place: self._next[place] for place in {(read.topic, read.partition) for read in batch}}
        applied = await self._store.apply(batch, begun_at)
        for read in batch:
            self._next[read.topic, read.partition] = read.offset + 1
        self._progress.note(self._next)
        self._meter.applied(applied.applied)
        self._report(applied.skipped)

    def _report(self, skipped: tuple[Skipped, ...]) -> None:
        for one in skipped:
            log.warning("record %s is not projected: %s: %s", one.read.place, one.reason, one.detail)
            self._meter.skipped(one.read.topic, one.reason)

    async def _note_progress(self) -> None:
        if not self._progress.caught_up:
            # The consumer's own position also passes what is no record: markers of other people's transactions.
            self._goal = {place: end for place, end in self._goal.items() if await self._consumer.position(place) < end}
            self._progress.caught_up = not self._goal
        ends = {place: self._consumer.highwater(TopicPartition(*place)) for place in self._next}
        self._meter.lag(sum(max((end or 0) - self._next[place], 0) for place, end in ends.items()))


def _read(record: ConsumerRecord) -> Read:
    return Read(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        value=record.value,
        key=record.key,
        timestamp_ms=record.timestamp or 0,
        headers={name: value for name, value in record.headers if value is not None},
    )
