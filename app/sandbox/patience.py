"""How long a child is waited for: as long as it computes and sleeps, and not while the machine gives it no processor.

A wall clock cannot tell a hostile document from an honest one on a machine that is overloaded. The kernel can: it
counts how long a process was ready to run and did not (/proc/PID/schedstat, the second number, in nanoseconds). And a
worker that was itself stopped or starved counts no more than the moments in which it could look.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.sandbox.limits import Limits

LOOK_SECONDS = 0.25
"""How often a child that still reads is looked at; nearly all have answered before the first look."""
_NANOSECONDS = 1e-9


def waited_seconds(pid: int) -> float:
    """Returns how long a process has waited for a processor in its life; 0 where the kernel does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) * _NANOSECONDS
    except (OSError, ValueError, IndexError):
        return 0.0  # ended, hidden from us, or not counted: then all of its time is its own


class Patience:
    """Ends what is done within it by a TimeoutError when a child has had its time, or the machine has none for it.

        async with Patience(pid, limits) as patience:
            await answer()

    Attributes:
        starved: whether it ended because the machine gave the child too little time to have had its own.
    """

    def __init__(self, pid: int, limits: Limits, waited: Callable[[int], float] = waited_seconds) -> None:
        """Names the child; `waited` tells how long it was kept waiting for a processor, in seconds of its life."""
        self.starved = False
        self._pid = pid
        self._limits = limits
        self._waited = waited
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._wall = 0.0
        self._own = 0.0

    async def __aenter__(self) -> Self:
        """Begins to count."""
        await self._timeout.__aenter__()
        self._seen = self._loop.time(), self._waited(self._pid)
        self._timer = self._loop.call_later(LOOK_SECONDS, self._look)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Counts no more."""
        self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)  # which raises, where time is up

    def _look(self) -> None:
        before, had_waited = self._seen
        now, waited = self._seen = self._loop.time(), max(self._waited(self._pid), had_waited)
        passed = min(now - before, 2 * LOOK_SECONDS)
        self._wall += passed
        self._own += max(passed - (waited - had_waited), 0.0)
        spent = self._own >= self._limits.wall_seconds
        self.starved = not spent and self._wall >= self._limits.starved_seconds
        if spent or self.starved:
            self._timeout.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_later(LOOK_SECONDS, self._look)
