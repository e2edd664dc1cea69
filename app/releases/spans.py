"""The records of a topic from one moment to another, and from when on a topic still has them all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiokafka import ConsumerRecord

from app.settings import Settings
from app.snapshot import reading, up_to


async def records_between(
    settings: Settings, topic: str, start: datetime, end: datetime
) -> AsyncIterator[ConsumerRecord]:
    """Yield what was written in that time, by a consumer that belongs to no group.

    Raises:
        TopicSilent: where the topic is missing or its end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    start_ms, end_ms = int(start.timestamp() * 1000), int(end.timestamp() * 1000)
    async with reading(settings, topic) as (consumer, places):
        ends = await consumer.end_offsets(places)
        for place, found in (await consumer.offsets_for_times(dict.fromkeys(places, start_ms))).items():
            consumer.seek(place, found.offset if found else ends[place])
        async for record in up_to(consumer, topic, ends):
            if start_ms <= record.timestamp < end_ms:
                yield record


async def complete_since(settings: Settings, topic: str, now: datetime) -> datetime | None:
    """Return from when on the topic still has everything; None where nothing of it was ever deleted.

    Raises:
        TopicSilent, aiokafka.errors.KafkaError: as for `records_between`.
    """
    async with reading(settings, topic) as (consumer, places):
        cut = [place for place, first in (await consumer.beginning_offsets(places)).items() if first > 0]
        if not cut:
            return None
        found = await consumer.offsets_for_times(dict.fromkeys(cut, 0))
        firsts = [datetime.fromtimestamp(each.timestamp / 1000, UTC) if each else now for each in found.values()]
        return max(firsts)
