"""Reads what was written for something else, and writes what it teaches. Beside the stages: it holds nobody up.

A record is acknowledged once the broker has its lessons. A lesson is a function of its record and has the same id
however often it is written, so that a record read twice teaches nothing new.
"""

import asyncio
from collections.abc import Sequence

from aiokafka import ConsumerRecord, TopicPartition

from app.acknowledging import acknowledge
from app.publishing import Publisher
from app.quality.feedback import LEARNED_FROM, feedback_of
from app.settings import Settings

GROUP = "quittance-feedback"


class Collecting:
    """Collects lessons until it is told to stop."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        """`publisher` writes `feedback.recorded` and refuses everything else."""
        self._settings = settings
        self._publisher = publisher

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set; a broker that is away is waited for."""
        await acknowledge(
            self._settings, stop, group=GROUP, topics=LEARNED_FROM, take=self._take, fails="lessons are not collected"
        )

    async def _take(self, _place: TopicPartition, records: Sequence[ConsumerRecord]) -> int:
        for record in records:
            for emission in feedback_of(record.topic, record):
                await self._publisher.publish(emission.topic, emission.event, key=emission.key)
        return int(records[-1].offset) + 1
