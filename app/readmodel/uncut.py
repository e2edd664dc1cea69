"""Lets a piece of work on the database end before its cancellation counts."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uncut(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a coroutine function finish what it began when its caller is cancelled; the caller is cancelled after that.

    A cancellation inside of SQLAlchemy and aiosqlite may leave a connection open with its transaction (seen: 1 of 60
    cancellations), and SQLite then refuses every other writer. Transactions are short, and bounded by the database.
    """

    @wraps(work)
    async def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.create_task(work(*args, **kwargs))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # whoever was to be told of it is gone
                await task
            raise

    return whole
