"""One partition on its way into its log: opened, read without gaps, sealed; and what keeps it, where something does."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from app.audit_log.log import LogBroken, SealedLog
from app.audit_log.place import PlaceUnavailable, PlaceUnfit
from app.audit_log.sealing import Sealing, SealingLimits

log = logging.getLogger(__name__)

# Between tries at a storage that does not answer, and at a log that somebody must look at.
RETRY_SECONDS = 2.0


class TopicShorter(Exception):  # noqa: N818 - it names the state of the topic
    """The topic ends before what the log has sealed of it: records were lost, or it is another topic."""


class Line:
    """One partition that is ours. `sealing` is None until its log is open, `trouble` says what keeps it.

    What fails is told once and tried again later; the other lines go on. `end` is where the topic ends, as last asked.
    """

    def __init__(self, place: TopicPartition, open_log: Callable[[int], SealedLog], limits: SealingLimits) -> None:
        """`open_log` opens the log of a partition; it is called in a thread."""
        self.place = place
        self.sealing: Sealing | None = None
        self.trouble: str | None = None
        self.end = 0
        self.sealed_at = now()
        self._open_log = open_log
        self._limits = limits
        self._retry_at = 0.0
        self._gap: tuple[int, int] | None = None
        self._is_ours = True

    @property
    def wants_records(self) -> bool:
        """Tell whether records can be taken: the log is open, and not too many wait."""
        return self.sealing is not None and not self.sealing.is_full

    @property
    def is_due(self) -> bool:
        """Tell whether a segment is to be closed now."""
        return self.sealing is not None and now() >= self._retry_at and self.sealing.is_due(now())

    @property
    def waits_for(self) -> str | None:
        """Return what keeps the line, None where it goes."""
        return self.trouble or (None if self.sealing else "its log is being opened")

    def let_go(self) -> None:
        """Be another's from now on: what is under way for the line changes nothing any more."""
        self._is_ours = False

    def reopen(self) -> None:
        """Have the log opened again, which tells what is wrong."""
        self.sealing = None

    async def open(self, consumer: AIOKafkaConsumer) -> None:
        """Open the log, unless it is open or was tried just now."""
        if self.sealing is None and now() >= self._retry_at:
            await self._guarded(self._opened(consumer))

    def take(self, consumer: AIOKafkaConsumer, records: Iterable[ConsumerRecord]) -> None:
        """Take what was fetched, up to a gap."""
        at = now()
        for record in records:
            if self.sealing is None or self._skips(consumer, self.sealing, record.offset):
                return
            self.sealing.take(record.offset, record.value, at)

    async def seal(self, consumer: AIOKafkaConsumer) -> int:
        """Close a segment, if anything waits; return how many entries are in the log since."""
        if self.sealing is None or self.sealing.is_empty:
            return 0
        sealed: list[int] = []
        await self._guarded(self._sealed(consumer, self.sealing, sealed))
        return sum(sealed)

    async def _opened(self, consumer: AIOKafkaConsumer) -> None:
        opened = await asyncio.to_thread(self._open_log, self.place.partition)
        first = (await consumer.beginning_offsets([self.place]))[self.place]
        self.end = (await consumer.end_offsets([self.place]))[self.place]
        sealing = Sealing(opened, self._limits, first)
        if sealing.next_offset > self.end:
            raise TopicShorter(f"the log goes up to offset {sealing.next_offset}, the topic ends at {self.end}")
        if sealing.next_offset < first:
            log.critical("offsets %d to %d were deleted before they were sealed", sealing.next_offset, first - 1)
        if self._is_ours:
            consumer.seek(self.place, max(first, sealing.next_offset))
            self.sealing, self.sealed_at = sealing, now()

    async def _sealed(self, consumer: AIOKafkaConsumer, sealing: Sealing, sealed: list[int]) -> None:
        sealed.append(await asyncio.to_thread(sealing.seal, now()))
        self.sealed_at = now()
        with contextlib.suppress(KafkaError, IllegalStateError):  # for those who watch; nothing depends on it
            await consumer.commit({self.place: sealing.sealed_offset})

    def _skips(self, consumer: AIOKafkaConsumer, sealing: Sealing, offset: int) -> bool:
        """Tell whether records were passed over before this one, and go back for them.

        Where nothing is there, the broker says the same a second time, and the log goes on behind the gap: it shows.
        """
        due = sealing.next_offset
        if offset <= due:
            return False
        if self._gap == (due, offset):
            log.critical("%s/%d has no offsets %d to %d", *self.place, due, offset - 1)
            return False
        self._gap = (due, offset)
        consumer.seek(self.place, due)
        return True

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do something; what fails is told, and tried again later."""
        try:
            await work
        except (LogBroken, PlaceUnfit, TopicShorter) as wrong:
            self.sealing = None
            self._failed(str(wrong), logging.CRITICAL)
        except (PlaceUnavailable, KafkaError) as wrong:
            self._failed(str(wrong) or type(wrong).__name__, logging.WARNING)
        else:
            self.trouble = None

    def _failed(self, trouble: str, level: int) -> None:
        if trouble != self.trouble:
            log.log(level, "%s/%d is not sealed: %s", *self.place, trouble)
        self.trouble, self._retry_at = trouble, now() + RETRY_SECONDS


def now() -> float:
    """Return the loop's clock, which no operator turns back."""
    return asyncio.get_running_loop().time()
