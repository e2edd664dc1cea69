"""Lets SIGTERM end a command of the terminal as Ctrl-C does: in order, with everything it started."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

# Ended by a signal, as shells count it.
INTERRUPTED = 130


async def until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Return what the work returns; SIGINT or SIGTERM cancels it, so that its context managers clean up."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return INTERRUPTED
