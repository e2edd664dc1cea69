"""Opens everything that the API needs from the settings, and serves it until SIGTERM."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from app import clock
from app.api.application import create_api
from app.api.keys import Keyring, load_keyring, one_off_keyring
from app.api.meters import ApiMeter
from app.api.ports import Ports
from app.audit_log.tenant_logs import StoredLogs
from app.documents import KeyFolder, open_documents
from app.extraction import documents_config, keys_folder
from app.kafka_client import client_arguments
from app.publishing import KafkaPublisher
from app.quality.pictures import SandboxedPictures
from app.quality.shelf import open_shelf
from app.readmodel.database import open_database
from app.readmodel.progress import Progress
from app.readmodel.projector import Projector
from app.readmodel.queries import ReadModel
from app.readmodel.remembered import Remembered
from app.readmodel.store import ProjectionStore
from app.release import release_id
from app.releases.desk import Desk
from app.releases.following import FollowedBook
from app.settings import Settings
from app.supplier_data import Claiming
from app.suppliers_followed import FollowedSuppliers
from app.tenants import debtors
from app.top.looking import Looking, named_workers
from app.top.recent import Recent
from app.top.unread import watched as unread_as_watched
from app.topics import compare_topics
from app.tracing import open_tracing
from app.watching import watches
from app.watching.anomalies import AnomalyWatch
from app.watching.telemetry import WatchTelemetry

log = logging.getLogger(__name__)

EVENT_SOURCE = "quittance/api"
# The name of the API in traces.
SERVICE = "quittance-api"
# Requests that run at SIGTERM, waits of `Prefer: wait` among them, get so long.
DRAIN_TIMEOUT_SECONDS = 15
# A slow client may not hold a connection for longer between two requests.
KEEP_ALIVE_SECONDS = 30
# Each may hold one document in memory while it is stored; beyond this a client is told to come back.
CONNECTIONS_MAX = 256


class ProjectionEnded(Exception):  # noqa: N818 - it names what happened
    """The projection has ended by itself: a bug, for it survives broker and database."""


class _Server(uvicorn.Server):
    """A server that ends on a signal; uvicorn's own kills its process by that signal before we have closed anything."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


async def serve(settings: Settings) -> None:
    """Serve the API until SIGTERM or SIGINT, then let running requests end.

    Raises:
        app.api.keys.KeysInvalid, app.readmodel.database.UnknownDatabase, app.tenants.TenantsInvalid, ValueError:
            where a setting cannot be used.
        ProjectionEnded: where the projection has met a bug; the process is to be started anew.
    """
    async with AsyncExitStack() as stack:
        app, projection = await open_api(settings, stack)
        server = _Server(
            uvicorn.Config(
                app,
                host=settings.api_host,
                port=settings.api_port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=DRAIN_TIMEOUT_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                server_header=False,
                limit_concurrency=CONNECTIONS_MAX,
            )
        )
        projection.add_done_callback(lambda _ended: setattr(server, "should_exit", True))
        await server.serve()
        if projection.done() and not projection.cancelled():
            raise ProjectionEnded("the projection has ended") from projection.exception()


async def open_api(settings: Settings, stack: AsyncExitStack) -> tuple[FastAPI, asyncio.Task[None]]:
    """Return the application over the real ports, and the task of its projection; all is closed with the stack."""
    keyring = _keyring(settings)
    engine = open_database(settings.database_url)
    stack.push_async_callback(engine.dispose)
    store = ProjectionStore(engine)
    await store.create()
    documents = await stack.enter_async_context(open_documents(documents_config(settings)))
    meter = ApiMeter()
    tracing = stack.enter_context(open_tracing(settings, SERVICE, meter.registry))
    publisher = await stack.enter_async_context(KafkaPublisher(settings, source=EVENT_SOURCE, tracing=tracing))
    suppliers = FollowedSuppliers(settings)
    suppliers.follower.start()
    stack.push_async_callback(suppliers.follower.stop)
    book = FollowedBook(settings)
    book.follower.start()
    stack.push_async_callback(book.follower.stop)
    progress, read_model = Progress(), ReadModel(engine)
    projector = Projector(client_arguments(settings), store, progress=progress, meter=meter)
    projection = await stack.enter_async_context(_running(projector.run(), "projection"))
    if (keys := keys_folder(settings)) is not None:
        claiming = Claiming(client_arguments(settings), KeyFolder(keys))
        await stack.enter_async_context(_running(claiming.run(), "claims of documents"))
    watched = WatchTelemetry(meter.registry)
    unusual = AnomalyWatch(engine, watched)
    for watch in watches(client_arguments(settings), engine, watched, unusual):
        await stack.enter_async_context(_running(watch.run(), f"watch over {watch.name}"))
    looking = Looking(named_workers(settings), unread_as_watched(meter.registry))
    ports = Ports(
        read_model=read_model,
        remembered=Remembered(engine),
        publisher=publisher,
        documents=documents,
        keyring=keyring,
        meter=meter,
        progress=progress,
        now=clock.now,
        release=release_id(),
        reference=suppliers,
        debtors=debtors(settings),
        anomalies=unusual.last,
        audit=StoredLogs(settings, lambda: _partitions(settings)),
        releases=Desk(book, publisher),
        pictures=await stack.enter_async_context(SandboxedPictures()),
        status=Recent(await stack.enter_async_context(looking)).seen,
        shelf=open_shelf(settings),
    )
    probes = {
        "broker": publisher.probe,
        "database": read_model.probe,
        "documents": documents.probe,
        "projection": progress.probe,
    }
    return create_api(ports, probes, tracing=tracing), projection


async def _partitions(settings: Settings) -> int:
    partitions, _wrong = await compare_topics(settings)
    return partitions


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work, name=name)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task


def _keyring(settings: Settings) -> Keyring:
    keyring = load_keyring(settings)
    if keyring:
        return keyring
    keyring, key = one_off_keyring()
    # Not through the log, which is kept: whoever starts the process sees it once.
    print(f"No API keys are configured. This one has every role until this process ends: {key}", file=sys.stderr)  # noqa: T201 - see above
    return keyring
