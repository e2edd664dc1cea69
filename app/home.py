"""Sends a record home that lies in another partition than its key asks for.

State lies in the partition of the key by Kafka's default partitioner (murmur2). Who writes `payment.status` is a
payment engine, and clients disagree: those over librdkafka take another hash unless they are told. Its report would
wait for ever in a partition that knows nothing of the command. So the record is written again, unchanged, to where its
key belongs, confirmed, and then the stray one is settled. Its twin at home is dealt with once: the stray one never is.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiokafka.partitioner import murmur2

from agents.effects import Outgoing, Written
from app.poison import GuardedWindow
from schemas.topics import PAYMENT_CANCELLATION, PAYMENT_STATUS, REVIEW_SUBMITTED

log = logging.getLogger(__name__)

# The topics whose state is partitioned and whose writers are not ours.
WRITTEN_OUTSIDE = frozenset({PAYMENT_STATUS.name, PAYMENT_CANCELLATION.name, REVIEW_SUBMITTED.name})


def home_partition(key: bytes, partitions: int) -> int:
    """Return the partition that Kafka's default partitioner gives a key."""
    hashed: int = murmur2(key)
    return (hashed & 0x7FFFFFFF) % partitions


class Homes:
    """Knows how many partitions the topics have, and how to write to one of them."""

    def __init__(self, partitions: int, deliver: Callable[[Outgoing], Awaitable[Written]]) -> None:
        """All partitioned topics have the same number, as long as they exist (app/topics.py compares them)."""
        self._partitions = partitions
        self._deliver = deliver

    def elsewhere(self, message: Any) -> int | None:
        """Return the partition that a record belongs to, or None where it is at home."""
        if message.topic not in WRITTEN_OUTSIDE or message.key is None:
            return None
        home = home_partition(message.key, self._partitions)
        return home if home != message.partition else None

    async def send(self, event: Any, partition: int) -> None:
        """Write the record of an event to a partition of the same topic, bytes and headers as they are."""
        message = event.message
        log.warning("%s: a record of partition %d goes home to %d", message.topic, message.partition, partition)
        headers = {name: value for name, value in dict(event.headers or {}).items() if value is not None}
        await self._deliver(Outgoing(message.topic, message.key, message.value, headers, partition))


class HomeWindow(GuardedWindow):
    """A window that lets a stage work only on records that are at home."""

    def __init__(self, homes: Homes, *arguments: Any) -> None:
        """`arguments` are those of the guarded window."""
        super().__init__(*arguments)
        self._homes = homes

    async def admit(self, event: Any, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        """Start the stage's work, or send the record home in its place."""
        partition = self._homes.elsewhere(event.message)
        await super().admit(event, key, work if partition is None else partial(self._homes.send, event, partition))
