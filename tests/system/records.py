"""Every record of the topics, as any outsider can read them. Nothing of ours is imported here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aiokafka import AIOKafkaConsumer, TopicPartition

POLL_MS = 500


@dataclass(frozen=True)
class Record:
    """One record and where it stands."""

    key: bytes
    value: bytes
    partition: int = 0
    offset: int = 0
    headers: Mapping[str, bytes] = field(default_factory=dict)
    timestamp_ms: int = 0

    @property
    def name(self) -> str:
        return self.key.decode(errors="replace")

    @cached_property
    def digest(self) -> str:
        return digest(self.value)

    @property
    def event_id(self) -> str | None:
        """CloudEvents: what has the same id, and the same source, is the same event once more."""
        found = self.headers.get("ce_id")
        return found.decode() if found else None


Records = dict[str, list[Record]]


def digest(value: bytes) -> str:
    return "sha256:" + hashlib.sha256(value).hexdigest()


async def read_all(bootstrap: str, topics: tuple[str, ...]) -> Records:
    """Return every record by topic, each partition in order."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = sorted(consumer.assignment())
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        records: Records = {topic: [] for topic in topics}
        while await _is_behind(consumer, ends):
            for place, fetched in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                records[place.topic] += [
                    Record(it.key or b"", it.value or b"", place.partition, it.offset, dict(it.headers), it.timestamp)
                    for it in fetched
                ]
        return records
    finally:
        await consumer.stop()


async def _is_behind(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return any([await consumer.position(place) < end for place, end in ends.items()])
