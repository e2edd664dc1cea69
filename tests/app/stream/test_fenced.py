"""The fenced table: it writes under its claim, and recovers what counts; Faust takes what was appended last."""

import asyncio
from types import SimpleNamespace
from typing import Any

import faust
import pytest

from app.stream.table import ConfirmedTable
from tables.fence import epoch_headers
from tests.app.stream.faust_parts import FakeProducer, place_of, plain_app, turns

PARTITION = 0


def change(key: str, value: Any, headers: dict[str, bytes], partition: int = PARTITION) -> Any:
    raw = None if value is None else b"json"
    message = SimpleNamespace(partition=partition, value=raw, offset=0)
    return SimpleNamespace(key=key, value=value, headers=headers, message=message)


def told_by_a_zombie() -> list[Any]:
    """Return a changelog in which an owner's change is followed by one of its predecessor."""
    return [
        change("k", "old", epoch_headers(1)),
        change("epoch 2 b", 2, epoch_headers(2, is_claim=True)),
        change("k", "new", epoch_headers(2)),
        change("k", "older than it", epoch_headers(1)),
        change("gone", None, epoch_headers(1)),
    ]


async def test_it_recovers_what_its_owners_wrote(table: ConfirmedTable) -> None:
    table.apply_changelog_batch(told_by_a_zombie())
    assert dict(table.data) == {"k": "new"}
    assert table.fences[PARTITION].undone == {"k", "gone"}


async def test_plain_faust_recovers_what_came_last() -> None:
    table: faust.Table[Any, Any] = plain_app().Table("seen", key_type=str)
    table.apply_changelog_batch(told_by_a_zombie())
    assert table.data["k"] == "older than it", "upstream fences zombies off: FencedTable may go"


async def test_each_partition_has_a_fence_of_its_own(table: ConfirmedTable) -> None:
    table.apply_changelog_batch([change("a", 1, epoch_headers(7)), change("b", 2, epoch_headers(1), partition=1)])
    assert dict(table.data) == {"a": 1, "b": 2}


async def test_a_change_carries_the_number_of_the_claim(table: ConfirmedTable, producer: FakeProducer) -> None:
    table.epochs[PARTITION] = 7
    table.send_changelog(PARTITION, "k", {"a": 1})
    message = producer.soon[0].message
    assert dict(message.headers) == epoch_headers(7)
    assert message.partition == PARTITION


async def test_nothing_is_written_to_a_partition_that_was_not_claimed(table: ConfirmedTable) -> None:
    with pytest.raises(KeyError):
        table.send_changelog(PARTITION, "k", 1)


async def test_what_it_wrote_leaves_with_its_partition(table: ConfirmedTable) -> None:
    table.epochs[PARTITION] = 1
    table.data["k"] = 1
    table.send_changelog(PARTITION, "k", 1)
    await table.on_recovery_completed(set(), set())
    assert not table.data


async def test_a_claim_waits_for_the_brokers_word(table: ConfirmedTable, producer: FakeProducer) -> None:
    claiming = asyncio.create_task(table.write_claim(PARTITION, "epoch 3 a", 3))
    await turns()
    assert not claiming.done()
    producer.answers[0].set_result(place_of("ours-seen-changelog", 41))
    assert await claiming == 41
    assert producer.sent == [("ours-seen-changelog", b'"epoch 3 a"', b"3")]


async def test_a_withdrawn_claim_is_a_tombstone(table: ConfirmedTable, producer: FakeProducer) -> None:
    claiming = asyncio.create_task(table.write_claim(PARTITION, "epoch 3 a", 4, withdrawn=True))
    await turns()
    producer.answers[0].set_result(place_of("ours-seen-changelog", 42))
    await claiming
    assert producer.sent == [("ours-seen-changelog", b'"epoch 3 a"', None)]


async def test_what_is_written_again_is_what_the_table_has(table: ConfirmedTable, producer: FakeProducer) -> None:
    table.epochs[PARTITION] = 2
    table.data["k"] = {"a": 1}
    table.write_again(PARTITION, "k")
    table.write_again(PARTITION, "gone")
    sent = [(future.message.key, future.message.value) for future in producer.soon]
    assert sent == [(b'"k"', b'{"a":1}'), (b'"gone"', None)]


async def test_it_can_forget_everything(table: ConfirmedTable) -> None:
    table.apply_changelog_batch(told_by_a_zombie())
    table.forget()
    assert not table.data
    assert not table.fences
