"""The process of the role `quality`: beside the stages, never in their way.

It is no part of a worker without a role. There it would end the stages where it ends, and be there as often as there
are workers; one or two of it are enough for an installation, as of the sealer.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Literal

from prometheus_client.registry import Collector

from app import clock
from app.health import answering
from app.publishing import KafkaPublisher
from app.quality.collecting import Collecting
from app.quality.unusual_days import UnusualDays
from app.release import release_id
from app.releases.desk import Desk
from app.releases.entries import Entries
from app.releases.following import FollowedBook
from app.releases.guarding import Guard
from app.releases.looking import OnlyTo
from app.releases.shadow import Shadow
from app.releases.telemetry import QualityTelemetry
from app.settings import Settings
from app.suppliers_followed import FollowedSuppliers
from app.telemetry import Telemetry
from app.tenants import debtors
from app.termination import drain_by
from app.topics import compare_topics
from app.worker import TopicsWrong
from schemas.topics import AUDIT_ENTRY, FEEDBACK_RECORDED, RELEASE_CHANGED, RELEASE_COMPARED

ROLE: Literal["quality"] = "quality"
EVENT_SOURCE = "quittance/quality"


class QualityProcess:
    """Looks on, guards and keeps account of releases, and collects lessons, until SIGTERM."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened before `run`."""
        self._settings = settings
        self._telemetry = Telemetry(ROLE, release_id())
        self._quality = QualityTelemetry(self._telemetry.registry)
        self._book = FollowedBook(settings)
        self._suppliers = FollowedSuppliers(settings)
        self._guard: Guard | None = None

    async def run(self, announce: int | None = None) -> int:
        """Work until SIGTERM or SIGINT; return the exit code.

        The port on which the process answers is written to the file descriptor `announce`.

        Raises:
            aiokafka.errors.KafkaError: where the broker cannot be reached.
            OSError: where the port is taken.
            app.worker.TopicsWrong: where there is nothing to read.
        """
        stop = asyncio.Event()
        drain_by(stop.set, asyncio.get_running_loop())
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(answering(self._settings, self.missing, self.metrics, announce))
            await self._work(stop, stack)
        return 0

    async def _work(self, stop: asyncio.Event, stack: AsyncExitStack) -> None:
        _partitions, wrong = await compare_topics(self._settings)
        if wrong:
            raise TopicsWrong(f"{'; '.join(wrong)}. Run `quittance topics create`")
        for follower in (self._book.follower, self._suppliers.follower):
            follower.start()
            stack.push_async_callback(follower.stop)
        publisher = await stack.enter_async_context(KafkaPublisher(self._settings, source=EVENT_SOURCE))
        # Each has a way out of its own, to its own topic: a mistake in one of them cannot become a payment.
        desk = Desk(self._book, OnlyTo(publisher, RELEASE_CHANGED))
        guard = self._guard = Guard(self._settings, desk, self._quality, clock.now)
        entries = Entries(self._settings, OnlyTo(publisher, AUDIT_ENTRY), self._quality)
        compared = await stack.enter_async_context(KafkaPublisher(self._settings, source=EVENT_SOURCE))
        shadow = Shadow(
            self._settings,
            self._book,
            self._suppliers,
            debtors(self._settings),
            OnlyTo(compared, RELEASE_COMPARED),
            self._quality,
            clock.now,
        )
        collecting = Collecting(self._settings, OnlyTo(publisher, FEEDBACK_RECORDED))
        unusual = UnusualDays(self._settings.database_url, OnlyTo(publisher, FEEDBACK_RECORDED), clock.now)
        async with asyncio.TaskGroup() as group:
            for part in (guard, entries, shadow, collecting, unusual):
                group.create_task(part.run(stop))

    async def missing(self) -> list[str]:
        """Return why the process is not ready, a line each."""
        waits = {
            "the releases are being read": not self._book.follower.is_caught_up,
            "the supplier directory is being read": not self._suppliers.follower.is_caught_up,
        }
        return [line for line, true in waits.items() if true] + (
            self._guard.missing() if self._guard else ["the process is starting"]
        )

    async def metrics(self) -> Collector:
        """Return what Prometheus reads, brought up to now."""
        self._telemetry.ready.labels(ROLE).set(not await self.missing())
        return self._telemetry.registry
