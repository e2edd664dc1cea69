from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.partitioner import DefaultPartitioner

from agents.effects import Outgoing, Written
from app.home import Homes, home_partition
from schemas.topics import PAYMENT_DECIDED, PAYMENT_STATUS

PARTITIONS = 6


def event(topic: str, key: bytes | None, partition: int) -> Any:
    message = SimpleNamespace(topic=topic, key=key, value=b"{}", partition=partition, offset=3)
    return SimpleNamespace(message=message, headers={"ce_id": b"1", "empty": None})


class Sent:
    def __init__(self) -> None:
        self.records: list[Outgoing] = []

    async def deliver(self, record: Outgoing) -> Written:
        self.records.append(record)
        return Written(record.topic, record.partition or 0, 0, "sha256:")


@pytest.mark.parametrize("number", range(50))
def test_home_is_where_the_default_partitioner_of_our_producer_puts_a_key(number: int) -> None:
    key = f"Q{number:026d}".encode()
    chosen = DefaultPartitioner()(key, list(range(PARTITIONS)), list(range(PARTITIONS)))
    assert home_partition(key, PARTITIONS) == chosen


def test_a_record_at_home_stays() -> None:
    homes = Homes(PARTITIONS, Sent().deliver)
    key = b"Q2"
    assert homes.elsewhere(event(PAYMENT_STATUS.name, key, home_partition(key, PARTITIONS)).message) is None


def test_a_record_of_our_own_topics_is_never_moved() -> None:
    homes = Homes(PARTITIONS, Sent().deliver)
    stray = (home_partition(b"Q2", PARTITIONS) + 1) % PARTITIONS
    assert homes.elsewhere(event(PAYMENT_DECIDED.name, b"Q2", stray).message) is None


async def test_a_stray_record_is_written_home_as_it_is() -> None:
    sent = Sent()
    homes = Homes(PARTITIONS, sent.deliver)
    home = home_partition(b"Q2", PARTITIONS)
    stray = event(PAYMENT_STATUS.name, b"Q2", (home + 1) % PARTITIONS)
    assert homes.elsewhere(stray.message) == home
    await homes.send(stray, home)
    assert sent.records == [Outgoing(PAYMENT_STATUS.name, b"Q2", b"{}", {"ce_id": b"1"}, home)]
