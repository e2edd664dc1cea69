"""Claims the changelogs' partitions before they are worked on (docs/decisions/0015-fenced-changelogs.md).

The order makes it sound: the changelog is read to its end, the group's coordinator confirms that we are a member, and
only then the claim is written, under a number that follows from what was read. One who fell asleep in between writes a
number that its successor has taken or passed. A claim stands where it lies right behind what was read; behind anything
else it proves that somebody wrote meanwhile, and its maker reads on and claims again.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol
from uuid import uuid4

from tables.fence import Fence

log = logging.getLogger(__name__)

# As long as a record may take to be delivered; a changelog that takes none needs a new process.
CLAIM_DEADLINE_SECONDS = 45.0


class Claimable(Protocol):
    """A table as its claims see it."""

    fences: dict[int, Fence]
    epochs: dict[int, int]

    async def write_claim(self, partition: int, key: str, epoch: int, *, withdrawn: bool = False) -> int:
        """Write a claim, or the tombstone of an old one, and return its offset once the broker has it."""

    def write_again(self, partition: int, key: str) -> None:
        """Write what the table has under a key to the changelog once more."""

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


@dataclass(frozen=True)
class Taken:
    """A partition of a table whose changelog was read up to `end`, the offset that the next record will have."""

    table: Claimable
    partition: int
    end: int


class Claims:
    """The claims of one worker in the present generation of its group."""

    def __init__(self, owner: str | None = None) -> None:
        """`owner` tells two workers' claims of one number apart; compaction must not take one for the other."""
        self._owner = owner or uuid4().hex
        self._standing: set[tuple[int, int]] = set()

    def begin(self) -> None:
        """Forget the claims of the generation before."""
        self._standing.clear()

    async def make(self, taken: Iterable[Taken]) -> bool:
        """Claim what is not claimed yet; False where something came in between, and the changelogs must be read on.

        One table after another, in the order given: what rests on another table is claimed before it. A zombie writes
        the position of the ledger only when the commands below it are written. Were the commands claimed first, its
        position could count and its commands not, and nobody would look for them in the ledger again.

        Raises:
            TimeoutError: the broker took no claim in time.
            Exception: it refused one.
        """
        async with asyncio.timeout(CLAIM_DEADLINE_SECONDS):
            for _, places in groupby(taken, lambda each: id(each.table)):
                if not all(await asyncio.gather(*(self._claim(each) for each in places))):
                    return False
        return True

    async def _claim(self, taken: Taken) -> bool:
        table, partition = taken.table, taken.partition
        if (id(table), partition) in self._standing:
            return True
        fence = table.fences.setdefault(partition, Fence())
        epoch = fence.epoch + 1
        key = f"epoch {epoch} {self._owner}"
        if await table.write_claim(partition, key, epoch) != taken.end:
            log.warning("something came between a changelog's end and the claim of partition %d", partition)
            return False
        before, fence.epoch = tuple(sorted(fence.claims)), epoch
        table.epochs[partition] = epoch
        await self._heal(taken, fence)
        # What they fenced off has been written over, so they need not stand for ever.
        await asyncio.gather(*(table.write_claim(partition, old, epoch, withdrawn=True) for old in before))
        fence.claims = {key}
        self._standing.add((id(table), partition))
        return True

    @staticmethod
    async def _heal(taken: Taken, fence: Fence) -> None:
        """Write again what a zombie has written over, before compaction forgets what it was."""
        for key in sorted(fence.undone):
            taken.table.write_again(taken.partition, key)
        await taken.table.confirmed()
        fence.undone.clear()
