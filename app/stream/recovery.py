"""A recovery that lets no fetch of before slip into the time after (F10; faust-streaming #596, #158).

Upstream resumes the source partitions and seeks them while a fetch for the changelog is still in flight; records that
this fetch brings are thrown away, and the commit passes them. Measured on a real Kafka: five of twelve take-overs lost
events. We stop the flow and wait for the fetch to end first; it costs at most the fetch's time-out, one second, a
rebalance.

The same holds before the changelogs are sought: a fetch of the generation before sleeps in aiokafka through the whole
rebalance, wakes with the new partitions, and brings changelog records that upstream throws away; the table would be
short of them.

And before it works on what it has recovered, it claims the changelogs, so that what a zombie still appends to them
does not count (app/stream/claims.py).
"""

from collections import Counter
from typing import Any

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.types import TP
from faust.types.transports import ConsumerT

from app.stream.claims import Claims, Taken


class QuietRecovery(Recovery):
    """Seeks and resumes only when nothing is being fetched, and only what it has claimed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._claims = Claims()

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Begin a generation. Where we have missed one, all our partitions were another's: nothing here is trusted."""
        self._claims.begin()
        if generation_id != self._generation_id + 1:
            for tp in tuple(self.active_offsets):
                self.revoke(tp)
            for table in self.tables.values():
                table.forget()
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    def revoke(self, tp: TP) -> None:
        """Forget how far a changelog was read, and what was learnt of it: it is read from its beginning next time."""
        super().revoke(tp)
        table = self.tp_to_table.get(tp)
        if table is not None:
            table.fences.pop(tp.partition, None)

    async def _quiet(self) -> None:
        consumer = self.app.consumer
        consumer.stop_flow()
        await self._wait(consumer.wait_for_stopped_flow())

    async def _seek_offsets(self, consumer: ConsumerT, tps: set[TP], offsets: "Counter[TP]", title: str) -> None:
        if not consumer.flow_active:
            await consumer.wait_for_stopped_flow()
        await super()._seek_offsets(consumer, tps, offsets, title)

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Claim the changelogs, then seek to the committed offsets and resume, with tables."""
        await self._quiet()
        if await self._claimed():
            await super().on_recovery_completed(generation_id)

    async def _claimed(self) -> bool:
        """Claim what was recovered. Else a rebalance is coming, or the changelogs are read on, and this comes again."""
        if not await self.app.consumer.is_member():
            self.log.warning("Not a member of the group any more: nothing is claimed")
            return False
        claimed = await self._claims.make(self._taken())
        if not claimed:
            self.signal_recovery_start.set()
        return claimed

    def _taken(self) -> list[Taken]:
        """Return what was recovered, the tables that were declared last first: they rest on those before them."""
        ends = {tp: self.active_highwaters[tp] + 1 for tp in self.active_tps}
        order = {id(table): number for number, table in enumerate(self.tables.values())}
        taken = [Taken(self.tp_to_table[tp], tp.partition, end) for tp, end in sorted(ends.items())]
        return sorted(taken, key=lambda each: -order[id(each.table)])

    async def _resume_streams(self, generation_id: int = 0) -> None:
        await self._quiet()
        await super()._resume_streams(generation_id=generation_id)


class QuietTableManager(TableManager):
    """A table manager whose recovery is ours."""

    _recovery: Recovery | None = None

    @property
    def recovery(self) -> Recovery:
        """Return the recovery service, made on first use."""
        if self._recovery is None:
            self._recovery = QuietRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
