"""Reads a topic from its beginning to its present end, for commands that answer without the API."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from app.kafka_client import client_arguments
from app.settings import Settings

# A broker that says nothing for so long is down for whoever sits before a terminal.
SILENCE_SECONDS = 15.0
BATCH_RECORDS_MAX = 1_000
REQUEST_TIMEOUT_MS = 10_000


class TopicSilent(Exception):  # noqa: N818 - it names the state of the topic
    """The topic does not exist, or its broker stopped answering before the end was reached."""


async def read_to_end(settings: Settings, topic: str) -> AsyncIterator[ConsumerRecord]:
    """Yield every record that stands on the topic now; those of one partition in their order.

    Raises:
        TopicSilent: where the end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    async with reading(settings, topic) as (consumer, places):
        async for record in up_to(consumer, topic, await consumer.end_offsets(places)):
            yield record


@asynccontextmanager
async def reading(settings: Settings, topic: str) -> AsyncIterator[tuple[AIOKafkaConsumer, list[TopicPartition]]]:
    """Hold a consumer that belongs to no group and stands at the topic's beginning, with the topic's partitions.

    Raises:
        TopicSilent: there is no such topic.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    consumer = AIOKafkaConsumer(
        topic,
        **client_arguments(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    try:
        await consumer.start()
        places = [TopicPartition(topic, partition) for partition in consumer.partitions_for_topic(topic) or ()]
        if not places:
            raise TopicSilent(f"there is no topic {topic}; run `quittance topics create`")
        yield consumer, places
    finally:
        await consumer.stop()


async def up_to(
    consumer: AIOKafkaConsumer, topic: str, ends: Mapping[TopicPartition, int]
) -> AsyncIterator[ConsumerRecord]:
    """Yield the records from where the consumer stands to the ends.

    Raises:
        TopicSilent: nothing came for a while, though the ends were not reached.
    """
    while left := {place for place in ends if await consumer.position(place) < ends[place]}:
        batch = await consumer.getmany(*left, timeout_ms=int(SILENCE_SECONDS * 1000), max_records=BATCH_RECORDS_MAX)
        if not batch:
            raise TopicSilent(f"{topic}: nothing came for {SILENCE_SECONDS:g} s, though the end was not reached")
        for records in batch.values():
            for record in records:
                yield record
