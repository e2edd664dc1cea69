"""The ledger role's memory: no command is judged before its partition's tail is read and written down, once."""

import asyncio
import weakref
from collections import defaultdict
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from faust.streams import _current_event

from app import memory as module
from app.memory import LedgerMemory
from app.settings import Settings
from schemas.topics import PAYMENT_DECIDED
from tables.declared import TABLES
from tables.payments import AHEAD_MAX, IssuedCommand
from tests.app.stream.events import FakeEvent, event
from tests.app.stream.faust_parts import FakeProducer, FakeThread, consumer_of, our_app, place_of, turns

PARTITION = 4


class Ended(BaseException):
    """The process would have ended here."""


def command(offset: int) -> IssuedCommand:
    return IssuedCommand(
        command_id=f"Q{offset}", document_id="d", digest="sha256:x", partition=PARTITION, offset=offset
    )


class World:
    """A memory over a broker made by hand: what `payment.initiated` says, and how often nobody answers."""

    def __init__(self) -> None:
        app = our_app()
        app.producer = self.producer = FakeProducer()
        consumer_of(app, FakeThread())
        self.memory = LedgerMemory(app, Settings())
        for table in self.memory._tables.values():
            table.epochs |= dict.fromkeys(range(PARTITION + 2), 1)  # as the recovery claims them
        self.ledger: defaultdict[int, list[IssuedCommand]] = defaultdict(list)
        self.reads: list[tuple[int, int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.away = 0
        self._held: list[FakeEvent] = []

    async def read_tail(self, _settings: Settings, partition: int, position: int) -> list[IssuedCommand]:
        self.reads.append((partition, position))
        await self.gate.wait()
        if self.away:
            self.away -= 1
            raise KafkaConnectionError
        return [issued for issued in self.ledger[partition] if issued.offset >= position]

    def within(self, partition: int = PARTITION) -> None:
        """Go on as if within an event of the partition: a Faust table asks for it."""
        subject = event(0, topic=PAYMENT_DECIDED.name, partition=partition)
        self._held.append(subject)
        _current_event.set(weakref.ref(subject))

    def confirm(self) -> None:
        for offset, message in enumerate(self.producer.soon):
            if not message.done():
                message.set_result(place_of("changelog", offset))


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    def end(reason: str) -> None:
        raise Ended(reason)

    monkeypatch.setattr(module, "read_tail", made.read_tail)
    monkeypatch.setattr(module, "end_process", end)
    monkeypatch.setattr(module, "RETRY_PAUSE_SECONDS", 0)
    made.within()
    return made


async def test_every_declared_table_is_kept(world: World) -> None:
    assert set(world.memory._tables) == {declared.name for declared in TABLES}


async def test_the_tail_is_written_down_before_the_first_event_goes_on(world: World) -> None:
    world.ledger[PARTITION] = [command(0), command(1)]
    world.memory.assigned({PARTITION})
    payments = await world.memory.payments(PARTITION)
    assert payments.issued("Q1") == command(1)
    assert payments.written(PARTITION) == {0, 1}


async def test_what_is_written_down_goes_to_the_partition_of_the_event(world: World) -> None:
    world.ledger[PARTITION] = [command(0)]
    await world.memory.payments(PARTITION)
    assert {message.message.partition for message in world.producer.soon} == {PARTITION}
    names = {message.message.channel.get_topic_name() for message in world.producer.soon}
    assert names == {"ours-payments-changelog"}, "the position waits until the broker has the commands"


async def test_neighbours_wait_for_one_reading(world: World) -> None:
    world.gate.clear()
    world.memory.assigned({PARTITION})
    waiting = [asyncio.create_task(world.memory.payments(PARTITION)) for _ in range(5)]
    await turns()
    assert not any(task.done() for task in waiting)
    world.gate.set()
    await asyncio.gather(*waiting)
    assert world.reads == [(PARTITION, 0)]


async def test_it_is_ready_when_every_tail_is_read(world: World) -> None:
    world.gate.clear()
    world.memory.assigned({1, 2})
    await turns()
    assert not world.memory.is_read
    world.gate.set()
    await turns()
    assert world.memory.is_read


async def test_a_partition_that_comes_back_is_read_anew_from_its_position(world: World) -> None:
    """Another member may have issued commands meanwhile."""
    world.memory.assigned({PARTITION})
    before = await world.memory.payments(PARTITION)
    before.remember(command(0))
    before.advance(PARTITION, before.written(PARTITION))
    world.memory.revoked()
    world.ledger[PARTITION] = [command(0), command(1)]
    world.memory.assigned({PARTITION})
    payments = await world.memory.payments(PARTITION)
    assert payments.issued("Q1") == command(1)
    assert world.reads == [(PARTITION, 0), (PARTITION, 1)]


async def test_the_ledger_is_read_again_where_somebody_else_has_written_to_it(world: World) -> None:
    """The position would wait at that offset for ever, and all that comes after it be kept in memory."""
    world.within()
    payments = await world.memory.payments(PARTITION)
    world.ledger[PARTITION] = [command(offset) for offset in range(AHEAD_MAX + 2)]
    for issued in world.ledger[PARTITION][1:]:
        payments.remember(issued)
    again = await world.memory.payments(PARTITION)
    again.advance(PARTITION, again.written(PARTITION))
    assert world.reads == [(PARTITION, 0), (PARTITION, 0)]
    assert again.position(PARTITION) == AHEAD_MAX + 2


async def test_a_partition_that_nobody_announced_is_read_all_the_same(world: World) -> None:
    world.ledger[PARTITION] = [command(0)]
    assert (await world.memory.payments(PARTITION)).issued("Q0") == command(0)


async def test_a_reading_is_given_up_with_its_partition(world: World) -> None:
    world.gate.clear()
    world.memory.assigned({PARTITION})
    waiting = asyncio.create_task(world.memory.payments(PARTITION))
    await turns()
    world.memory.revoked()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled(), "an event of a lost partition must not go on"


async def test_one_who_gives_up_leaves_the_reading_to_the_others(world: World) -> None:
    world.gate.clear()
    world.memory.assigned({PARTITION})
    one, other = (asyncio.create_task(world.memory.payments(PARTITION)) for _ in range(2))
    await turns()
    one.cancel()
    await turns()
    world.gate.set()
    await asyncio.wait_for(other, 1)


async def test_a_broker_that_is_away_is_asked_again(world: World) -> None:
    world.away, world.ledger[PARTITION] = 3, [command(0)]
    assert (await world.memory.payments(PARTITION)).issued("Q0") == command(0)
    assert len(world.reads) == 4


async def test_without_the_ledger_the_process_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEDGER_DEADLINE_SECONDS", 0.05)
    world.gate.clear()
    with pytest.raises(Ended, match=f"partition {PARTITION} was not read"):
        await world.memory.payments(PARTITION)


async def test_every_tables_changes_are_waited_for(world: World) -> None:
    world.memory._mapping("held")["d"] = {}
    world.memory._mapping("settlements")["Q"] = {}
    waiting = asyncio.create_task(world.memory.confirmed())
    await turns()
    assert not waiting.done()
    world.confirm()
    await asyncio.wait_for(waiting, 1)


async def test_changes_that_the_broker_never_takes_are_not_waited_for_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DELIVERY_DEADLINE_SECONDS", 0.05)
    changed: Any = world.memory._mapping("held")
    changed["d"] = {}
    with pytest.raises(TimeoutError):
        await world.memory.confirmed()
