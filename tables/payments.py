"""Payment commands issued, by CommandId; the output topic is the ledger, this table its index.

A crash can come between the broker's word and the table's write, so the table may know less than the ledger. Before a
partition is worked on, its owner reads the ledger's tail from `position` on and writes down what the table missed. The
position is a ledger offset below which the table knows everything; commands in flight side by side may be remembered
out of order, so it only moves over offsets without a gap.
"""

from collections.abc import Collection, Sequence

from schemas.base import Code, Record
from tables.keyed import Keyed

# Commands known beyond a gap. Those in flight side by side are a window's worth (256); more means that somebody else, a
# zombie perhaps, has written to the ledger: it is read again from the position on, which fills the gap.
AHEAD_MAX = 1_024


class IssuedCommand(Record):
    """A command that stands on `payment.initiated`, and where."""

    command_id: Code
    document_id: Code
    digest: Code
    partition: int
    offset: int


class LedgerPosition(Record):
    """All commands of one partition below `offset` are in the table."""

    offset: int = 0


class Payments:
    """What has been issued. The first record of a command id wins, as for every consumer of the topic."""

    def __init__(self, commands: Keyed[IssuedCommand], positions: Keyed[LedgerPosition]) -> None:
        """Both are tables partitioned as `payment.decided`; positions are keyed by partition number."""
        self._commands = commands
        self._positions = positions
        self._ahead: dict[int, set[int]] = {}

    def issued(self, command_id: str) -> IssuedCommand | None:
        """Return the command of that id which counts, or None where none was issued."""
        return self._commands.get(command_id)

    def position(self, partition: int) -> int:
        """Return the ledger offset from which the tail must be read."""
        stored = self._positions.get(str(partition))
        return stored.offset if stored else 0

    def catch_up(self, partition: int, tail: Sequence[IssuedCommand]) -> None:
        """Take in all that the ledger says from `position` on.

        An offset between without a record is no gap: it was read, and nothing is there (a transaction's marker).
        """
        for command in tail:
            self.remember(command)
        if tail:
            self._ahead[partition] |= set(range(self.position(partition), tail[-1].offset + 1))

    def forget_ahead(self) -> None:
        """Forget what this process has seen beyond the positions: the partitions may be another's now."""
        self._ahead.clear()

    def is_far_ahead(self, partition: int) -> bool:
        """Tell whether more is known beyond a gap than can be in flight: the ledger must be read again."""
        ahead = self._ahead.get(partition, set())
        return len(ahead) > AHEAD_MAX and self.position(partition) not in ahead

    def remember(self, command: IssuedCommand) -> None:
        """Write a command that the broker has confirmed; `advance` comes when this change is confirmed, too."""
        if self._commands.get(command.command_id) is None:
            self._commands.put(command.command_id, command)
        ahead = self._ahead.setdefault(command.partition, set())
        if command.offset >= self.position(command.partition):
            ahead.add(command.offset)

    def written(self, partition: int) -> frozenset[int]:
        """Return the offsets from the position on whose commands are in the table, as far as this process knows."""
        return frozenset(self._ahead.get(partition, ()))

    def advance(self, partition: int, confirmed: Collection[int]) -> None:
        """Move the position over commands whose change in the table is confirmed, as far as there is no gap.

        The two tables have a changelog each. Were they changed at once, a crash could leave the position without
        the command, and nobody would read it from the ledger again (found by simulation: it was issued once more).
        """
        ahead = self._ahead.setdefault(partition, set())
        start = position = self.position(partition)
        while position in ahead and position in confirmed:
            ahead.remove(position)
            position += 1
        if position > start:
            self._positions.put(str(partition), LedgerPosition(offset=position))
