"""The index of the ledger: the first record of a command wins, and the position never passes a gap."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.keyed import Keyed
from tables.payments import AHEAD_MAX, IssuedCommand, LedgerPosition, Payments


class World:
    """The two tables, which outlive their owner, and the ledger of one partition."""

    def __init__(self) -> None:
        self.commands: dict[str, Any] = {}
        self.positions: dict[str, Any] = {}

    def owner(self) -> Payments:
        """Return what a worker that has just been given the partition knows."""
        return Payments(Keyed(self.commands, IssuedCommand), Keyed(self.positions, LedgerPosition))


def command(offset: int, command_id: str | None = None, *, document: str = "d", partition: int = 0) -> IssuedCommand:
    return IssuedCommand(
        command_id=command_id or f"Q{offset}",
        document_id=document,
        digest=f"sha256:{offset}",
        partition=partition,
        offset=offset,
    )


def keep(payments: Payments, *commands: IssuedCommand) -> None:
    """Remember commands, and move the position when the broker has confirmed the table's changes."""
    for each in commands:
        payments.remember(each)
    confirm(payments)


def confirm(payments: Payments) -> None:
    for partition in (0, 1):
        payments.advance(partition, payments.written(partition))


def test_nothing_is_issued_at_first() -> None:
    payments = World().owner()
    assert payments.issued("Q0") is None
    assert payments.position(0) == 0


def test_what_was_remembered_is_issued() -> None:
    payments = World().owner()
    keep(payments, command(0))
    assert payments.issued("Q0") == command(0)
    assert payments.position(0) == 1


def test_the_first_record_of_a_command_wins() -> None:
    payments = World().owner()
    keep(payments, command(0, "Q", document="first"))
    keep(payments, command(1, "Q", document="second"))
    issued = payments.issued("Q")
    assert issued is not None
    assert (issued.document_id, issued.offset) == ("first", 0)
    assert payments.position(0) == 2


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_commands_confirmed_in_any_order_move_the_position_to_the_end(order: tuple[int, ...]) -> None:
    payments = World().owner()
    known: set[int] = set()
    for offset in order:
        keep(payments, command(offset))
        known.add(offset)
        position = payments.position(0)
        assert set(range(position)) <= known
        assert position not in known
    assert payments.position(0) == 4


def test_the_position_never_passes_a_command_that_is_not_known() -> None:
    payments = World().owner()
    keep(payments, command(1))
    keep(payments, command(2))
    assert payments.position(0) == 0


def test_the_position_waits_until_the_command_is_durable() -> None:
    """They have a changelog each: with the position alone nobody would read the command from the ledger again."""
    payments = World().owner()
    keep(payments, command(0))
    payments.remember(command(1))
    durable = payments.written(0)
    payments.remember(command(2))
    assert payments.position(0) == 1
    payments.advance(0, durable)
    assert payments.position(0) == 2


def test_partitions_have_positions_of_their_own() -> None:
    payments = World().owner()
    keep(payments, command(0, "Qa", partition=0))
    keep(payments, command(0, "Qb", partition=1))
    keep(payments, command(1, "Qc", partition=1))
    assert (payments.position(0), payments.position(1), payments.position(2)) == (1, 2, 0)


def test_the_next_owner_learns_what_the_last_one_wrote_and_could_not_remember() -> None:
    world = World()
    keep(world.owner(), command(0))
    successor = world.owner()
    successor.catch_up(0, [command(1), command(2)])
    confirm(successor)
    assert successor.issued("Q2") == command(2)
    assert successor.position(0) == 3


def test_a_tail_that_overlaps_changes_nothing() -> None:
    world = World()
    first = world.owner()
    keep(first, command(0, document="first"))
    first.catch_up(0, [command(0, document="other"), command(1)])
    confirm(first)
    issued = first.issued("Q0")
    assert issued is not None
    assert issued.document_id == "first"
    assert first.position(0) == 2


def test_the_copies_that_zombies_wrote_are_passed() -> None:
    payments = World().owner()
    payments.catch_up(0, [command(0, "Q"), command(1, "Q"), command(2, "Q"), command(3, "R")])
    confirm(payments)
    assert payments.position(0) == 4


def test_an_owner_that_lost_the_partition_and_has_it_back_forgets_what_it_had_ahead() -> None:
    world = World()
    payments = world.owner()
    keep(payments, command(5))
    payments.forget_ahead()
    payments.catch_up(0, [command(offset) for offset in range(5)])
    confirm(payments)
    assert payments.position(0) == 5, "offset 5 comes with the tail, if it is there"
    payments.catch_up(0, [command(5)])
    confirm(payments)
    assert payments.position(0) == 6


def test_an_owner_that_reads_the_ledger_again_keeps_what_it_wrote_meanwhile() -> None:
    payments = World().owner()
    payments.remember(command(3))  # written between the reading's end and now
    payments.catch_up(0, [command(offset) for offset in range(3)])
    confirm(payments)
    assert payments.position(0) == 4


def test_an_offset_of_the_tail_without_a_record_is_no_gap() -> None:
    payments = World().owner()
    payments.catch_up(0, [command(0), command(2)])
    confirm(payments)
    assert payments.position(0) == 3


def test_a_gap_is_noticed_before_what_lies_beyond_it_grows_without_bound() -> None:
    payments = World().owner()
    for offset in range(1, AHEAD_MAX + 1):
        keep(payments, command(offset))
    assert not payments.is_far_ahead(0)
    keep(payments, command(AHEAD_MAX + 1))
    assert payments.is_far_ahead(0)
    payments.catch_up(0, [command(0)])
    confirm(payments)
    assert not payments.is_far_ahead(0)
    assert payments.position(0) == AHEAD_MAX + 2


def test_what_lies_below_the_position_is_not_kept() -> None:
    payments = World().owner()
    keep(payments, command(0))
    payments.remember(command(0))
    assert not payments.written(0)


@given(st.permutations(range(12)), st.integers(0, 12))
def test_after_any_crash_the_next_owner_knows_every_command(order: list[int], remembered: int) -> None:
    """The owner dies after it remembered any of what it wrote, in any order; the tail has the rest."""
    world = World()
    owner = world.owner()
    for offset in order[:remembered]:
        keep(owner, command(offset))
    successor = world.owner()
    tail = [command(offset) for offset in range(successor.position(0), 12)]
    successor.catch_up(0, tail)
    confirm(successor)
    assert all(successor.issued(f"Q{offset}") for offset in range(12))
    assert successor.position(0) == 12
