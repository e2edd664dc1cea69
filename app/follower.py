"""Follows a compacted topic of one partition from its beginning: the whole of a reference table in every process.

Kafka Streams calls this a GlobalKTable. The topic is its own changelog, so nothing is kept twice and nothing can
disagree (docs/decisions/0003 says why this is not Faust's GlobalTable, F11).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import NoReturn

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from app.delivery import end_process
from app.kafka_client import client_arguments
from app.settings import Settings

log = logging.getLogger(__name__)

# While the broker is away; it is asked again at this pace, for ever: without reference data nothing may be decided.
RETRY_PAUSE_SECONDS = 1.0
POLL_SECONDS = 1.0
# How old the application's view may get while the broker is idle: it answers a fetch as soon as there is a record.
FETCH_WAIT_MS = 500

# Key, value and offset of a record.
Apply = Callable[[bytes | None, bytes | None, int], None]


class Follower:
    """Applies every record of a topic, first to its present end, then as they come."""

    def __init__(
        self, settings: Settings, topic: str, apply: Apply, end: Callable[[str], NoReturn] = end_process
    ) -> None:
        """`apply(key, value, offset)` must not raise; a value of None is a tombstone. `end` is replaced in tests."""
        self._end = end
        self._settings = settings
        self._partition = TopicPartition(topic, 0)
        self._apply = apply
        self._caught_up = asyncio.Event()
        self._position = 0
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_caught_up(self) -> bool:
        """Tell whether all that stood there at the start has been applied."""
        return self._caught_up.is_set()

    async def caught_up(self) -> None:
        """Wait until all that stood there at the start has been applied."""
        await self._caught_up.wait()

    async def reached(self, offset: int) -> None:
        """Wait until the record at an offset has been applied."""
        while self._position <= offset:
            self._moved.clear()
            await self._moved.wait()

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self._follow())
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """End the process on a surprise: it would decide on reference data that stand still."""
        if not task.cancelled() and (surprise := task.exception()) is not None:
            log.critical("nobody expected this", exc_info=surprise)
            self._end(f"{self._partition.topic} is not followed any more: {type(surprise).__name__}")

    async def _follow(self) -> None:
        while True:
            consumer = AIOKafkaConsumer(
                **client_arguments(self._settings),
                enable_auto_commit=False,
                # Where the topic has become shorter (a restored broker), aiokafka would else jump to its end, and
                # what stands there now would never be in force. Whatever was applied before may be applied again.
                auto_offset_reset="earliest",
                fetch_max_wait_ms=FETCH_WAIT_MS,
            )
            try:
                await consumer.start()
                await self._read(consumer)
            except KafkaError as failed:
                log.warning("%s cannot be followed just now: %r", self._partition.topic, failed)
                await asyncio.sleep(RETRY_PAUSE_SECONDS)
            finally:
                await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        consumer.assign([self._partition])
        beginning = (await consumer.beginning_offsets([self._partition]))[self._partition]
        end = (await consumer.end_offsets([self._partition]))[self._partition]
        consumer.seek(self._partition, max(self._position, beginning))
        while True:
            if await consumer.position(self._partition) >= end:
                self._caught_up.set()
            for records in (await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000))).values():
                for record in records:
                    self._apply(record.key, record.value, record.offset)
                    self._position = record.offset + 1
                self._moved.set()
