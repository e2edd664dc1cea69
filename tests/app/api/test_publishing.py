"""One contract for the publisher on a real Kafka and for the log in memory that stands in for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from app.local.ports import free_port
from app.publishing import KafkaPublisher, Publisher, Unpublished
from app.readmodel.record import Read
from app.settings import Settings
from schemas.codec import decode
from schemas.envelope import Envelope
from schemas.topics import DOCUMENT_STATUS, Topic
from tests.app.api.world import MemoryLog
from tests.app.readmodel.events import DOCUMENT, NOON, status

TOPIC = Topic("publishing.status", "document_id", DOCUMENT_STATUS.event, "tests", "where these tests write")


@dataclass
class Place:
    """A publisher, and the way to read what it wrote."""

    publisher: Publisher
    bootstrap: str | None = None

    async def read(self, partition: int, offset: int) -> Read:
        if isinstance(self.publisher, MemoryLog):
            return self.publisher.records[TOPIC.name][offset]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap)
        await consumer.start()
        try:
            place = TopicPartition(TOPIC.name, partition)
            consumer.assign([place])
            consumer.seek(place, offset)
            record = await consumer.getone()
        finally:
            await consumer.stop()
        return Read(record.topic, partition, record.offset, record.value, record.key, headers=dict(record.headers))


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    if request.param == "memory":
        yield Place(MemoryLog())
        return
    bootstrap: str = request.getfixturevalue("kafka_bootstrap")
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC.name, 3, 1)])
    await admin.close()
    async with KafkaPublisher(Settings(kafka_bootstrap_servers=bootstrap), source="test") as publisher:
        yield Place(publisher, bootstrap)


async def test_what_is_published_stands_where_it_is_said_to(place: Place) -> None:
    event = status("held")
    published = await place.publisher.publish(TOPIC, event, correlation_id="c9")
    read = await place.read(published.partition, published.offset)
    assert read.value is not None
    assert decode(read.value, TOPIC.event) == event
    assert read.key == DOCUMENT.encode()
    envelope = Envelope.of(read.headers, fallback_id="x", event_type="x", time=NOON)
    assert (envelope.id, envelope.source, envelope.correlation_id) == (published.envelope.id, "test", "c9")
    assert read.headers["ce_type"] == b"quittance.publishing.status"
    assert read.headers["content-type"] == b"application/json"


async def test_the_same_event_has_the_same_id_and_begins_its_own_chain(place: Place) -> None:
    first = await place.publisher.publish(TOPIC, status("held"))
    again = await place.publisher.publish(TOPIC, status("held"))
    other = await place.publisher.publish(TOPIC, status("rejected"))
    assert first.envelope.id == again.envelope.id != other.envelope.id
    assert first.envelope.correlation_id == first.envelope.id
    assert (first.partition, first.offset) != (again.partition, again.offset)


async def test_a_key_may_be_given(place: Place) -> None:
    published = await place.publisher.publish(TOPIC, status("held"), key="elsewhere")
    assert (await place.read(published.partition, published.offset)).key == b"elsewhere"


async def test_a_broker_that_is_not_there_is_a_typed_error() -> None:
    settings = Settings(kafka_bootstrap_servers=f"127.0.0.1:{free_port()}")
    async with KafkaPublisher(settings, source="test", timeout_seconds=5) as publisher:
        with pytest.raises(Unpublished) as refused:
            await publisher.publish(TOPIC, status("held"))
        assert refused.value.reason in {"BROKER-UNAVAILABLE", "BROKER-TIMEOUT"}
        with pytest.raises(Unpublished):
            await publisher.probe()


@pytest.mark.kafka
async def test_a_topic_that_is_not_there_is_a_typed_error(kafka_bootstrap: str) -> None:
    settings = Settings(kafka_bootstrap_servers=kafka_bootstrap)
    async with KafkaPublisher(settings, source="test", timeout_seconds=8) as publisher:
        with pytest.raises(Unpublished) as refused:
            await publisher.publish(Topic("no.such", "document_id", TOPIC.event, "tests", "nothing"), status("held"))
        assert refused.value.reason in {"TOPIC-UNKNOWN", "BROKER-TIMEOUT"}
        await publisher.probe()


@pytest.mark.kafka
async def test_an_event_that_nobody_could_read_is_not_sent(kafka_bootstrap: str) -> None:
    reasons = tuple("R" * 256 for _ in range(5_000))
    async with KafkaPublisher(Settings(kafka_bootstrap_servers=kafka_bootstrap), source="test") as publisher:
        with pytest.raises(Unpublished) as refused:
            await publisher.publish(TOPIC, status("held", reasons=reasons))
        assert refused.value.reason == "EVENT-TOO-LARGE"
