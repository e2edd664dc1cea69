"""Entries of one partition that wait to be sealed: in order, in time, and never more than fit in memory."""

from collections import deque
from dataclasses import dataclass

from app.audit_log.log import SealedLog
from app.audit_log.offline.segment import leaf_of

# A segment of so many entries verifies in a few milliseconds, and a proof needs some twenty segments at most.
ENTRIES_MAX = 1_000
# An entry has some hundred bytes; this is for when entries are far larger than any that we write.
BYTES_MAX = 4_000_000


@dataclass(frozen=True)
class SealingLimits:
    """When a segment is closed: by entries, by bytes of leaves, by seconds that its first entry has waited."""

    seconds: float
    entries: int = ENTRIES_MAX
    bytes: int = BYTES_MAX


class Sealing:
    """One partition: its log, and what was read of the topic and is not in the log yet."""

    def __init__(self, log: SealedLog, limits: SealingLimits, first_offset: int) -> None:
        """The log is open. `first_offset` is where the topic begins, for a log that has nothing in it yet."""
        self._log = log
        self._limits = limits
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._bytes = 0
        self._since = 0.0
        self.next_offset = first_offset if log.tail.next_offset is None else log.tail.next_offset

    @property
    def sealed_offset(self) -> int:
        """Return the first offset that is not in the log."""
        return self._waiting[0][0] if self._waiting else self.next_offset

    @property
    def is_full(self) -> bool:
        """Tell whether no more is to be read before something is sealed."""
        return len(self._waiting) >= self._limits.entries or self._bytes >= self._limits.bytes

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._waiting

    def take(self, offset: int, value: bytes | None, now: float) -> None:
        """Take a record; one that is in the log already is passed over."""
        if offset < self.next_offset:
            return
        if not self._waiting:
            self._since = now
        leaf = leaf_of(offset, value or b"")
        self._waiting.append((offset, leaf))
        self._bytes += len(leaf)
        self.next_offset = offset + 1

    def due_at(self) -> float | None:
        """Return when something must be sealed, None where nothing waits."""
        return self._since + self._limits.seconds if self._waiting else None

    def is_due(self, now: float) -> bool:
        """Tell whether a segment is to be closed."""
        due = self.due_at()
        return self.is_full or (due is not None and now >= due)

    def seal(self, now: float) -> int:
        """Close a segment; return how many waiting entries are in the log now, by whomever they were sealed.

        Raises:
            LogBroken, PlaceUnavailable: as `SealedLog.append`; what is in the log nevertheless waits no more.
        """
        waited = len(self._waiting)
        try:
            self._log.append(self._batch())
        finally:
            self._drop(self._log.tail.next_offset or 0)
        self._since = now
        return waited - len(self._waiting)

    def _batch(self) -> list[tuple[int, bytes]]:
        batch: list[tuple[int, bytes]] = []
        size_bytes = 0
        for offset, leaf in self._waiting:
            if batch and (len(batch) >= self._limits.entries or size_bytes + len(leaf) > self._limits.bytes):
                break
            batch.append((offset, leaf))
            size_bytes += len(leaf)
        return batch

    def _drop(self, sealed: int) -> None:
        while self._waiting and self._waiting[0][0] < sealed:
            self._bytes -= len(self._waiting.popleft()[1])
        self.next_offset = max(self.next_offset, sealed)
