"""The table: a stage can wait until the broker has each change."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import NotEnoughReplicasError

from app.stream.table import ConfirmedTable
from tests.app.stream.faust_parts import FakeProducer, place_of, plain_app, turns


@pytest.fixture(autouse=True)
def claimed(table: ConfirmedTable) -> None:
    """Only who has claimed a partition may change it."""
    table.epochs[0] = 1


def confirm(message: Any, offset: int = 0) -> None:
    message.set_result(place_of("ours-seen-changelog", offset))


async def test_our_application_makes_tables_that_can_be_waited_for(table: ConfirmedTable) -> None:
    assert isinstance(table, ConfirmedTable)


async def test_plain_faust_has_nothing_to_wait_for() -> None:
    table = plain_app().Table("seen", key_type=str)
    assert not hasattr(table, "confirmed"), "upstream can wait for table writes now (F4): ConfirmedTable may go"


async def test_it_waits_for_every_change_so_far(table: ConfirmedTable, producer: FakeProducer) -> None:
    table.send_changelog(0, "a", 1)
    table.send_changelog(0, "b", 2)
    waiting = asyncio.create_task(table.confirmed())
    confirm(producer.soon[1])
    await turns()
    assert not waiting.done()
    confirm(producer.soon[0])
    await asyncio.wait_for(waiting, 1)


async def test_a_later_change_is_not_waited_for(table: ConfirmedTable, producer: FakeProducer) -> None:
    table.send_changelog(0, "a", 1)
    waiting = asyncio.create_task(table.confirmed())
    await turns()
    table.send_changelog(0, "b", 2)
    confirm(producer.soon[0])
    await asyncio.wait_for(waiting, 1)


async def test_without_changes_there_is_nothing_to_wait_for(table: ConfirmedTable) -> None:
    await asyncio.wait_for(table.confirmed(), 1)


async def test_a_refusal_is_told_to_who_waits(table: ConfirmedTable, producer: FakeProducer) -> None:
    table.send_changelog(0, "a", 1)
    producer.soon[0].set_exception(NotEnoughReplicasError())
    with pytest.raises(NotEnoughReplicasError):
        await table.confirmed()


async def test_who_is_cancelled_while_waiting_cancels_no_change(table: ConfirmedTable, producer: FakeProducer) -> None:
    """The changes of neighbours are waited for together: one that is given up must not take the others with it."""
    table.send_changelog(0, "a", 1)
    one, other = (asyncio.create_task(table.confirmed()) for _ in range(2))
    await turns()
    one.cancel()
    await turns()
    assert not producer.soon[0].cancelled()
    confirm(producer.soon[0])
    await asyncio.wait_for(other, 1)


async def test_it_forgets_what_is_confirmed(table: ConfirmedTable, producer: FakeProducer) -> None:
    for number in range(10):
        table.send_changelog(0, str(number), number)
        confirm(producer.soon[number], number)
        await table.confirmed()
    assert not table._unconfirmed
