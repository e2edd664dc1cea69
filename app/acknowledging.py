"""Reads topics as a member of a consumer group, beside the stages: what was dealt with is acknowledged, then the next.

For work that may be done again (a function of its record, under the same id) and must not be left out. A broker that is
away is waited for, and nobody else waits with it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from app.kafka_client import client_arguments
from app.publishing import Unpublished
from app.settings import Settings

log = logging.getLogger(__name__)

# Also how late a stop is noticed.
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0

# Deals with records of one partition, in their order, and returns the offset from which on nothing was dealt with yet.
Take = Callable[[TopicPartition, Sequence[ConsumerRecord]], Awaitable[int]]


def no_listener(_consumer: AIOKafkaConsumer) -> None:
    """Listen to nothing."""


async def acknowledge(
    settings: Settings,
    stop: asyncio.Event,
    *,
    group: str,
    topics: Sequence[str],
    take: Take,
    fails: str,
    listener: Callable[[AIOKafkaConsumer], ConsumerRebalanceListener | None] = no_listener,
) -> None:
    """Read until `stop` is set. `fails` says in the log what is not done while the broker is away."""
    while not stop.is_set():
        consumer = AIOKafkaConsumer(
            **client_arguments(settings),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=settings.session_timeout_seconds * 1000,
        )
        consumer.subscribe(list(topics), listener=listener(consumer))
        try:
            await _follow(consumer, stop, take)
        except (KafkaError, IllegalStateError, Unpublished) as failed:
            log.warning("%s just now: %s", fails, failed)
            await asyncio.sleep(RETRY_SECONDS)


async def _follow(consumer: AIOKafkaConsumer, stop: asyncio.Event, take: Take) -> None:
    try:
        await consumer.start()
        while not stop.is_set():
            found = await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000))
            for place, records in found.items():
                await consumer.commit({place: await take(place, records)})
    finally:
        await consumer.stop()
