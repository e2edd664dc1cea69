"""A consumer that commits what a stage has settled, and nothing else (F1, F2, F10 of docs/faust.md).

Plain Faust commits an event whose agent raised (faust-streaming #189), commits past one that is still in flight
(#606), acknowledges one that it skipped in a rebalance, and resumes fetching after a table recovery while a fetch of
before is still under way (#596). All four vanish when the committed offset is the stage's own word: `settle` is called
in order for each partition, after every send of the event was confirmed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from app.stream.membership import MemberThread


class SettledConsumer(driver.Consumer):
    """Commits `offset + 1` of the last settled event of a partition."""

    drain: Callable[[], Awaitable[None]] | None = None

    def _new_consumer_thread(self) -> MemberThread:
        return MemberThread(self, loop=self.loop, beacon=self.beacon)

    def on_init(self) -> None:
        """Start with nothing settled and nothing being fetched."""
        super().on_init()
        self._settled: dict[TP, int] = {}
        self._generation: int | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def settle(self, tp: TP, offset: int, generation: int) -> None:
        """State that the event at `offset`, and all before it, are dealt with.

        An event that was fetched in an earlier generation says nothing: its partition is read again from the
        committed offset, perhaps by another member.
        """
        if generation == self._generation:
            self._settled[tp] = max(offset + 1, self._settled.get(tp, 0))

    def _new_offset(self, tp: TP) -> int | None:
        return self._settled.get(tp)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in tuple(self._settled) if topics is None or tp in topics or tp.topic in topics)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the app drain and commit first (it calls `wait_empty`), then forget all: rebalances are eager."""
        await super().on_partitions_revoked(revoked)
        self._generation = None
        self._settled.clear()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Take the settling of the new generation's events."""
        self._generation = generation_id
        await super().on_partitions_assigned(assigned, generation_id)

    async def wait_empty(self) -> None:
        """Wait for the events in flight, then commit: on revocation and on stop. The drain has its own deadline."""
        if self.drain is not None:
            await self.drain()
        # A commit that began before the last event was settled does not hold it, and Faust would take it for ours.
        await self.maybe_wait_for_commit_to_finish()
        await self.commit_and_end_transactions()

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek to the committed offsets; where nothing was committed yet, to the beginning.

        aiokafka leaves the position of such a partition where it is, even if what it has passed was thrown away.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset and not self._is_changelog_tp(tp)]
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
        return committed

    async def is_member(self) -> bool:
        """Ask the group's coordinator whether we are a member of the present generation."""
        return self._generation is not None and await self._thread.is_member(self._generation)

    async def verify_all_partitions_active(self) -> None:
        """Watch nothing: Faust's watchdog asserts on a partition whose position is not known yet, and ends the stream.

        Seen at a start while leaders were being elected. All it does is to log; lag is told by metrics, and a stage
        that makes no headway by readiness.
        """

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
        # A loop: the flow may have been stopped again before we get to run, and then we may not count as fetching.
        while not (self.flow_active or self.should_stop):
            await self.wait(self.can_resume_flow)
        self._idle.clear()
        return await super()._wait_next_records(timeout)

    async def getmany(self, timeout: float) -> AsyncIterator[Any]:  # noqa: ASYNC109 - Faust's signature
        """Yield records; while it does, the consumer is not idle and no one may move its position."""
        try:
            async for fetched in super().getmany(timeout):
                yield fetched
        finally:
            self._idle.set()

    async def wait_for_stopped_flow(self) -> None:
        """Wait until no fetch is under way; upstream sets the event that it means to clear, and so never waits."""
        await self._idle.wait()
