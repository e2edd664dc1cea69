"""Claims over a changelog in a list: two owners, one of them always late."""

import asyncio
from dataclasses import dataclass, field

import pytest

from app.stream import claims as module
from app.stream.claims import Claims, Taken
from tables.fence import Fence, epoch_headers

Row = tuple[str, str | None, dict[str, bytes]]


@dataclass
class Log:
    """One partition of a changelog."""

    rows: list[Row] = field(default_factory=list)

    def append(self, key: str, value: str | None, headers: dict[str, bytes]) -> int:
        self.rows.append((key, value, headers))
        return len(self.rows) - 1


@dataclass(eq=False)
class ListedTable:
    """A table of one worker over the log; `recover` reads it to its end."""

    log: Log
    memory: dict[str, str] = field(default_factory=dict)
    fences: dict[int, Fence] = field(default_factory=dict)
    epochs: dict[int, int] = field(default_factory=dict)
    confirmations: int = 0
    _read: int = 0

    def recover(self) -> "ListedTable":
        fence = self.fences.setdefault(0, Fence())
        for key, value, headers in self.log.rows[self._read :]:
            if not fence.admits(key, headers, is_tombstone=value is None):
                continue
            if value is None:
                self.memory.pop(key, None)
            else:
                self.memory[key] = value
        self._read = len(self.log.rows)
        return self

    def taken(self) -> list[Taken]:
        return [Taken(self, 0, self._read)]

    def put(self, key: str, value: str) -> None:
        self.memory[key] = value
        self.log.append(key, value, epoch_headers(self.epochs[0]))

    async def write_claim(self, _partition: int, key: str, epoch: int, *, withdrawn: bool = False) -> int:
        await asyncio.sleep(0)
        return self.log.append(key, None if withdrawn else str(epoch), epoch_headers(epoch, is_claim=True))

    def write_again(self, _partition: int, key: str) -> None:
        self.log.append(key, self.memory.get(key), epoch_headers(self.epochs[0]))

    async def confirmed(self) -> None:
        self.confirmations += 1

    def compact(self) -> None:
        """Keep the last record of each key, as the broker does in its own time."""
        last = {key: at for at, (key, _, _) in enumerate(self.log.rows)}
        self.log.rows = [row for at, row in enumerate(self.log.rows) if last[row[0]] == at]


async def claimed(log: Log, owner: str) -> ListedTable:
    table = ListedTable(log).recover()
    assert await Claims(owner).make(table.taken())
    return table


async def test_the_first_owner_claims_an_empty_changelog() -> None:
    table = await claimed(Log(), "a")
    assert table.epochs == {0: 1}


async def test_what_a_zombie_appends_behind_the_claim_is_not_recovered() -> None:
    log = Log()
    zombie = await claimed(log, "a")
    zombie.put("k", "old")
    owner = await claimed(log, "b")
    owner.put("k", "new")
    zombie.put("k", "older than it")
    zombie.put("other", "invented")
    assert ListedTable(log).recover().memory == {"k": "new"}


async def test_the_next_owner_heals_what_compaction_would_keep_of_a_zombie() -> None:
    log = Log()
    zombie = await claimed(log, "a")
    zombie.put("k", "first")
    owner = await claimed(log, "b")
    owner.put("k", "right")
    zombie.put("k", "wrong")
    zombie.put("invented", "wrong")
    third = await claimed(log, "c")
    assert not third.fences[0].undone
    third.compact()
    assert ListedTable(log).recover().memory == {"k": "right"}


async def test_old_claims_are_withdrawn_only_behind_what_heals_what_they_fenced() -> None:
    log = Log()
    zombie = await claimed(log, "a")
    await claimed(log, "b")
    zombie.put("k", "wrong")
    third = await claimed(log, "c")
    healed = log.rows.index(("k", None, epoch_headers(3)))
    withdrawn = log.rows.index(("epoch 2 b", None, epoch_headers(3, is_claim=True)))
    assert third.confirmations == 1
    assert withdrawn > healed
    third.compact()
    standing = [key for key, value, _ in log.rows if key.startswith("epoch") and value is not None]
    assert standing == ["epoch 3 c"]


async def test_a_claim_behind_something_unread_does_not_stand_and_is_made_again() -> None:
    log = Log()
    zombie = await claimed(log, "a")
    table, claims = ListedTable(log).recover(), Claims("b")
    zombie.put("k", "in between")
    assert not await claims.make(table.taken())
    assert not table.epochs
    assert await claims.make(table.recover().taken())
    assert table.memory == {"k": "in between"}
    assert table.epochs == {0: 3}


async def test_one_table_is_claimed_after_another() -> None:
    """Else a zombie's position of the ledger could count, and the commands below it not."""
    positions, commands = ListedTable(Log()).recover(), ListedTable(Log()).recover()
    zombie = await claimed(positions.log, "z")
    zombie.put("0", "17")
    assert not await Claims("a").make([*positions.taken(), *commands.taken()])
    assert commands.log.rows == []


async def test_of_two_who_claim_at_once_the_later_one_sees_that_it_is_late() -> None:
    log = Log()
    first, second = ListedTable(log).recover(), ListedTable(log).recover()
    assert await Claims("a").make(first.taken())
    assert not await Claims("b").make(second.taken())


async def test_what_is_claimed_is_not_claimed_again_in_its_generation() -> None:
    table, claims = ListedTable(Log()).recover(), Claims("a")
    assert await claims.make(table.taken())
    assert await claims.make(table.recover().taken())
    assert len(table.log.rows) == 1
    claims.begin()
    assert await claims.make(table.recover().taken())
    assert table.epochs == {0: 2}


async def test_a_broker_that_takes_no_claim_is_waited_for_in_vain_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLAIM_DEADLINE_SECONDS", 0.01)

    class Silent(ListedTable):
        async def write_claim(self, *_given: object, **_more: object) -> int:
            await asyncio.Event().wait()
            return 0

    with pytest.raises(TimeoutError):
        await Claims("a").make(Silent(Log()).recover().taken())
