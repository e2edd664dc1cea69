"""An idempotent producer in at-least-once mode, for which Faust has no setting (F14), that writes as a member (F16)."""

import logging
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiokafka.producer.message_accumulator import MessageAccumulator
from faust.transport.drivers import aiokafka as driver

from app.stream.consumer import SettledConsumer
from app.stream.lease import LOOK_SECONDS, Expelled, Lease

log = logging.getLogger(__name__)


def is_fenced(topic: str) -> bool:
    """Tell whether what a zombie writes to a topic does not count anyway: changelogs, by their claims."""
    return topic.endswith("-changelog")  # Faust's own names


class MemberAccumulator(MessageAccumulator):  # type: ignore[misc]  # aiokafka has no types
    """Hands out batches while it is certain that we are a member, holds them in doubt, and drops what has outlived it.

    This is the last place before the wire, for the first try of a batch and for all that follow. A batch that had its
    first has a sequence number, and the broker takes no later one without it: so where such a one is dropped, the
    producer begins anew under another identity. Nobody reads its lot but the stage that waits for the answer: the event
    was not settled, and whoever has its partition writes the record again.
    """

    lease: Lease

    def _append_batch(self, builder: Any, tp: Any) -> Any:
        batch = super()._append_batch(builder, tp)
        batch.term = self.lease.term
        return batch

    def drain_by_nodes(self, ignore_nodes: Any, muted_partitions: Any = frozenset()) -> Any:
        """Return batches by node, as aiokafka does, without those that must not go."""
        if self._drop_outlived():
            # As it was at the start: it keeps the identity and its sequence numbers, and we begin no transactions.
            self._txn_manager.__init__(None, self._txn_manager.transaction_timeout_ms)
            self._wakeup(self._waiter_future)  # the sender comes again when it has asked for the identity
            return {}, False
        held = set() if self.lease.is_certain else {tp for tp in self._batches if not is_fenced(tp.topic)}
        drained = super().drain_by_nodes(ignore_nodes, muted_partitions | held)
        if held:
            self._loop.call_later(LOOK_SECONDS, self._wakeup, self._waiter_future)
        return drained

    def _drop_outlived(self) -> bool:
        """Drop what was given to us in a membership that has ended; tell whether any of it had been on the wire."""
        outlived = [batch for tp in tuple(self._batches) if not is_fenced(tp.topic) for batch in self._outlived(tp)]
        for batch in outlived:
            if batch.retry_count > 0:
                self._pending_batches.add(batch)  # where its end looks for it
            batch.drain_ready()
            batch.failure(Expelled("the consumer group goes on without us"))
        if outlived:
            log.warning("%d batches were not written: the group has expelled us meanwhile", len(outlived))
        return any(batch.retry_count > 0 for batch in outlived)

    def _outlived(self, tp: Any) -> list[Any]:
        is_over = [batch for batch in self._batches[tp] if self.lease.is_lost or batch.term != self.lease.term]
        if is_over:
            self._batches[tp] = deque(batch for batch in self._batches[tp] if batch not in is_over)
            if not self._batches[tp]:
                del self._batches[tp]
        return is_over


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
