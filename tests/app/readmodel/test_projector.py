"""The projection on a real Kafka: it catches up, skips what nobody can read, and begins anew where it must."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncEngine

from app.publishing import KafkaPublisher
from app.readmodel.database import open_database
from app.readmodel.fingerprint import fingerprint
from app.readmodel.progress import NullMeter, Progress
from app.readmodel.projector import Projector
from app.readmodel.queries import ReadModel
from app.readmodel.store import ProjectionStore
from app.settings import Settings
from app.topics import create_topics
from schemas import topics
from schemas.codec import encode
from schemas.identifiers import document_id
from tests.app.readmodel.events import payment_status, received, status

pytestmark = pytest.mark.kafka

CATCH_UP_SECONDS = 60.0


class Counted(NullMeter):
    """A meter that can be read."""

    def __init__(self) -> None:
        self.reasons: list[tuple[str, str]] = []

    def skipped(self, topic: str, reason: str) -> None:
        self.reasons.append((topic, reason))


@pytest.fixture
async def settings(kafka_bootstrap: str) -> Settings:
    chosen = Settings(kafka_bootstrap_servers=kafka_bootstrap)
    await create_topics(chosen)
    return chosen


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_database(f"sqlite:///{tmp_path}/read.db")
    yield engine
    await engine.dispose()


@asynccontextmanager
async def projecting(engine: AsyncEngine, bootstrap: str, meter: NullMeter | None = None) -> AsyncIterator[Progress]:
    """Run a projection that has caught up with what stood on the topics."""
    projector = Projector({"bootstrap_servers": bootstrap}, ProjectionStore(engine), meter=meter)
    task = asyncio.create_task(projector.run())
    try:
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while not projector.progress.is_current:
                assert not task.done(), task.exception()
                await projector.progress.change(0.2)
        yield projector.progress
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_is_published_becomes_visible_and_a_restart_reads_on(
    settings: Settings, database: AsyncEngine, kafka_bootstrap: str, tmp_path: Path
) -> None:
    identifier = document_id(str(tmp_path).encode())
    async with KafkaPublisher(settings, source="test") as publisher:
        async with projecting(database, kafka_bootstrap) as progress:
            published = await publisher.publish(topics.DOCUMENT_RECEIVED, received(identifier))
            assert await progress.reached("document.received", published.partition, published.offset, 20)
        await publisher.publish(topics.DOCUMENT_STATUS, status("held", identifier))
    async with projecting(database, kafka_bootstrap):
        document = await ReadModel(database).document("default", identifier)
    assert document is not None
    assert (document.state, document.submitted_by) == ("held", "ann")


async def test_a_projection_rebuilt_in_either_database_is_the_running_one(
    settings: Settings, database: AsyncEngine, engine: AsyncEngine, kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with KafkaPublisher(settings, source="test") as publisher, projecting(database, kafka_bootstrap):
        for number in range(60):
            identifier = document_id(f"{tmp_path}{number % 20}".encode())
            await publisher.publish(topics.DOCUMENT_RECEIVED, received(identifier, analysis=number // 20))
            await publisher.publish(topics.DOCUMENT_STATUS, status("held" if number % 2 else "extracted", identifier))
    async with projecting(database, kafka_bootstrap):
        pass
    async with projecting(engine, kafka_bootstrap):
        assert await fingerprint(engine) == await fingerprint(database)


async def test_what_nobody_can_read_is_counted_and_blocks_nothing(
    settings: Settings, database: AsyncEngine, kafka_bootstrap: str, tmp_path: Path
) -> None:
    identifier = document_id(str(tmp_path).encode())
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    for value in (b"{", b"\xff", None, encode(status("held", identifier))):
        await producer.send_and_wait("document.status", value, key=identifier.encode())
    await producer.stop()
    meter = Counted()
    async with projecting(database, kafka_bootstrap, meter):
        document = await ReadModel(database).document("default", identifier)
    assert document is not None
    assert document.state == "held"
    assert [reason for topic, reason in meter.reasons if topic == "document.status"][-3:] == [
        "VALUE-INVALID",
        "VALUE-INVALID",
        "VALUE-EMPTY",
    ]


async def test_the_markers_of_other_peoples_transactions_do_not_hold_it_up(
    settings: Settings, database: AsyncEngine, kafka_bootstrap: str, tmp_path: Path
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=str(tmp_path))
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait("payment.status", encode(payment_status("ACSC")), key=b"engine")
    await producer.stop()
    async with projecting(database, kafka_bootstrap) as progress:
        assert progress.is_current
    async with projecting(database, kafka_bootstrap) as progress:
        assert progress.is_current


async def test_where_the_topics_are_shorter_than_what_was_seen_it_is_built_anew(
    settings: Settings, database: AsyncEngine, kafka_bootstrap: str, tmp_path: Path
) -> None:
    identifier = document_id(str(tmp_path).encode())
    async with KafkaPublisher(settings, source="test") as publisher:
        await publisher.publish(topics.DOCUMENT_STATUS, status("held", identifier))
    async with projecting(database, kafka_bootstrap):
        before = await fingerprint(database)
    await ProjectionStore(database).move({("document.status", 0): 10**9})
    async with projecting(database, kafka_bootstrap):
        assert await fingerprint(database) == before
        assert (await ProjectionStore(database).offsets())["document.status", 0] < 10**9


async def test_it_waits_for_topics_and_for_the_broker(database: AsyncEngine) -> None:
    projector = Projector({"bootstrap_servers": "127.0.0.1:1"}, ProjectionStore(database))
    task = asyncio.create_task(projector.run())
    await asyncio.sleep(1)
    assert not task.done()
    assert projector.progress.failure is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
