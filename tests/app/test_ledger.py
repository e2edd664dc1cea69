"""The tail of the money topic, read from a real Kafka: every command from the position on, whatever is in it."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.errors import KafkaError

from app import ledger
from app.ledger import read_tail
from app.settings import Settings
from schemas.codec import encode
from schemas.identifiers import digest
from schemas.topics import PAYMENT_INITIATED
from tests.agents.payment.commands import initiated

pytestmark = pytest.mark.kafka
PARTITIONS = 2


class Ledger:
    """A money topic of a test's own."""

    def __init__(self, settings: Settings, topic: str) -> None:
        self.settings = settings
        self.topic = topic

    async def write(self, *records: tuple[str | None, bytes | None], partition: int = 0) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await producer.start()
        try:
            for key, value in records:
                await producer.send_and_wait(self.topic, value, key=key and key.encode(), partition=partition)
        finally:
            await producer.stop()

    async def forget(self, before: int, partition: int = 0) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(self.topic, partition): RecordsToDelete(before_offset=before)})
        finally:
            await admin.close()

    async def tail(self, position: int, partition: int = 0) -> list[Any]:
        return await read_tail(self.settings, partition, position)


@pytest.fixture
async def money(
    kafka_bootstrap: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Ledger]:
    topic = "ledger." + re.sub(r"\W+", "-", request.node.name)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    monkeypatch.setattr(ledger, "PAYMENT_INITIATED", replace(PAYMENT_INITIATED, name=topic))
    yield Ledger(Settings(kafka_bootstrap_servers=kafka_bootstrap), topic)
    await admin.delete_topics([topic])
    await admin.close()


async def test_an_empty_ledger_has_no_tail(money: Ledger) -> None:
    assert await money.tail(0) == []


async def test_every_command_is_named_with_its_document_and_its_place(money: Ledger) -> None:
    paid = initiated()
    await money.write((paid.command_id, encode(paid)))
    [issued] = await money.tail(0)
    assert (issued.command_id, issued.document_id) == (paid.command_id, paid.document_id)
    assert (issued.partition, issued.offset, issued.digest) == (0, 0, digest(encode(paid)))


async def test_only_what_is_behind_the_position_is_read(money: Ledger) -> None:
    await money.write(*((f"Q{number}", b"x") for number in range(5)))
    assert [issued.command_id for issued in await money.tail(3)] == ["Q3", "Q4"]
    assert await money.tail(5) == []


async def test_a_partition_has_a_tail_of_its_own(money: Ledger) -> None:
    await money.write(("Qa", b"x"), partition=0)
    await money.write(("Qb", b"x"), partition=1)
    assert [(issued.command_id, issued.partition) for issued in await money.tail(0, partition=1)] == [("Qb", 1)]


@pytest.mark.parametrize("value", [b"\xff no command", b"{}", None])
async def test_a_command_that_cannot_be_read_blocks_its_id_all_the_same(money: Ledger, value: bytes | None) -> None:
    await money.write(("Qx", value))
    [issued] = await money.tail(0)
    assert (issued.command_id, issued.document_id) == ("Qx", "")


async def test_a_long_tail_is_read_whole(money: Ledger) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=money.settings.kafka_bootstrap_servers)
    await producer.start()
    for number in range(3_000):
        await producer.send(money.topic, b"x" * 1_000, key=b"Q%d" % number, partition=0)
    await producer.stop()
    assert [issued.offset for issued in await money.tail(0)] == list(range(3_000))


async def test_a_ledger_that_was_cut_is_read_from_where_it_begins(money: Ledger) -> None:
    await money.write(*((f"Q{number}", b"x") for number in range(5)))
    await money.forget(3)
    assert [issued.command_id for issued in await money.tail(0)] == ["Q3", "Q4"]


async def test_without_a_broker_nothing_is_known() -> None:
    with pytest.raises(KafkaError):
        await read_tail(Settings(kafka_bootstrap_servers="127.0.0.1:1"), 0, 0)
