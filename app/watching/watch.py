"""Asks again and again, whatever happens. A watch that fails leaves no old answer standing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app import clock
from app.watching.telemetry import WatchTelemetry

log = logging.getLogger(__name__)


@dataclass
class Watch:
    """One question. `ask` sets its gauges; `forget` takes them away, for an old answer looks like a good one."""

    name: str
    every_seconds: float
    ask: Callable[[], Awaitable[None]]
    forget: Callable[[], Awaitable[None]]
    telemetry: WatchTelemetry
    _failure: str | None = None

    async def run(self) -> None:
        """Ask until cancelled."""
        try:
            while True:
                await self.once()
                await asyncio.sleep(self.every_seconds)
        finally:
            await self.forget()

    async def once(self) -> None:
        """Ask, and say whether there was an answer; the process goes on in any case, for it has other duties."""
        try:
            async with asyncio.timeout(max(self.every_seconds, 10.0)):
                await self.ask()
        except Exception as failed:  # noqa: BLE001 - whatever is wrong, the alert on a silent watch says so
            self.telemetry.failed.labels(self.name).inc()
            self._say(f"{type(failed).__name__}: {failed}")
            await self.forget()
        else:
            self._failure = None
            self.telemetry.succeeded.labels(self.name).set(clock.now().timestamp())

    def _say(self, failure: str) -> None:
        if failure != self._failure:
            log.warning("the watch over %s has no answer: %s", self.name, failure)
        self._failure = failure
