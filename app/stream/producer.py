"""An idempotent producer in at-least-once mode, for which Faust has no setting (F14), that writes as a member (F16)."""

import collections
from collections.abc import Mapping
from typing import Any

from aiokafka.producer.message_accumulator import MessageAccumulator
from faust.transport.drivers import aiokafka as driver

from app.stream.consumer import SettledConsumer
from app.stream.lease import LOOK_SECONDS, Expelled, Lease


def is_fenced(topic: str) -> bool:
    """Tell whether what a zombie writes to a topic does not count anyway: changelogs, by their claims."""
    return topic.endswith("-changelog")  # Faust's own names


class MemberAccumulator(MessageAccumulator):  # type: ignore[misc]  # aiokafka has no types
    """Hands out batches while it is certain that we are a member, holds them in doubt, and drops them of who is none.

    This is the last place before the wire. A batch that was on the wire before goes out again all the same: it has its
    sequence number, and a gap in these is the end of a producer.
    """

    lease: Lease

    def drain_by_nodes(self, ignore_nodes: Any, muted_partitions: Any = frozenset()) -> Any:
        """Return batches by node, as aiokafka does, without those that must not go."""
        held = set() if self.lease.is_certain else self._held()
        if held and self.lease.is_lost:
            self._leave(held)
        drained = super().drain_by_nodes(ignore_nodes, muted_partitions | held)
        if held:
            self._loop.call_later(LOOK_SECONDS, self._wakeup, self._waiter_future)
        return drained

    def _held(self) -> set[Any]:
        return {
            place
            for place, batches in self._batches.items()
            if batches and batches[0].retry_count == 0 and not is_fenced(place.topic)
        }

    def _leave(self, places: set[Any]) -> None:
        for place in places:
            for batch in self._batches.pop(place, collections.deque()):
                batch.drain_ready()
                batch.failure(Expelled())


class IdempotentProducer(driver.Producer):
    """acks=all, and the broker drops what a retry of the client sends twice."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    def _new_producer(self, *arguments: Any, **named: Any) -> Any:
        producer = super()._new_producer(*arguments, **named)
        waiting = producer._message_accumulator  # noqa: SLF001 - aiokafka makes it itself
        waiting.__class__ = MemberAccumulator
        waiting.lease = self.app.lease
        return producer


class StreamTransport(driver.Transport):
    """The Kafka transport with our consumer and producer."""

    Consumer = SettledConsumer
    Producer = IdempotentProducer
