"""Lessons are collected from a real Kafka: each record once, also by whoever goes on after a process that ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.publishing import KafkaPublisher
from app.quality.collecting import Collecting
from app.releases.looking import OnlyTo
from app.settings import Settings
from app.topics import create_topics
from schemas.codec import decode, encode
from schemas.feedback import FeedbackRecorded
from schemas.finding import Finding
from schemas.topics import DOCUMENT_RECEIVED, DOCUMENT_STATUS, FEEDBACK_RECORDED, PAYMENT_DECIDED
from tests.app.quality.test_feedback import contradicted, decided

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
LETTER = [
    ("dlq.topic", b"document.received"),
    ("dlq.partition", b"0"),
    ("dlq.offset", b"5"),
    ("dlq.reason", b"VALUE-INVALID"),
]
MISMATCH = Finding(rule="CODE-MISMATCH", severity="error", message="", fields=("amount_due_for_payment",))
Learned = Callable[[int], Awaitable[list[FeedbackRecorded]]]


@asynccontextmanager
async def collecting(settings: Settings) -> AsyncIterator[None]:
    """Run a process that collects, until the block ends."""
    stop = asyncio.Event()
    async with KafkaPublisher(settings, source="quittance/quality") as publisher, asyncio.TaskGroup() as group:
        group.create_task(Collecting(settings, OnlyTo(publisher, FEEDBACK_RECORDED)).run(stop))
        try:
            yield
        finally:
            stop.set()


@asynccontextmanager
async def lessons_of(settings: Settings) -> AsyncIterator[Learned]:
    """Yield what waits for the next so many lessons on the topic."""
    consumer = AIOKafkaConsumer(
        FEEDBACK_RECORDED.name, **client_arguments(settings), auto_offset_reset="earliest", group_id=None
    )
    await consumer.start()

    async def learned(count: int) -> list[FeedbackRecorded]:
        return [decode((await consumer.getone()).value, FeedbackRecorded) for _ in range(count)]

    try:
        yield learned
    finally:
        await consumer.stop()


async def test_each_record_is_learned_from_once(tmp_path: Path) -> None:
    with Broker(tmp_path / "kafka") as broker:
        settings = Settings(kafka_bootstrap_servers=broker.bootstrap_servers, session_timeout_seconds=6)
        await create_topics(settings, partitions=1)
        producer = AIOKafkaProducer(**client_arguments(settings))
        await producer.start()
        async with lessons_of(settings) as learned:
            async with collecting(settings):
                await producer.send_and_wait(DOCUMENT_RECEIVED.dead, b"no json", key=b"paper", headers=LETTER)
                await producer.send_and_wait(DOCUMENT_RECEIVED.dead, b"no letter")
                [letter] = await learned(1)
            assert (letter.document_id, letter.cause, letter.source) == ("paper", "VALUE-INVALID", "dead_letter")
            await producer.send_and_wait(PAYMENT_DECIDED.name, decided(MISMATCH), key=b"k")
            async with collecting(settings):
                [dissent] = await learned(1)
                status = encode(contradicted())
                await producer.send_and_wait(DOCUMENT_STATUS.name, status, key=b"paper")
                [contradiction] = await learned(1)
        await producer.stop()
    assert (contradiction.source, contradiction.cause) == ("anomaly", "STATUS-CONTRADICTION")
    assert (dissent.source, dissent.field) == ("dissent", "amount_due_for_payment")
