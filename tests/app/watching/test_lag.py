"""Lag is asked from a real broker: what nobody has read, since when, and what becomes of it without a broker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from prometheus_client import CollectorRegistry

from app import clock
from app.audit_log.sealer import GROUP as GROUP_OF_SEALERS
from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.roles import LedgerRole
from app.settings import Settings
from app.topics import create_topics
from app.watching.lag import NONE_COMMITTED, READ_BY, LagWatch, Standing, standings
from app.watching.telemetry import WatchTelemetry
from app.watching.watch import Watch
from app.worker import APP_IDS
from schemas.topics import DOCUMENT_RECEIVED
from tests.agents.ports import FakePorts

TOPIC, GROUP = DOCUMENT_RECEIVED.name, APP_IDS["reader"]
HOUR = timedelta(hours=1)
PARTITIONS = 2
ANSWER_SECONDS = 60.0


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A broker of our own: the groups' names are those of the product."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker.bootstrap_servers


@pytest.fixture
async def settings(bootstrap: str) -> Settings:
    return Settings(kafka_bootstrap_servers=bootstrap)


@pytest.fixture
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(**client_arguments(settings)) as opened:
        yield opened


def watch_over(settings: Settings) -> tuple[WatchTelemetry, Watch]:
    telemetry = WatchTelemetry(CollectorRegistry())
    lag = LagWatch(client_arguments(settings), telemetry)
    return telemetry, Watch("lag", 60.0, lag.ask, lag.forget, telemetry)


def values(gauge: Any) -> dict[tuple[str, int], float]:
    """The samples of one gauge by topic and partition."""
    (family,) = gauge.collect()
    return {(one.labels["topic"], int(one.labels["partition"])): one.value for one in family.samples}


async def committed(settings: Settings, partition: int, offset: int) -> None:
    """What a worker says that has read so far."""
    place = TopicPartition(TOPIC, partition)
    consumer = AIOKafkaConsumer(**client_arguments(settings), group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([place])
        await consumer.commit({place: OffsetAndMetadata(offset, "")})
    finally:
        await consumer.stop()


async def answered(watch: Watch) -> None:
    """Ask until there is an answer: a new broker has no coordinator for a group before somebody has asked for one."""
    before = -1.0
    async with asyncio.timeout(ANSWER_SECONDS):
        while (failures := watch.telemetry.failed.labels(watch.name)._value.get()) != before:
            before = failures
            await watch.once()


@pytest.mark.kafka
async def test_what_nobody_has_read_and_for_how_long(settings: Settings, producer: AIOKafkaProducer) -> None:
    telemetry, watch = watch_over(settings)
    await watch.once()
    assert telemetry.failed.labels("lag")._value.get() == 1, "without topics there is no answer"
    assert values(telemetry.lag) == {}

    await create_topics(settings, PARTITIONS)
    now = clock.now()
    for age in (3, 2, 1):
        written = int((now - age * HOUR).timestamp() * 1000)
        await producer.send_and_wait(TOPIC, b"x" * 100_000, partition=1, timestamp_ms=written)
    await answered(watch)
    assert telemetry.succeeded.labels("lag")._value.get() >= now.timestamp()
    lag, oldest = values(telemetry.lag), values(telemetry.oldest_unread)
    assert lag[TOPIC, 0] == oldest[TOPIC, 0] == 0
    assert lag[TOPIC, 1] == 3
    assert oldest[TOPIC, 1] == pytest.approx(3 * 3600, abs=600)
    assert len(lag) == PARTITIONS * sum(len(topics) for topics in READ_BY.values()), "a gauge for each of ours"

    await committed(settings, 1, 2)
    await answered(watch)
    assert values(telemetry.lag)[TOPIC, 1] == 1
    assert values(telemetry.oldest_unread)[TOPIC, 1] == pytest.approx(3600, abs=600)
    await committed(settings, 1, 3)
    await answered(watch)
    assert values(telemetry.lag)[TOPIC, 1] == values(telemetry.oldest_unread)[TOPIC, 1] == 0
    await watch.forget()
    assert values(telemetry.lag) == {}, "an old answer looks like a good one"


async def test_without_a_broker_no_gauge_stands() -> None:
    telemetry, watch = watch_over(Settings(kafka_bootstrap_servers="127.0.0.1:1"))
    telemetry.lag.labels(GROUP, TOPIC, "0").set(0)
    await watch.once()
    assert values(telemetry.lag) == {}
    assert telemetry.failed.labels("lag")._value.get() == 1


def test_a_group_begins_at_the_first_record_that_is_still_there() -> None:
    place = TopicPartition(TOPIC, 0)

    def standing(committed: dict[TopicPartition, int], beginning: int, end: int) -> Standing:
        (one,) = standings(GROUP, committed, {place: beginning}, {place: end})
        return one

    assert standing({}, 5, 9) == Standing(GROUP, place, 5, 9)
    assert standing({place: NONE_COMMITTED}, 5, 9).unread == 4
    assert standing({place: 7}, 5, 9).unread == 2
    assert standing({place: 3}, 5, 9).unread == 4, "retention was faster"
    assert standing({place: 12}, 0, 9).unread == 0, "the topic was made anew"


def test_the_groups_read_what_the_roles_read() -> None:
    role = LedgerRole(None, None)  # type: ignore[arg-type]
    role.wire(FakePorts(), lambda _running_max: None, {}, lambda _content: "")  # type: ignore[arg-type, return-value]
    assert sorted(READ_BY[APP_IDS["ledger"]]) == sorted(topic.name for topic in role.agents)
    assert set(READ_BY) == {*APP_IDS.values(), GROUP_OF_SEALERS}
