"""The composition root of a stream worker: the one place that knows every concrete thing of it.

`Worker(role, settings)` builds either role from one factory. A Faust app is one consumer group, and every member stops
at each rebalance while tables recover; so readers, which are slow and stateless, and the ledger, which is fast and
remembers, do not share one.
"""

import asyncio
import logging
import os
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, Literal

from prometheus_client.registry import Collector

from app.delivery import EXIT_CODE, Delivery, end_process
from app.health import answering
from app.home import Homes, HomeWindow
from app.poison import Stops
from app.ports import WorkerPorts
from app.release import release_id
from app.releases_followed import FollowedReleases
from app.roles import LedgerRole, ReaderRole, Role
from app.sampling import Sampling
from app.settings import Settings
from app.stream.application import StreamApplication, stream_application
from app.stream.windows import Window
from app.telemetry import Telemetry
from app.termination import drain_by
from app.topics import compare_topics
from app.tracing import open_tracing
from tables.declared import LEDGER

log = logging.getLogger(__name__)

RoleName = Literal["reader", "ledger"]
APP_IDS: dict[RoleName, str] = {"reader": "quittance-reader", "ledger": LEDGER}
# After the drain: closing consumer, producer and children. A process that is still there then is ended.
CLOSE_TIMEOUT_SECONDS = 15.0


class TopicsWrong(Exception):  # noqa: N818 - it says what is wrong
    """The broker's topics are not those of schemas/topics.py; the message says which and what to do."""


class Worker:
    """One process of one role."""

    def __init__(self, name: RoleName, settings: Settings) -> None:
        """Nothing is opened before `run`."""
        self._name = name
        self._settings = settings
        self._telemetry = Telemetry(name, release_id())
        self._sampling = Sampling(self._telemetry)
        self._stops = Stops(self._telemetry)
        self._releases = FollowedReleases(settings, unreadable=self._telemetry.releases_unread.labels(name).inc)
        self._role = Role()
        self._app: StreamApplication | None = None
        self._joined = False
        self._partitions = 0

    async def run(self, announce: int | None = None) -> int:
        """Work until SIGTERM or SIGINT, then drain; return the exit code.

        The port on which the process answers is written to the file descriptor `announce`.

        Raises:
            TopicsWrong: before anything is consumed.
            aiokafka.errors.KafkaError: where the broker cannot be reached.
        """
        stop = asyncio.Event()
        drain_by(stop.set, asyncio.get_running_loop())
        async with AsyncExitStack() as stack:
            if not await _completes(stop, self._open(stack, announce)) or self._app is None:
                return 0
            return await self._work(self._app, stop)

    async def _open(self, stack: AsyncExitStack, announce: int | None) -> None:
        """Look at the topics, answer questions, and set up all that works; nothing is consumed yet."""
        self._partitions, wrong = await compare_topics(self._settings)
        if wrong:
            raise TopicsWrong(f"{'; '.join(wrong)}. Run `quittance topics create`")
        await stack.enter_async_context(answering(self._settings, self.missing, self.metrics, announce))
        self._releases.follower.start()
        stack.push_async_callback(self._releases.follower.stop)
        app = await self._application(stack)
        await self._releases.follower.caught_up()  # no document is read by what is not in force any more
        self._app = app

    async def missing(self) -> list[str]:
        """Return why the process is not ready, a line each."""
        joined = self._joined and self._app is not None and not self._app.rebalancing
        joining = [] if joined else ["the consumer group is being joined or tables recovered"]
        reading = [] if self._releases.follower.is_caught_up else ["the releases are being read"]
        return [*joining, *reading, *self._role.missing(), *self._stops.missing()]

    async def metrics(self) -> Collector:
        """Return what Prometheus reads, brought up to now."""
        self._sampling.windows(self._role.windows)
        self._sampling.memory()
        self._role.sample(self._sampling)
        if self._releases.follower.is_caught_up:
            self._sampling.releases(self._releases.in_force)
        if self._app is not None:
            self._sampling.recovery(self._app.tables.recovery)
        self._telemetry.ready.labels(self._name).set(not await self.missing())
        return self._telemetry.registry

    async def _application(self, stack: AsyncExitStack) -> StreamApplication:
        app = stream_application(APP_IDS[self._name], self._settings)
        retried = self._telemetry.write_retries.labels(self._name).inc
        tracing = stack.enter_context(open_tracing(self._settings, APP_IDS[self._name], self._telemetry.registry))
        delivery = Delivery(lambda: app.producer, retried=retried)
        ports = WorkerPorts(delivery, self._telemetry, self._releases, self._stops, tracing=tracing)

        homes = Homes(self._partitions, ports.deliver)

        def window(running_max: int) -> Window:
            return HomeWindow(homes, self._stops, app.consumer.settle, _give_up, running_max)

        if self._name == "reader":
            self._role = await ReaderRole.open(self._settings, ports, window, stack)
        else:
            self._role = await LedgerRole.open(self._settings, ports, window, stack, app)
        for topic, agent in self._role.agents.items():
            self._stops.watch(agent.__name__, topic.name)
            raw = app.topic(topic.name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
            app.agent(raw, name=agent.__name__)(agent)
        self._listen(app)
        return app

    def _listen(self, app: StreamApplication) -> None:
        app.consumer.drain = self._drain
        app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        app.on_rebalance_complete.connect(self._on_complete, weak=False)

    async def _on_revoked(self, *_sender: Any, **_more: Any) -> None:
        self._joined = False
        self._role.revoked()

    async def _on_complete(self, *_sender: Any, **_more: Any) -> None:
        partitions: defaultdict[str, set[int]] = defaultdict(set)
        for place in self._app.consumer.assignment() if self._app else ():
            partitions[place.topic].add(place.partition)
        self._role.assigned(partitions)
        self._joined = True

    async def _drain(self) -> None:
        timeout = self._settings.drain_timeout_seconds
        await asyncio.gather(*(window.drain(timeout) for window in self._role.windows))

    async def _work(self, app: StreamApplication, stop: asyncio.Event) -> int:
        await app.start()
        ended = await app.wait(stop.wait())
        if ended.stopped or app.crashed:
            log.critical("the stream stopped by itself: %r", app.crash_reason)
            os._exit(EXIT_CODE)
        log.info("draining")
        await asyncio.wait_for(app.stop(), self._settings.drain_timeout_seconds + CLOSE_TIMEOUT_SECONDS)
        return 0


def _give_up(surprise: BaseException) -> None:
    log.critical("nobody expected this", exc_info=surprise)
    end_process(f"an event could not be dealt with: {type(surprise).__name__}")


async def _completes(stop: asyncio.Event, opening: Coroutine[Any, Any, None]) -> bool:
    """Return whether the opening came to its end before `stop` was set; else it is broken off."""
    work, asked = asyncio.create_task(opening), asyncio.create_task(stop.wait())
    await asyncio.wait((work, asked), return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not stop.is_set():
        work.result()  # what went wrong is raised here
        return True
    work.cancel()
    await asyncio.wait((work,))
    if not work.cancelled() and (error := work.exception()) is not None:
        log.info("asked to end while this went wrong: %r", error)
    return False
