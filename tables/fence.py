"""Tells the changes of a table's rightful owner from those of a zombie, by the order of the changelog itself.

A worker that slept past its session may append to a changelog that has another owner by now. So whoever takes a
partition first claims it: a record with a number above all that stand there. Every change carries the number of its
writer's claim, and one below the highest number before it does not count. Numbers come from the log and not from the
consumer group, whose generations begin anew when the group is forgotten (docs/decisions/0015-fenced-changelogs.md).
"""

from collections.abc import Mapping

# The number of the claim under which a change was written; without it 0, as before there were claims.
EPOCH = "epoch"
# Marks a claim, which is no change of the table.
CLAIM = "claim"


def epoch_headers(epoch: int, *, is_claim: bool = False) -> dict[str, bytes]:
    """Return the headers of a change under a claim, or of a claim."""
    number = str(epoch).encode()
    return {EPOCH: number, CLAIM: b"1"} if is_claim else {EPOCH: number}


class Fence:
    """One partition of one changelog, folded record by record in the order of their offsets.

    `epoch` is the highest number so far, `claims` the keys of the claims that still stand in the log, and `undone` the
    keys whose last record does not count: compaction would keep just that one, so the owner has to write them again.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.claims: set[str] = set()
        self.undone: set[str] = set()

    def admits(self, key: str, headers: Mapping[str, bytes | None], *, is_tombstone: bool) -> bool:
        """Take the next record; tell whether it is a change that counts."""
        epoch = _number(headers.get(EPOCH))
        if headers.get(CLAIM) is not None:
            self._claimed(key, epoch, is_tombstone=is_tombstone)
            return False
        if epoch < self.epoch:
            self.undone.add(key)
            return False
        self.epoch = epoch
        self.undone.discard(key)
        return True

    def _claimed(self, key: str, epoch: int, *, is_tombstone: bool) -> None:
        self.epoch = max(self.epoch, epoch)
        if is_tombstone:
            self.claims.discard(key)
        else:
            self.claims.add(key)


def _number(header: bytes | None) -> int:
    """Return the number in a header; whatever is none was not written by an owner that can be told."""
    return int(header) if header is not None and header.isdigit() else 0
