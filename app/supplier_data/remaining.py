"""What is left on a supplier when its key is destroyed, and when that goes: by the broker's own settings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from app.kafka_client import client_arguments
from app.readmodel.record import Read
from app.settings import Settings
from schemas.base import Code, Moment, Record
from schemas.topics import AUDIT_ENTRY

_CONFIGS = ("cleanup.policy", "retention.ms", "segment.ms")


@dataclass(frozen=True)
class Keeping:
    """How long the broker keeps a topic's records. A segment goes as a whole, once its last record is old enough."""

    is_compacted: bool
    retention_ms: int
    segment_ms: int

    def gone_by(self, last_ms: int) -> datetime | None:
        """Return when a record is gone at the latest; None where it is kept until somebody does something."""
        if self.is_compacted or self.retention_ms < 0:
            return None
        kept = timedelta(milliseconds=self.retention_ms + self.segment_ms)
        return datetime.fromtimestamp(last_ms / 1000, UTC) + kept


class Remains(Record):
    """Records of one topic that speak of the supplier. `gone_by` is None where they do not go by themselves."""

    topic: Code
    records: int
    last_at: Moment
    gone_by: Moment | None


def remains_of(reads: Iterable[Read], keeping: Mapping[str, Keeping]) -> tuple[Remains, ...]:
    """Return what is left, topic by topic. Audit entries are not among it: they hold digests and ids alone."""
    by: defaultdict[str, list[int]] = defaultdict(list)
    for read in reads:
        if read.topic != AUDIT_ENTRY.name:
            by[read.topic].append(read.timestamp_ms)
    return tuple(
        Remains(
            topic=topic,
            records=len(times),
            last_at=datetime.fromtimestamp(max(times) / 1000, UTC),
            gone_by=keeping[topic].gone_by(max(times)),
        )
        for topic, times in sorted(by.items())
    )


async def ask_keeping(settings: Settings, topics: Iterable[str]) -> Mapping[str, Keeping]:
    """Return how long the broker keeps each topic, as it says itself: an operator may have changed it.

    Raises:
        aiokafka.errors.KafkaError: where it cannot be asked.
    """
    wanted = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(_CONFIGS)) for name in sorted(set(topics))]
    admin = AIOKafkaAdminClient(**client_arguments(settings))
    try:
        await admin.start()
        answers = await admin.describe_configs(wanted) if wanted else []
    finally:
        await admin.close()
    return {resource[3]: _keeping(resource[4]) for answer in answers for resource in answer.resources}


def _keeping(entries: Iterable[tuple[object, ...]]) -> Keeping:
    stated = {str(entry[0]): str(entry[1]) for entry in entries}
    return Keeping(
        is_compacted="delete" not in stated["cleanup.policy"],
        retention_ms=int(stated["retention.ms"]),
        segment_ms=int(stated["segment.ms"]),
    )
