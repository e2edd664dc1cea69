"""The recovery: nobody seeks, and nobody resumes, while a fetch of before is under way."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from faust.tables.recovery import RebalanceAgain, Recovery
from faust.types import TP

from app.stream.recovery import QuietRecovery
from tables.fence import Fence
from tests.app.stream.faust_parts import PLACE, FakeThread, consumer_of, fetched, our_app, plain_app, turns

CHANGELOG = TP("ours-seen-changelog", 0)


class Bench:
    """One recovery over a consumer in the midst of a fetch; it notes whether the fetch was over when it went on."""

    def __init__(self, app: Any) -> None:
        self.thread = FakeThread()
        self.consumer = consumer_of(app, self.thread)
        self.recovery: Recovery = app.tables.recovery
        self.seeks: list[bool] = []
        self.resumed: list[bool] = []

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def seek_wait(_places: Any) -> None:
            self.seeks.append(self.thread.fetching)

        async def send() -> None:
            self.resumed.append(self.thread.fetching)

        async def nothing() -> None: ...

        app = self.recovery.app
        monkeypatch.setattr(self.consumer, "seek_wait", seek_wait)
        monkeypatch.setattr(app.on_rebalance_complete, "send", send)
        monkeypatch.setattr(app._fetcher, "maybe_start", nothing)

    async def begin(self) -> "asyncio.Task[list[int]]":
        reading = asyncio.create_task(fetched(self.consumer))
        await turns()
        assert self.thread.fetching
        return reading


@pytest.fixture
async def ours(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(our_app())
    bench.watch(monkeypatch)
    return bench


@pytest.fixture
async def plain(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(plain_app())
    bench.watch(monkeypatch)
    return bench


async def test_our_application_recovers_quietly(ours: Bench) -> None:
    assert isinstance(ours.recovery, QuietRecovery)
    assert ours.recovery.app.tables.recovery is ours.recovery


async def test_the_changelogs_are_sought_only_when_nothing_is_fetched(ours: Bench) -> None:
    reading = await ours.begin()
    ours.consumer.stop_flow()
    seeking = asyncio.create_task(
        ours.recovery._seek_offsets(ours.consumer, {CHANGELOG}, Counter({CHANGELOG: 3}), "active")
    )
    await turns()
    assert ours.seeks == []
    ours.thread.gate.set()
    await asyncio.gather(reading, seeking)
    assert ours.seeks == [False]


async def test_the_changelogs_are_sought_at_once_where_the_flow_is_needed_for_others(ours: Bench) -> None:
    reading = await ours.begin()
    await ours.recovery._seek_offsets(ours.consumer, {CHANGELOG}, Counter({CHANGELOG: 3}), "standby")
    assert ours.seeks == [True]
    ours.thread.gate.set()
    await reading


async def test_plain_faust_seeks_the_changelogs_while_it_fetches(plain: Bench) -> None:
    reading = await plain.begin()
    plain.consumer.stop_flow()
    await plain.recovery._seek_offsets(plain.consumer, {CHANGELOG}, Counter({CHANGELOG: 3}), "active")
    assert plain.seeks == [True], "upstream waits now: QuietRecovery._seek_offsets can go"
    plain.thread.gate.set()
    await reading


async def test_the_partitions_are_resumed_only_when_nothing_is_fetched(ours: Bench) -> None:
    reading = await ours.begin()
    completed = asyncio.create_task(ours.recovery.on_recovery_completed(1))
    await turns()
    assert ours.resumed == []
    assert not ours.consumer.flow_active
    ours.thread.gate.set()
    await asyncio.gather(reading, completed)
    assert ours.resumed == [False]
    assert ours.consumer.flow_active


async def test_a_role_without_tables_is_resumed_quietly_too(ours: Bench) -> None:
    reading = await ours.begin()
    resumed = asyncio.create_task(ours.recovery._resume_streams(1))
    await turns()
    assert ours.resumed == []
    ours.thread.gate.set()
    await asyncio.gather(reading, resumed)
    assert ours.resumed == [False]


async def test_plain_faust_resumes_while_it_fetches(plain: Bench) -> None:
    reading = await plain.begin()
    await plain.recovery.on_recovery_completed(1)
    assert plain.resumed == [True], "upstream waits now (#596): QuietRecovery can go"
    plain.thread.gate.set()
    await reading


async def test_another_rebalance_ends_the_wait(ours: Bench) -> None:
    reading = await ours.begin()
    completed = asyncio.create_task(ours.recovery.on_recovery_completed(1))
    await turns()
    ours.recovery.signal_recovery_start.set()
    with pytest.raises(RebalanceAgain):
        await asyncio.wait_for(completed, 1)
    ours.thread.gate.set()
    await reading


class OwnTable:
    """A table with one changelog, as the recovery sees it."""

    def __init__(self, claim_lies_at: int = 0) -> None:
        self.fences: dict[int, Fence] = {}
        self.epochs: dict[int, int] = {}
        self.forgotten = 0
        self._claim_lies_at = claim_lies_at

    def forget(self) -> None:
        self.forgotten += 1

    async def on_recovery_completed(self, *_given: Any) -> None: ...

    async def write_claim(self, *_given: Any, **_more: Any) -> int:
        return self._claim_lies_at

    async def confirmed(self) -> None: ...


def owning(bench: Bench, table: OwnTable, highwater: int = -1) -> Any:
    recovery: Any = bench.recovery
    recovery.tables.data["own"] = recovery.tp_to_table[CHANGELOG] = table
    recovery.active_tps.add(CHANGELOG)
    recovery.active_highwaters[CHANGELOG] = highwater
    bench.consumer._thread.committed = {PLACE: 7}
    bench.thread.gate.set()
    return recovery


async def test_what_is_recovered_is_claimed_before_it_is_worked_on(ours: Bench) -> None:
    table = OwnTable()
    await owning(ours, table).on_recovery_completed(1)
    assert table.epochs == {0: 1}
    assert ours.resumed == [False]


async def test_what_rests_on_another_table_is_claimed_before_it(ours: Bench) -> None:
    recovery: Any = ours.recovery
    commands, positions = OwnTable(), OwnTable()
    for name, table in (("commands", commands), ("positions", positions)):
        recovery.tables.data[name] = table
        for partition in (0, 1):
            place = TP(f"{name}-changelog", partition)
            recovery.tp_to_table[place] = table
            recovery.active_tps.add(place)
            recovery.active_highwaters[place] = 4
    assert [(each.table, each.partition, each.end) for each in recovery._taken()] == [
        (positions, 0, 5), (positions, 1, 5), (commands, 0, 5), (commands, 1, 5)
    ]  # fmt: skip


async def test_where_something_came_between_it_recovers_once_more(ours: Bench) -> None:
    recovery = owning(ours, OwnTable(claim_lies_at=42), highwater=40)
    await recovery.on_recovery_completed(1)
    assert ours.resumed == []
    assert recovery.signal_recovery_start.is_set()


async def test_who_is_no_member_any_more_claims_nothing_and_waits_for_the_rebalance(ours: Bench) -> None:
    table = OwnTable()
    recovery = owning(ours, table)
    ours.thread.belongs = False
    await recovery.on_recovery_completed(1)
    assert (table.epochs, ours.resumed) == ({}, [])
    assert not recovery.signal_recovery_start.is_set()


async def rebalanced(bench: Bench, generation: int) -> Any:
    """Return a table with one entry after the rebalance into a generation; the last one was the fourth."""
    recovery: Any = bench.recovery
    table: Any = recovery.app.Table("seen", key_type=str)
    table.data["k"], table.fences[0] = 1, Fence()
    recovery.tp_to_table[CHANGELOG] = table
    recovery.active_offsets[CHANGELOG] = 3
    recovery._generation_id, recovery.app.consumer_generation_id = 4, generation
    await recovery.on_rebalance(set(), set(), set(), generation)
    return table


async def test_a_member_of_each_generation_keeps_what_it_knows(ours: Bench) -> None:
    table = await rebalanced(ours, 5)
    assert dict(table.data) == {"k": 1}
    assert table.fences


async def test_who_has_missed_a_generation_trusts_nothing_that_it_knows(ours: Bench) -> None:
    """Somebody else had its partitions meanwhile, and what it wrote itself may not count."""
    table = await rebalanced(ours, 6)
    assert not table.data
    assert not table.fences
    assert CHANGELOG not in ours.recovery.active_offsets


async def test_a_group_that_counts_from_the_beginning_again_is_a_generation_missed(ours: Bench) -> None:
    assert not (await rebalanced(ours, 1)).data


async def test_a_revoked_changelog_is_read_from_its_beginning(ours: Bench) -> None:
    table = await rebalanced(ours, 5)
    ours.recovery.revoke(CHANGELOG)
    assert not table.fences
