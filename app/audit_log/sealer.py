"""Reads `audit.entry` and seals what is there, a log a partition, one sealer a partition by consumer group.

Where to read on is what the log says, never what the group has committed; the commits are for those who watch the lag.
A sealer that was expelled from the group and goes on all the same does no harm: the log takes one segment of a number.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from app.audit_log.line import Line, now
from app.audit_log.log import SealedLog
from app.audit_log.sealing import SealingLimits
from app.kafka_client import client_arguments
from app.settings import Settings
from app.telemetry import Telemetry
from schemas.topics import AUDIT_ENTRY

GROUP = "quittance-sealer"
# Also how late a stop is noticed.
POLL_SECONDS_MAX = 0.5
ENDS_ASKED_EVERY_SECONDS = 5.0
RECORDS_AT_ONCE_MAX = 1_000
# A storage that hangs is waited for, partition by partition; that is no reason to leave the group. Who is dead is
# missed by the session time-out.
POLL_INTERVAL_SECONDS_MAX = 900


class Sealer:
    """Seals the partitions that the group gives it."""

    def __init__(
        self, settings: Settings, telemetry: Telemetry, open_log: Callable[[int], SealedLog], limits: SealingLimits
    ) -> None:
        """`open_log` opens the log of a partition; it is called in a thread."""
        self._settings = settings
        self._telemetry = telemetry
        self._open_log = open_log
        self._limits = limits
        self._lines: dict[TopicPartition, Line] = {}
        self._joined = False
        self._ends_at = 0.0

    def missing(self) -> list[str]:
        """Return what keeps the sealer from its work, a line each."""
        if not self._joined:
            return ["the consumer group is being joined"]
        waits = [(line.place.partition, line.waits_for) for line in self._lines.values() if line.waits_for]
        return [f"{AUDIT_ENTRY.name}/{at}: {why}" for at, why in sorted(waits)]

    async def run(self, stop: asyncio.Event) -> None:
        """Seal until `stop` is set; then seal what waits, once.

        Raises:
            aiokafka.errors.KafkaError: what the client does not repeat by itself.
        """
        consumer = AIOKafkaConsumer(
            **client_arguments(self._settings),
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="none",
            session_timeout_ms=self._settings.session_timeout_seconds * 1000,
            max_poll_interval_ms=POLL_INTERVAL_SECONDS_MAX * 1000,
        )
        consumer.subscribe([AUDIT_ENTRY.name], listener=_Listener(self, consumer))
        await consumer.start()
        try:
            while not stop.is_set():
                await self._step(consumer)
            await self._seal(consumer, list(self._lines.values()))
        finally:
            await consumer.stop()

    def assigned(self, consumer: AIOKafkaConsumer, places: Iterable[TopicPartition]) -> None:
        """Take partitions on; nothing is read of them before their logs are open."""
        self._joined = True
        for place in places:
            self._lines[place] = Line(place, self._open_log, self._limits)
            consumer.seek(place, 0)
            consumer.pause(place)

    def revoked(self, places: Iterable[TopicPartition]) -> None:
        """Let partitions go. What waits there is read again by whoever has them next."""
        for place in places:
            if (line := self._lines.pop(place, None)) is not None:
                line.let_go()
            for gauge in (self._telemetry.audit_behind, self._telemetry.audit_checkpoint_age):
                with contextlib.suppress(KeyError):  # never measured
                    gauge.remove(str(place.partition))

    def measure(self) -> None:
        """Set the gauges."""
        for line in self._lines.values():
            labels = (str(line.place.partition),)
            sealed = line.sealing.sealed_offset if line.sealing else 0
            self._telemetry.audit_behind.labels(*labels).set(max(line.end - sealed, 0))
            self._telemetry.audit_checkpoint_age.labels(*labels).set(now() - line.sealed_at)

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        for line in list(self._lines.values()):
            await line.open(consumer)
        await self._read(consumer)
        await self._seal(consumer, [line for line in self._lines.values() if line.is_due])
        await self._ask_ends(consumer)

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        for place, line in self._lines.items():
            (consumer.resume if line.wants_records else consumer.pause)(place)
        try:
            found = await consumer.getmany(timeout_ms=int(self._wait() * 1000), max_records=RECORDS_AT_ONCE_MAX)
        except OffsetOutOfRangeError:
            for line in self._lines.values():
                line.reopen()
            return
        for place, records in found.items():
            if (owner := self._lines.get(place)) is not None:
                owner.take(consumer, records)

    def _wait(self) -> float:
        dues = [line.sealing.due_at() for line in self._lines.values() if line.sealing]
        nearest = min((due for due in dues if due is not None), default=float("inf"))
        return min(max(nearest - now(), 0.0), POLL_SECONDS_MAX)

    async def _seal(self, consumer: AIOKafkaConsumer, lines: Iterable[Line]) -> None:
        for line in lines:
            if count := await line.seal(consumer):
                self._telemetry.audit_sealed.labels(str(line.place.partition)).inc(count)

    async def _ask_ends(self, consumer: AIOKafkaConsumer) -> None:
        """Ask how far the topic goes, for the gauges; a full partition is not fetched, so nobody else would tell."""
        if now() < self._ends_at or not self._lines:
            return
        self._ends_at = now() + ENDS_ASKED_EVERY_SECONDS
        with contextlib.suppress(KafkaError):
            for place, end in (await consumer.end_offsets(list(self._lines))).items():
                if place in self._lines:
                    self._lines[place].end = end


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Tells the sealer what the group gives and takes."""

    def __init__(self, sealer: Sealer, consumer: AIOKafkaConsumer) -> None:
        self._sealer = sealer
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Let go."""
        self._sealer.revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Take on."""
        self._sealer.assigned(self._consumer, assigned)
