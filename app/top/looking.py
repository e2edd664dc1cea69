"""One look at everything: the workers' pages over HTTP, and what is unread on the broker."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from app.exposition import OPENMETRICS
from app.top.samples import Samples
from app.watching.lag import LagWatch, TopicsMissing
from app.watching.telemetry import WatchTelemetry

# Whoever answers later is shown as missing: a picture is of one moment.
ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Missing:
    """A source that did not answer, and why, in a few words."""

    why: str


@dataclass(frozen=True)
class Look:
    """What was there at one moment; `at` is monotonic, in seconds."""

    at: float
    workers: Mapping[str, Samples | Missing]
    broker: Samples | Missing

    @property
    def together(self) -> Samples:
        """Return the samples of all workers that answered."""
        return sum((page for page in self.workers.values() if isinstance(page, Samples)), Samples())


class Looking:
    """Keeps its connections open from look to look; a context manager."""

    def __init__(self, workers: Sequence[str], client_arguments: dict[str, Any], broker: str) -> None:
        """`workers` are `host:port` of metrics pages; the arguments are those of an aiokafka client."""
        self._workers = tuple(workers)
        self._broker = broker
        self._registry = CollectorRegistry()
        self._lag = LagWatch(client_arguments, WatchTelemetry(self._registry))
        self._http = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, headers={"Accept": OPENMETRICS})

    async def look(self) -> Look:
        """Ask everybody at once."""
        broker, *pages = await asyncio.gather(self._unread(), *map(self._page, self._workers))
        return Look(time.monotonic(), dict(zip(self._workers, pages, strict=True)), broker)

    async def _page(self, worker: str) -> Samples | Missing:
        try:
            answer = (await self._http.get(f"http://{worker}/metrics")).raise_for_status()
            return Samples.parse(answer.text)
        except httpx.HTTPStatusError as refused:
            return Missing(f"answers {refused.response.status_code}")
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            return Missing(str(failed) or type(failed).__name__)
        except ValueError:
            return Missing("answers something else than metrics")

    async def _unread(self) -> Samples | Missing:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._lag.ask()
        except (KafkaError, OSError, TimeoutError, TopicsMissing) as failed:
            await self._lag.forget()
            return Missing(f"{self._broker}: {_words(failed)}")
        return Samples.of(self._registry.collect())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lag.forget()
        await self._http.aclose()


def _words(failed: BaseException) -> str:
    match failed:
        case TimeoutError():
            return f"no answer in {ANSWER_SECONDS:g} s"
        case TopicsMissing():
            return f"topics are missing: {failed}"
    return str(failed) or type(failed).__name__
