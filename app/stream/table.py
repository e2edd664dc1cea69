"""A table whose writes can be waited for (F4).

Plain Faust hands a change to a buffer that may give up after a tenth of a second, and commits all the same. Here each
write leaves a future, and a stage settles its event only after the broker has confirmed them.
"""

import asyncio
from typing import Any

from app.stream.fenced import FencedTable


class ConfirmedTable(FencedTable):
    """Remembers the unconfirmed changes of its changelog."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unconfirmed: set[asyncio.Future[Any]] = set()

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        """Send a change, and keep its future until the broker answers."""
        future = super().send_changelog(*args, **kwargs)
        self._unconfirmed.add(future)
        return future

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far.

        Raises:
            Exception: the broker's refusal of any of them; the caller ends the process, for its memory is ahead.
        """
        pending = tuple(self._unconfirmed)
        if not pending:
            return
        # Not gather: who is cancelled while waiting must not cancel the changes that others wait for.
        await asyncio.wait(pending)
        self._unconfirmed.difference_update(pending)
        for future in pending:
            future.result()
