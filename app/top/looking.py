"""One look at everything: the workers' pages over HTTP, and what somebody says who asked the broker (unread.py)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from app.exposition import OPENMETRICS
from app.settings import Settings
from app.top.samples import Samples

# Whoever answers later is shown as missing: a picture is of one moment.
ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Missing:
    """A source that did not answer, and why, in a few words."""

    why: str


# Asks, or remembers who asked, what the groups have not read; with it may come what else was seen from outside.
Unread = Callable[[], Awaitable[Samples | Missing]]


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

    def __init__(self, workers: Sequence[str], unread: Unread) -> None:
        """`workers` are `host:port` of metrics pages."""
        self._workers = tuple(workers)
        self._unread = unread
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()


def named_workers(settings: Settings) -> tuple[str, ...]:
    """Return whose pages to ask for: the workers that the settings name, or else the one that runs beside us."""
    return settings.workers or (f"{settings.metrics_host}:{settings.metrics_port}",)
