"""The looks of the last minute, from which rates are told; whoever asks within two seconds is told the same."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.top.looking import Look, Looking, Missing
from app.top.picture import Picture, picture

# Rates and latencies are of so long a time, or of as long as it has been looked.
WINDOW_SECONDS = 60.0
# However many people have the page open, nobody is asked more often; the lag itself is asked for every five seconds.
FRESH_SECONDS = 2.0


@dataclass(frozen=True)
class Seen:
    """A picture, and when it was taken."""

    looked_at: datetime
    picture: Picture


class Recent:
    """Looks, and keeps the looks that rates are told from."""

    def __init__(self, looking: Looking, fresh_seconds: float = FRESH_SECONDS) -> None:
        """`looking` is opened and closed by whoever made it."""
        self._looking = looking
        self._fresh_seconds = fresh_seconds
        self._looks: deque[Look] = deque()
        self._seen: Seen | None = None
        self._one_looks = asyncio.Lock()

    async def seen(self) -> Seen:
        """Return what is there now, or was two seconds ago."""
        async with self._one_looks:
            if self._seen is None or time.monotonic() - self._looks[-1].at >= self._fresh_seconds:
                self._seen = await self._look()
            return self._seen

    async def _look(self) -> Seen:
        self._looks.append(await self._looking.look())
        while self._looks[-1].at - self._looks[0].at > WINDOW_SECONDS:
            self._looks.popleft()
        before = self._looks[0] if len(self._looks) > 1 else None
        return Seen(clock.now(), picture(self._looks[-1], before))


async def nobody_looks() -> Seen:
    """Return what is seen where nobody looks: nothing, and why."""
    return Seen(clock.now(), picture(Look(0.0, {}, Missing("nobody looks"))))
