"""Who tells what is unread: the broker, asked by ourselves, or the watches of the API's process, which ask anyway."""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from app import clock
from app.top.looking import ANSWER_SECONDS, Missing, Unread
from app.top.samples import Samples
from app.watching.lag import LagWatch, TopicsMissing
from app.watching.telemetry import WatchTelemetry

LAG = "quittance_consumer_lag_records"
WATCHED = "quittance_watch_succeeded_timestamp_seconds"
# A watch asks every five or fifteen seconds. One that has had no answer for so long says nothing any more.
BLIND_SECONDS = 60.0


class Broker:
    """Asks the broker at each look; a context manager."""

    def __init__(self, client_arguments: dict[str, Any], name: str) -> None:
        """The arguments are those of an aiokafka client; `name` is what people call the broker."""
        self._name = name
        self._registry = CollectorRegistry()
        self._lag = LagWatch(client_arguments, WatchTelemetry(self._registry))

    async def unread(self) -> Samples | Missing:
        """Ask once."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._lag.ask()
        except (KafkaError, OSError, TimeoutError, TopicsMissing) as failed:
            await self._lag.forget()
            return Missing(f"{self._name}: {_words(failed)}")
        return Samples.of(self._registry.collect())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lag.forget()


def watched(registry: CollectorRegistry) -> Unread:
    """Return who tells what the watches found last (app/watching): nobody asks the broker twice.

    A watch without an answer takes its gauges away, so that nothing old is told here; and its mark is not passed on.
    """

    async def unread() -> Samples | Missing:
        since = clock.now().timestamp() - BLIND_SECONDS
        rows = Samples.of(registry.collect()).rows
        found = Samples(tuple(row for row in rows if row[0] != WATCHED or row[2] > since))
        return found if any(found.matching(LAG)) else Missing("the watch over lag has no answer (yet)")

    return unread


def _words(failed: BaseException) -> str:
    match failed:
        case TimeoutError():
            return f"no answer in {ANSWER_SECONDS:g} s"
        case TopicsMissing():
            return f"topics are missing: {failed}"
    return str(failed) or type(failed).__name__
