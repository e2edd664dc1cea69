"""Asks the broker what each consumer group has not read yet, and how long that has been waiting."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from app import clock
from app.audit_log.sealer import GROUP as SEALER
from app.watching.telemetry import WatchTelemetry
from schemas.topics import AUDIT_ENTRY, DOCUMENT_RECEIVED, READ_BY_STAGES
from tables.declared import LEDGER

EVERY_SECONDS = 5.0
# The broker answers a fetch at once; what has not come by then is looked at the next time.
FETCH_SECONDS = 2.0
# One record a partition is wanted; the broker sends at least one, however large.
FETCH_BYTES_MAX = 16_384
NONE_COMMITTED = -1
# Which topics each group reads (app/roles.py; a test compares). The worker's module would bring Faust into the API.
READ_BY: Mapping[str, tuple[str, ...]] = {
    "quittance-reader": (DOCUMENT_RECEIVED.name,),
    LEDGER: tuple(topic.name for topic in READ_BY_STAGES if topic is not DOCUMENT_RECEIVED),
    SEALER: (AUDIT_ENTRY.name,),
}


class TopicsMissing(Exception):  # noqa: N818 - it names what is missing
    """Topics that the groups read do not exist (yet)."""


@dataclass(frozen=True)
class Standing:
    """How far a group is in a partition: the offset that it reads next, and where the partition ends."""

    group: str
    place: TopicPartition
    next: int
    end: int

    @property
    def unread(self) -> int:
        """Return how many records it has not committed; markers of transactions count, as for the broker's tools."""
        return max(0, self.end - self.next)


Offsets = Mapping[TopicPartition, int]


def standings(group: str, committed: Offsets, beginnings: Offsets, ends: Offsets) -> tuple[Standing, ...]:
    """Return how far a group is. Where it has committed nothing, or retention was faster, the first record is next."""
    return tuple(
        Standing(group, place, max(committed.get(place, NONE_COMMITTED), beginnings[place]), end)
        for place, end in sorted(ends.items())
    )


class LagWatch:
    """Sets the gauges of lag. Clients are opened at the first question, and anew after a failure."""

    def __init__(self, arguments: dict[str, Any], telemetry: WatchTelemetry) -> None:
        """`arguments` are the connection arguments of an aiokafka client (app/kafka_client.py)."""
        self._arguments = arguments
        self._telemetry = telemetry
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._written_at: dict[TopicPartition, tuple[int, float]] = {}

    async def ask(self) -> None:
        """Ask once.

        Raises:
            aiokafka.errors.KafkaError, OSError, TimeoutError: where the broker does not answer.
        """
        admin, consumer = await self._clients()
        places = tuple(consumer.assignment())
        beginnings, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        found: list[Standing] = []
        for group, topics in READ_BY.items():
            offsets = await admin.list_consumer_group_offsets(group)
            committed = {place: offset.offset for place, offset in offsets.items()}
            own = {place: end for place, end in ends.items() if place.topic in topics}
            found += standings(group, committed, beginnings, own)
        written_at = await self._written(consumer, found)
        self._state(found, written_at)

    async def forget(self) -> None:
        """Take the gauges away, and close the clients."""
        self._telemetry.lag.clear()
        self._telemetry.oldest_unread.clear()
        admin, consumer, self._admin, self._consumer = self._admin, self._consumer, None, None
        closing = [consumer.stop()] if consumer is not None else []
        closing += [admin.close()] if admin is not None else []
        await asyncio.gather(*closing, return_exceptions=True)  # they may be what failed

    async def _clients(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None:
            self._admin = AIOKafkaAdminClient(**self._arguments)
            await self._admin.start()
        if self._consumer is None:
            self._consumer = AIOKafkaConsumer(
                **self._arguments, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES_MAX
            )
            await self._consumer.start()
            places = await self._partitions(self._admin)
            self._consumer.assign(places)
            self._consumer.pause(*places)
        return self._admin, self._consumer

    @staticmethod
    async def _partitions(admin: AIOKafkaAdminClient) -> list[TopicPartition]:
        names = {name for topics in READ_BY.values() for name in topics}
        described = await admin.describe_topics(sorted(names))
        places = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            for partition in topic["partitions"]
        ]
        if missing := names - {place.topic for place in places}:
            raise TopicsMissing(", ".join(sorted(missing)))
        return places

    async def _written(self, consumer: AIOKafkaConsumer, found: Iterable[Standing]) -> dict[TopicPartition, float]:
        """Return when the first unread record of each partition was written, in seconds since 1970."""
        known = {
            one.place: self._written_at[one.place]
            for one in found
            if one.unread and self._written_at.get(one.place, (NONE_COMMITTED, 0.0))[0] == one.next
        }
        wanted = {one.place: one.next for one in found if one.unread and one.place not in known}
        self._written_at = {**known, **await self._first_records(consumer, wanted)}
        return {place: at for place, (_, at) in self._written_at.items()}

    @staticmethod
    async def _first_records(
        consumer: AIOKafkaConsumer, wanted: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, tuple[int, float]]:
        for place, offset in wanted.items():
            consumer.seek(place, offset)
        consumer.resume(*wanted)
        first: dict[TopicPartition, tuple[int, float]] = {}
        until = clock.now().timestamp() + FETCH_SECONDS
        while (missing := wanted.keys() - first.keys()) and (left := until - clock.now().timestamp()) > 0:
            for place, records in (await consumer.getmany(*missing, timeout_ms=int(left * 1000) + 1)).items():
                first[place] = wanted[place], records[0].timestamp / 1000
        consumer.pause(*wanted)
        return first

    def _state(self, found: Iterable[Standing], written_at: Mapping[TopicPartition, float]) -> None:
        now = clock.now().timestamp()
        self._telemetry.oldest_unread.clear()  # an age that could not be asked is not the one of before
        for one in found:
            labels = one.group, one.place.topic, str(one.place.partition)
            self._telemetry.lag.labels(*labels).set(one.unread)
            if not one.unread:
                self._telemetry.oldest_unread.labels(*labels).set(0)
            elif one.place in written_at:
                # A publisher's clock may be ahead of ours: nothing waits for less than no time.
                self._telemetry.oldest_unread.labels(*labels).set(max(0.0, now - written_at[one.place]))
