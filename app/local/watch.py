"""Watches what comes out of the chain: the last status of each document, and every command with its time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from app.kafka_client import client_arguments
from app.settings import Settings
from schemas.codec import decode
from schemas.decision import DecisionOutcome
from schemas.events import DocumentStatus
from schemas.topics import DOCUMENT_RECEIVED, DOCUMENT_STATUS, PAYMENT_INITIATED

# What became of a document, in the words of a decision.
OUTCOMES: Mapping[str, DecisionOutcome] = {
    "held": "hold",
    "rejected": "reject",
    "payment_initiated": "approve",
    "payment_accepted": "approve",
    "settled": "approve",
}
# Waiting for a person is an end for a machine; a payment ends when the engine says so.
ENDS = frozenset({"held", "rejected", "settled", "payment_rejected", "returned", "cancelled"})
POLL_MS = 200
Take = Callable[[str, str, bytes, int], None]


@dataclass
class Seen:
    """What has been seen. Times are those of the records, in milliseconds; commands are the first of each id."""

    statuses: dict[str, DocumentStatus] = field(default_factory=dict)
    received_at: dict[str, int] = field(default_factory=dict)
    commands: dict[str, bytes] = field(default_factory=dict)
    commanded_at: dict[str, int] = field(default_factory=dict)

    def ended(self, documents: frozenset[str]) -> int:
        """Return how many of the documents have come to an end."""
        return sum(status.state in ENDS for document, status in self.statuses.items() if document in documents)

    def outcomes(self) -> dict[str, DecisionOutcome]:
        """Return what was decided, by document."""
        return {
            document: OUTCOMES[status.state] for document, status in self.statuses.items() if status.state in OUTCOMES
        }

    def latency_ms(self, document: str) -> int | None:
        """Return the time from a document's event to its command, or None where it has none."""
        status = self.statuses.get(document)
        times = [
            self.commanded_at[command]
            for command in (status.command_ids if status else ())
            if command in self.commanded_at
        ]
        return min(times) - self.received_at[document] if times and document in self.received_at else None


class TopicWatch:
    """Reads topics from their beginning, without a group: it takes nothing away from anybody, and writes nothing."""

    def __init__(self, settings: Settings, topics: Sequence[str], take: Take) -> None:
        """`take` is given topic, key, value and time of each record with a key and a value; nothing is read yet."""
        self._settings = settings
        self._topics = topics
        self._take = take
        self.changed = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled."""
        consumer = AIOKafkaConsumer(
            *self._topics, **client_arguments(self._settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            while True:
                for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in filter(_is_keyed, records):
                        self._take(record.topic, record.key.decode(), record.value, record.timestamp)
                self.changed.set()
        finally:
            await consumer.stop()


class Watch(TopicWatch):
    """Watches how documents end, and which commands come of them."""

    TOPICS = (DOCUMENT_RECEIVED.name, DOCUMENT_STATUS.name, PAYMENT_INITIATED.name)

    def __init__(self, settings: Settings) -> None:
        """Nothing is read before `run`."""
        super().__init__(settings, self.TOPICS, self._see)
        self.seen = Seen()

    def _see(self, topic: str, name: str, value: bytes, timestamp: int) -> None:
        if topic == DOCUMENT_RECEIVED.name:
            self.seen.received_at.setdefault(name, timestamp)
        elif topic == PAYMENT_INITIATED.name:
            if self.seen.commands.setdefault(name, value) is value:
                self.seen.commanded_at[name] = timestamp
        else:
            self.seen.statuses[name] = decode(value, DocumentStatus)


def _is_keyed(record: ConsumerRecord) -> bool:
    """Tell whether a record says whom it is about: publishers may write anything, and this only watches."""
    return record.key is not None and record.value is not None
