"""Events side by side, one at a time a key, settled in order a partition.

Awaiting each send before the next event costs two thirds of the throughput (docs/faust.md, measured). So neighbouring
events are in flight together; what may never overlap shares a key; and an offset is settled only when its event and
all before it in the partition are dealt with, which Faust's own `concurrency` does not ensure (F2).
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from faust.types import TP, EventT

from app.stream.lease import Expelled

log = logging.getLogger(__name__)

# Enough to hide the broker's round trip; more only makes a drain longer.
RUNNING_MAX = 256
# Finished events that wait for a slow one before them. At 1,000 events a second this covers the slowest document.
UNSETTLED_MAX = 20_000
# What is cancelled at the end of a drain has only its own clean-up left to do.
CANCELLATION_TIMEOUT_SECONDS = 5.0


@dataclass(eq=False)
class _Entry:
    event: EventT
    done: bool = False
    began: float = field(default_factory=time.monotonic)


Line = tuple[TP, int]  # one partition in one generation of the consumer group


class Window:
    """Admits the events of one or more agents that share keys."""

    def __init__(
        self,
        settle: Callable[[TP, int, int], None],
        fatal: Callable[[BaseException], None],
        running_max: int = RUNNING_MAX,
        unsettled_max: int = UNSETTLED_MAX,
    ) -> None:
        """`settle(tp, offset, generation)` states that all up to an offset is done; `fatal` ends the process."""
        self._settle = settle
        self._fatal = fatal
        self._running = asyncio.Semaphore(running_max)
        self._unsettled = asyncio.Semaphore(unsettled_max)
        self._lines: dict[Line, deque[_Entry]] = {}
        self._last_of_key: dict[bytes, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._generation: int | None = None
        self._drained: int | None = None

    async def admit(self, event: EventT, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        """Start `work` for an event as soon as there is room; return when it is under way.

        An event of a generation that was drained meanwhile is dropped: its partition is given away, and whoever has
        it next reads the event again.
        """
        self._generation = event.message.generation_id
        await self._unsettled.acquire()
        await self._running.acquire()
        if event.message.generation_id == self._drained:
            self._running.release()
            self._unsettled.release()
            return
        self._begin(event, key, work)

    def _begin(self, event: EventT, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        entry = _Entry(event)
        self._lines.setdefault(self._line(event), deque()).append(entry)
        before = self._last_of_key.get(key)
        task = asyncio.create_task(self._run(entry, before, work))
        self._last_of_key[key] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._left(key, done))

    async def drain(self, timeout_seconds: float) -> None:
        """Close the present generation: wait for what was admitted, cancel what is late, admit no more of it.

        Whatever goes on after the drain would work on, and write tables of, a partition that is another member's.
        What was cancelled is not settled, and so it is read again.
        """
        self._drained = self._generation
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=timeout_seconds)
            await self._cancel(late)
        for entries in self._lines.values():
            for _ in entries:
                self._unsettled.release()
        self._lines.clear()

    @staticmethod
    async def _cancel(late: set[asyncio.Task[None]]) -> None:
        if not late:
            return
        log.warning("%d events were not done in time, they will be read again", len(late))
        for task in late:
            task.cancel()
        await asyncio.wait(late, timeout=CANCELLATION_TIMEOUT_SECONDS)

    @property
    def in_flight(self) -> int:
        """Return how many events are being worked on."""
        return len(self._tasks)

    @property
    def oldest_seconds(self) -> float:
        """Return for how long the oldest event has been under way; 0 without any. Each line begins with its oldest."""
        began = [entries[0].began for entries in self._lines.values() if entries]
        return time.monotonic() - min(began) if began else 0.0

    async def _run(self, entry: _Entry, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]) -> None:
        if before is not None:
            await asyncio.wait((before,))
        try:
            await work()
        except Expelled:
            log.warning("an event was left to the next member that has its partition")
        except Exception as surprise:  # noqa: BLE001 - nothing may leave an agent: it would be acknowledged (F1)
            self._fatal(surprise)
        else:
            entry.done = True
            self._settle_line(self._line(entry.event))

    def _settle_line(self, line: Line) -> None:
        entries = self._lines.get(line, deque())  # a drain forgets the lines of what it had to cancel
        last: _Entry | None = None
        while entries and entries[0].done:
            last = entries.popleft()
            self._unsettled.release()
        if last is not None:
            self._settle(line[0], last.event.message.offset, line[1])
        if not entries:
            self._lines.pop(line, None)

    def _left(self, key: bytes, task: asyncio.Task[None]) -> None:
        self._running.release()
        self._tasks.discard(task)
        if self._last_of_key.get(key) is task:
            del self._last_of_key[key]

    @staticmethod
    def _line(event: EventT) -> Line:
        return event.message.tp, event.message.generation_id
