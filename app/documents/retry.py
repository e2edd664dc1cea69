"""Bounded repetition: so many attempts, full jitter between them, a deadline over all."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.documents.failures import DocumentFailure, DocumentsTooSlow
from app.documents.limits import Limits

T = TypeVar("T")
Jitter = Callable[[float, float], float]

_LOG = logging.getLogger(__name__)
_UNIFORM = random.SystemRandom().uniform  # workers forked from one process must not draw the same pauses


async def with_attempts(
    attempt: Callable[[], Awaitable[T]], subject: str, limits: Limits, *, jitter: Jitter = _UNIFORM
) -> T:
    """Run `attempt` until it succeeds, fails for good, or the limits are used up.

    Full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter"): many workers that met the same outage
    must not come back at the same moment.

    Raises:
        DocumentFailure: the last one, with the number of attempts.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + limits.operation_seconds_max
    number = 0
    while True:
        number += 1
        result = await _bounded(attempt, subject, min(clock() + limits.attempt_seconds_max, deadline))
        if not isinstance(result, DocumentFailure):
            return result
        result.attempts = number
        pause = jitter(0.0, min(limits.pause_seconds_max, limits.pause_seconds_first * 2 ** (number - 1)))
        if not result.is_retried or number >= limits.attempts_max or clock() + pause >= deadline:
            raise result
        _LOG.info("trying again in %.2f s after %s", pause, result.code)
        await asyncio.sleep(pause)


async def _bounded(attempt: Callable[[], Awaitable[T]], subject: str, deadline: float) -> T | DocumentFailure:
    try:
        async with asyncio.timeout_at(deadline):
            return await attempt()
    except TimeoutError:
        return DocumentsTooSlow(subject, "did not finish in the time of one attempt")
    except DocumentFailure as failure:
        return failure
