"""Sees what only shows while it happens: a record read that vanishes, an offset that goes back, a chain at a stand.

Nothing of ours is imported here. The witness belongs to no group and takes nothing away from anybody.
"""

import asyncio
import hashlib
import json
import struct
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.system.anomalies import ENDS, READS, TOPICS, Report
from tests.system.records import POLL_MS, Records

COMMITS = "__consumer_offsets"
GROUPS = ("quittance-reader", "quittance-ledger")
ASK_SECONDS = 0.5
# A broker that is stopped answers nothing; the next question is worth more than this one.
ANSWER_SECONDS = 5.0
SETTLED_SECONDS = 30.0

Place = tuple[str, int, int]  # topic, partition, offset


class Witness:
    """Reads along, records and commits; `report` says what was seen to go wrong."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self.seen: dict[Place, bytes] = {}
        self.committed: dict[tuple[str, TopicPartition], int] = {}
        self.ended: set[str] = set()
        self.sent = 0
        self.longest_stand_seconds = 0.0
        self._moved_at = time.monotonic()
        self._went_back: list[str] = []
        self._changed: list[str] = []

    @property
    def stand_seconds(self) -> float:
        """How long nothing has come to an end by now."""
        return time.monotonic() - self._moved_at

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read())
            group.create_task(self._read_commits())
            group.create_task(self._time())

    def report(self, into: Report, records: Records) -> None:
        """Hold what was seen against what stands there in the end."""
        there = {
            (topic, record.partition, record.offset): _fingerprint(record.key, record.value)
            for topic, found in records.items()
            for record in found
        }
        for place, print_ in self.seen.items():
            if there.get(place) != print_:
                into.add("read, then vanished", str(place))
        for kind, found in (("offset went back", self._went_back), ("read, then changed", self._changed)):
            for evidence in found:
                into.add(kind, evidence)
        into.counts["read alongside"] = len(self.seen)
        into.counts["partitions committed"] = len(self.committed)

    async def settled(self, report: Report, timeout_seconds: float = SETTLED_SECONDS) -> None:
        """Wait until every group has committed all there is; say where one has not."""
        deadline = time.monotonic() + timeout_seconds
        behind = await self._behind()
        while behind and time.monotonic() < deadline:
            await asyncio.sleep(ASK_SECONDS)
            behind = await self._behind()
        for evidence in behind:
            report.add("unsettled", evidence)

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            *TOPICS, bootstrap_servers=self._bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            while True:
                for place, fetched in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                    for record in fetched:
                        self._see((place.topic, place.partition, record.offset), record.key, record.value)
        finally:
            await consumer.stop()

    def _see(self, place: Place, key: bytes | None, value: bytes | None) -> None:
        print_ = _fingerprint(key, value)
        if self.seen.setdefault(place, print_) != print_:
            self._changed.append(str(place))
        if place[0] == "document.status":
            status = json.loads(value or b"{}")
            if status["state"] in ENDS and status["document_id"] not in self.ended:
                self.ended.add(status["document_id"])
                self._moved()

    def _moved(self) -> None:
        self._moved_at = time.monotonic()

    async def _time(self) -> None:
        """Measure how long nothing came to an end while something was still to do."""
        while True:
            if self.sent <= len(self.ended):
                self._moved()
            self.longest_stand_seconds = max(self.longest_stand_seconds, self.stand_seconds)
            await asyncio.sleep(ASK_SECONDS)

    async def _read_commits(self) -> None:
        """Read what the groups committed from Kafka's own log: a coordinator that is asked may be one of yesterday."""
        consumer = AIOKafkaConsumer(COMMITS, bootstrap_servers=self._bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            while True:
                for fetched in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in fetched:
                        if (commit := committed(record.key or b"", record.value or b"")) is not None:
                            self._compare(*commit)
        finally:
            await consumer.stop()

    def _compare(self, group: str, place: TopicPartition, offset: int) -> None:
        before = self.committed.get((group, place), -1)
        if offset < before:
            self._went_back.append(f"{group} {place.topic}/{place.partition} from {before} to {offset}")
        self.committed[group, place] = offset

    async def _behind(self) -> list[str]:
        """Where a group has not committed the end; brokers that do not answer may have come back only just now."""
        try:
            return await self._uncommitted()
        except (TimeoutError, KafkaError) as error:
            return [f"nobody answers: {error!r}"]

    async def _uncommitted(self) -> list[str]:
        consumer = AIOKafkaConsumer(*READS.values(), bootstrap_servers=self._bootstrap)
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        try:
            await consumer.start()
            await admin.start()
            ends = await consumer.end_offsets(consumer.assignment())
            committed: dict[TopicPartition, int] = defaultdict(int)
            for group in GROUPS:
                for place, stated in (await _offsets(admin, group)).items():
                    committed[place] = max(committed[place], stated.offset)
        finally:
            await admin.close()
            await consumer.stop()
        return [
            f"{place.topic}/{place.partition} committed {committed[place]} of {end}"
            for place, end in sorted(ends.items())
            if committed[place] != end
        ]


def committed(key: bytes, value: bytes) -> tuple[str, TopicPartition, int] | None:
    """Return what a record of Kafka's own log of commits says, or None where it is of another kind.

    Key: version:int16 (0 or 1), group, topic, partition:int32; value: version:int16, offset:int64 and more. Strings
    have a length:int16 (Kafka's OffsetCommitKey.json and OffsetCommitValue.json).
    """
    if len(key) < 2 or not value or struct.unpack_from(">h", key)[0] > 1:
        return None
    group, at = _string(key, 2)
    topic, at = _string(key, at)
    (partition,) = struct.unpack_from(">i", key, at)
    (offset,) = struct.unpack_from(">q", value, 2)
    return group, TopicPartition(topic, partition), offset


def _string(data: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from(">h", data, at)
    return data[at + 2 : at + 2 + size].decode(), at + 2 + size


async def _offsets(admin: AIOKafkaAdminClient, group: str) -> Mapping[TopicPartition, Any]:
    async with asyncio.timeout(ANSWER_SECONDS):
        found: Mapping[TopicPartition, Any] = await admin.list_consumer_group_offsets(group)
        return found


def _fingerprint(key: bytes | None, value: bytes | None) -> bytes:
    return hashlib.sha256((key or b"") + b"\0" + (value or b"")).digest()
