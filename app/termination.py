"""SIGTERM and SIGINT at any moment of a worker's life: what has not begun ends at once, what has begun is drained.

A worker may be asked to end in its first second: by an orchestrator that thought better of it, by an operator's Ctrl-C.
That is no failure, so the exit code is 0. Nothing heavy is imported here, for this is imported first.
"""

import contextlib
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_at_once() -> None:
    """From now on a signal ends the process: nothing has begun, no child is there."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: os._exit(0))


def drain_by(begin: Callable[[], None], loop: "asyncio.AbstractEventLoop") -> None:
    """From now on a signal calls `begin` in the loop; once the loop is closed, nothing.

    Not `loop.add_signal_handler`: it gives the signals back to the system when the loop is closed, and one that comes
    in the last moments of a process that has drained would make a failure of it.
    """

    def asked(*_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(begin)

    for number in SIGNALS:
        signal.signal(number, asked)


def all_is_done() -> None:
    """From now on a signal means nothing: the interpreter is being taken down, and the exit code stands."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
