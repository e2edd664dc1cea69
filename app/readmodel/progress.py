"""How far the projection is, and who wants to know: waiters on documents, and whatever counts."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.readmodel.batch import Partition


class Meter(Protocol):
    """Counts what the projection does."""

    def applied(self, count: int) -> None:
        """Count records written into rows."""

    def skipped(self, topic: str, reason: str) -> None:
        """Count a record that was passed over."""

    def lag(self, records: int) -> None:
        """State how many records are on the topics and not yet in the rows."""

    def failed(self) -> None:
        """Count a failure of broker or database that made the projection begin again."""


class NullMeter:
    """Counts nothing."""

    def applied(self, count: int) -> None:
        """Count nothing."""

    def skipped(self, topic: str, reason: str) -> None:
        """Count nothing."""

    def lag(self, records: int) -> None:
        """State nothing."""

    def failed(self) -> None:
        """Count nothing."""


class NotCurrent(Exception):  # noqa: N818 - it names the state of the projection
    """The read model is behind, and the message says why."""


@dataclass
class Progress:
    """Where the projection of this process stands. `failure` says why it does not run, or is None."""

    caught_up: bool = False
    failure: str | None = "the projection has not started"
    positions: dict[Partition, int] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_current(self) -> bool:
        """Tell whether it has read all that stood on the topics when it started, and runs."""
        return self.caught_up and self.failure is None

    def note(self, positions: Mapping[Partition, int]) -> None:
        """Take in a batch that is committed, and wake those who wait."""
        self.positions.update(positions)
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self, timeout_seconds: float) -> None:
        """Return when rows changed, or after the time; another process may write them as well."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    async def reached(self, topic: str, partition: int, offset: int, timeout_seconds: float) -> bool:
        """Return True once the record at `offset` is in the rows, False after the time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        while self.positions.get((topic, partition), 0) <= offset:
            left = deadline - loop.time()
            if left <= 0 or self.failure is not None:
                return False
            await self.change(left)
        return True

    async def probe(self) -> None:
        """Return if the projection runs and has read all that stood on the topics when it started.

        Raises:
            NotCurrent: saying why it does not.
        """
        if not self.is_current:
            raise NotCurrent(self.failure or "still reading what stood on the topics at its start")
