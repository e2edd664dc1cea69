"""Reads what was written for something else, and writes what it teaches. Beside the stages: it holds nobody up.

A record is acknowledged once the broker has its lessons. A lesson is a function of its record and has the same id
however often it is written, so that a record read twice teaches nothing new.
"""

import asyncio
import logging

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError

from app.kafka_client import client_arguments
from app.publishing import Publisher, Unpublished
from app.quality.feedback import LEARNED_FROM, feedback_of
from app.settings import Settings

log = logging.getLogger(__name__)

GROUP = "quittance-feedback"
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0


class Collecting:
    """Collects lessons until it is told to stop."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        """`publisher` writes `feedback.recorded` and refuses everything else."""
        self._settings = settings
        self._publisher = publisher

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set; a broker that is away is waited for."""
        while not stop.is_set():
            try:
                await self._follow(stop)
            except (KafkaError, IllegalStateError, Unpublished) as failed:
                log.warning("lessons are not collected just now: %s", failed)
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, stop: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            *LEARNED_FROM,
            **client_arguments(self._settings),
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=self._settings.session_timeout_seconds * 1000,
        )
        try:
            await consumer.start()
            while not stop.is_set():
                found = await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000))
                for place, records in found.items():
                    for record in records:
                        for emission in feedback_of(record.topic, record):
                            await self._publisher.publish(emission.topic, emission.event, key=emission.key)
                    await consumer.commit({place: records[-1].offset + 1})
        finally:
            await consumer.stop()
