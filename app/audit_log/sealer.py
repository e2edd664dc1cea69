"""Reads `audit.entry` and seals what is there, a log a partition, one sealer a partition by consumer group.

Where to read on is what the log says, never what the group has committed; the commits are for those who watch the lag.
A sealer that was expelled from the group and goes on all the same does no harm: the log takes one segment of a number.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError

from app.audit_log.log import LogBroken, SealedLog
from app.audit_log.place import PlaceUnavailable, PlaceUnfit
from app.audit_log.sealing import Sealing, SealingLimits
from app.kafka_client import client_arguments
from app.settings import Settings
from app.telemetry import Telemetry
from schemas.topics import AUDIT_ENTRY

log = logging.getLogger(__name__)

GROUP = "quittance-sealer"
# Also how late a stop is noticed.
POLL_SECONDS_MAX = 0.5
# Between tries at a storage that does not answer, and at a log that somebody must look at.
RETRY_SECONDS = 2.0
ENDS_ASKED_EVERY_SECONDS = 5.0
RECORDS_AT_ONCE_MAX = 1_000
# A storage that hangs is waited for, partition by partition; that is no reason to leave the group. Who is dead is
# missed by the session time-out.
POLL_INTERVAL_SECONDS_MAX = 900


class TopicShorter(Exception):  # noqa: N818 - it names the state of the topic
    """The topic ends before what the log has sealed of it: records were lost, or it is another topic."""


@dataclass
class Line:
    """One partition that is ours; `sealing` is None until its log is open, `trouble` says what keeps it."""

    place: TopicPartition
    sealing: Sealing | None = None
    trouble: str | None = None
    retry_at: float = 0.0
    sealed_at: float = 0.0
    end: int = 0
    gap: tuple[int, int] | None = None


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
        named = [(line.place.partition, line) for line in self._lines.values()]
        waits = [
            (at, line.trouble or "its log is being opened") for at, line in named if line.trouble or not line.sealing
        ]
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
            await self._seal(consumer, [line for line in self._lines.values() if line.sealing])
        finally:
            await consumer.stop()

    def assigned(self, consumer: AIOKafkaConsumer, places: Iterable[TopicPartition]) -> None:
        """Take partitions on; nothing is read of them before their logs are open."""
        self._joined = True
        for place in places:
            self._lines[place] = Line(place, sealed_at=self._now())
            consumer.seek(place, 0)
            consumer.pause(place)

    def revoked(self, places: Iterable[TopicPartition]) -> None:
        """Let partitions go. What waits there is read again by whoever has them next."""
        for place in places:
            self._lines.pop(place, None)
            for gauge in (self._telemetry.audit_behind, self._telemetry.audit_checkpoint_age):
                with contextlib.suppress(KeyError):  # never measured
                    gauge.remove(str(place.partition))

    def measure(self) -> None:
        """Set the gauges."""
        for line in self._lines.values():
            labels = (str(line.place.partition),)
            sealed = line.sealing.sealed_offset if line.sealing else 0
            self._telemetry.audit_behind.labels(*labels).set(max(line.end - sealed, 0))
            self._telemetry.audit_checkpoint_age.labels(*labels).set(self._now() - line.sealed_at)

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        await self._open(consumer)
        await self._read(consumer)
        now = self._now()
        due = [
            line for line in self._lines.values() if line.sealing and line.sealing.is_due(now) and now >= line.retry_at
        ]
        await self._seal(consumer, due)
        await self._ask_ends(consumer)

    async def _open(self, consumer: AIOKafkaConsumer) -> None:
        for line in [line for line in self._lines.values() if line.sealing is None and self._now() >= line.retry_at]:
            await self._guarded(line, self._opened(consumer, line))

    async def _opened(self, consumer: AIOKafkaConsumer, line: Line) -> None:
        opened = await asyncio.to_thread(self._open_log, line.place.partition)
        first = (await consumer.beginning_offsets([line.place]))[line.place]
        line.end = (await consumer.end_offsets([line.place]))[line.place]
        sealing = Sealing(opened, self._limits, first)
        if sealing.next_offset > line.end:
            raise TopicShorter(f"the log goes up to offset {sealing.next_offset}, the topic ends at {line.end}")
        if sealing.next_offset < first:
            log.critical("offsets %d to %d were deleted before they were sealed", sealing.next_offset, first - 1)
        if self._lines.get(line.place) is line:
            consumer.seek(line.place, max(first, sealing.next_offset))
            line.sealing, line.sealed_at = sealing, self._now()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        for place, line in self._lines.items():
            wanted = line.sealing is not None and not line.sealing.is_full
            (consumer.resume if wanted else consumer.pause)(place)
        try:
            found = await consumer.getmany(timeout_ms=int(self._wait() * 1000), max_records=RECORDS_AT_ONCE_MAX)
        except OffsetOutOfRangeError:
            for line in self._lines.values():
                line.sealing = None  # opened again, which tells what is wrong
            return
        now = self._now()
        for place, records in found.items():
            owner = self._lines.get(place)
            for record in records:
                if owner is None or owner.sealing is None or self._skips(consumer, owner, record.offset):
                    break
                owner.sealing.take(record.offset, record.value, now)

    def _skips(self, consumer: AIOKafkaConsumer, line: Line, offset: int) -> bool:
        """Tell whether records were passed over before this one, and go back for them.

        Where nothing is there, the broker says the same a second time, and the log goes on behind the gap: it shows.
        """
        due = line.sealing.next_offset if line.sealing else offset
        if offset <= due:
            return False
        if line.gap == (due, offset):
            log.critical("%s/%d has no offsets %d to %d", AUDIT_ENTRY.name, line.place.partition, due, offset - 1)
            return False
        line.gap = (due, offset)
        consumer.seek(line.place, due)
        return True

    def _wait(self) -> float:
        dues = [line.sealing.due_at() for line in self._lines.values() if line.sealing]
        nearest = min((due for due in dues if due is not None), default=float("inf"))
        return min(max(nearest - self._now(), 0.0), POLL_SECONDS_MAX)

    async def _seal(self, consumer: AIOKafkaConsumer, lines: Iterable[Line]) -> None:
        for line in lines:
            await self._guarded(line, self._sealed(consumer, line))

    async def _sealed(self, consumer: AIOKafkaConsumer, line: Line) -> None:
        sealing = line.sealing
        if sealing is None or sealing.is_empty:
            return
        count = await asyncio.to_thread(sealing.seal, self._now())
        line.sealed_at = self._now()
        self._telemetry.audit_sealed.labels(str(line.place.partition)).inc(count)
        with contextlib.suppress(KafkaError, IllegalStateError):  # for those who watch; nothing depends on it
            await consumer.commit({line.place: sealing.sealed_offset})

    async def _guarded(self, line: Line, work: Awaitable[None]) -> None:
        """Do something for a partition; what fails is told and tried again later, and the others go on."""
        try:
            await work
        except (LogBroken, PlaceUnfit, TopicShorter) as wrong:
            line.sealing = None
            self._failed(line, str(wrong), logging.CRITICAL)
        except (PlaceUnavailable, KafkaError) as wrong:
            self._failed(line, str(wrong) or type(wrong).__name__, logging.WARNING)
        else:
            line.trouble = None

    def _failed(self, line: Line, trouble: str, level: int) -> None:
        if trouble != line.trouble:
            log.log(level, "%s/%d is not sealed: %s", AUDIT_ENTRY.name, line.place.partition, trouble)
        line.trouble, line.retry_at = trouble, self._now() + RETRY_SECONDS

    async def _ask_ends(self, consumer: AIOKafkaConsumer) -> None:
        """Ask how far the topic goes, for the gauges; a full partition is not fetched, so nobody else would tell."""
        if self._now() < self._ends_at or not self._lines:
            return
        self._ends_at = self._now() + ENDS_ASKED_EVERY_SECONDS
        with contextlib.suppress(KafkaError):
            for place, end in (await consumer.end_offsets(list(self._lines))).items():
                if place in self._lines:
                    self._lines[place].end = end

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


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
