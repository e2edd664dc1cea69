"""Commits and writes as a member of the group, or not at all (F15, F16 of docs/faust.md).

A client that was expelled has no member id and no generation any more, and aiokafka commits all the same. A coordinator
takes such a commit for that of a client outside of any group, and accepts it while the group is empty: as it is for a
moment when a broker that stood still comes back and expels everybody. Seen: a worker that woke from a long sleep took
a partition from offset 32 back to 3, which it had settled before it fell asleep. Nothing was lost, much was done again.

As it alone hears the coordinator's answers, it also keeps the lease on which records are written (app/stream/lease.py).
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import IllegalGenerationError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver

from app.stream.lease import Lease

# Between two questions to a coordinator that did not answer; it tells in time, for it answers or we are expelled.
RETRY_PAUSE_SECONDS = 0.2


class MemberCoordinator(GroupCoordinator):  # type: ignore[misc]  # aiokafka has no types
    """Refuses to commit without a membership, or for an assignment that another one has replaced."""

    lease: Lease

    async def _do_commit_offsets(self, assignment: Any, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        # Checked here, before each try: the request is made of these very values before anybody else can run.
        if offsets and not (self.is_member and assignment.active):
            raise IllegalGenerationError(self.group_id)
        await super()._do_commit_offsets(assignment, offsets)

    @property
    def is_member(self) -> bool:
        """Tell whether nobody has told us that we are no member any more."""
        return self.generation >= 0 and bool(self.member_id)

    async def confirms(self, generation: int) -> bool | None:
        """Ask whether we are a member now, in this generation; None where the coordinator could not be asked."""
        if not self.is_member or self.generation != generation:
            return False
        await self.ensure_coordinator_known()
        if self.generation != generation:
            return False
        answered: bool = await self._do_heartbeat()
        return answered or (None if self.generation == generation else False)

    async def _do_heartbeat(self) -> bool:
        sent_at, generation = self.lease.clock(), self.generation
        answered: bool = await super()._do_heartbeat()
        if answered and self.generation == generation:
            self.lease.renew(sent_at)
        return answered

    async def _on_join_complete(self, *joined: Any) -> None:
        # The next heartbeat may be seconds away, and until there is one nothing is written.
        await self._do_heartbeat()
        await super()._on_join_complete(*joined)

    def reset_generation(self) -> None:
        """Forget the membership: we were expelled, or have left."""
        self.lease.lose()
        super().reset_generation()


class MemberThread(driver.AIOKafkaConsumerThread):
    """A consumer thread whose commits are a member's."""

    async def on_start(self) -> None:
        """Give the consumer our coordinator; its class is named deep in aiokafka's start, and nothing was sent yet."""
        await super().on_start()
        self._coordinator.__class__ = MemberCoordinator
        self._coordinator.lease = self.consumer.app.lease

    async def is_member(self, generation: int) -> bool:
        """Ask the group's coordinator whether we are a member, until it answers."""
        while True:
            answer: bool | None = await self.call_thread(self._coordinator.confirms, generation)
            if answer is not None:
                return answer
            await asyncio.sleep(RETRY_PAUSE_SECONDS)

    @property
    def _coordinator(self) -> Any:
        return self._ensure_consumer()._coordinator  # noqa: SLF001 - aiokafka shows it nowhere
