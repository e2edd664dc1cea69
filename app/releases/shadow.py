"""Lets a second release read live documents, aside: what cannot be read in time is skipped, and counted.

A shadow is looked at for its share. Of a canary every document is read by the active release as well: that is where
the guard sees whether both would pay the same. It reads in a sandbox of its own, behind everything else that the
machine has to do, and is opened when there is something to look at.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from agents.extraction.agent import Unavailable
from app.documents import open_documents
from app.extraction import READER, SandboxedReader, StoredDocuments, documents_config
from app.kafka_client import client_arguments
from app.publishing import Publisher, Unpublished
from app.releases.following import Book
from app.releases.looking import Looking
from app.releases.telemetry import QualityTelemetry
from app.rules import OfficialRules
from app.sandbox import Sandbox
from app.settings import Settings
from schemas.codec import Undecodable, decode
from schemas.comparison import Purpose
from schemas.events import InvoiceExtracted
from schemas.payment import Debtor
from schemas.topics import INVOICE_EXTRACTED, RELEASE_COMPARED
from tables.reference import Reference
from tables.releases import Releases, Running

log = logging.getLogger(__name__)

GROUP = "quittance-shadow"
# One child: a shadow is to cost at most one processor, and only what nobody else wants of it.
PROCESSES = 1
NICENESS = 19
# Documents that wait to be looked at: half a minute of one child. Beyond, newer ones are skipped.
WAITING_MAX = 200
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0


@dataclass(frozen=True)
class Task:
    """A document to read under `other`, beside the release that has read it."""

    event: InvoiceExtracted
    read_by: Running
    other: Running
    purpose: Purpose


class Shadow:
    """Compares releases on live documents."""

    def __init__(
        self,
        settings: Settings,
        book: Book,
        suppliers: Reference,
        debtors: Mapping[str, Debtor],
        publisher: Publisher,
        telemetry: QualityTelemetry,
        now: Callable[[], datetime],
    ) -> None:
        """`publisher` writes `release.compared` and refuses everything else (app/releases/looking.py)."""
        self._settings = settings
        self._book = book
        self._suppliers = suppliers
        self._debtors = debtors
        self._publisher = publisher
        self._telemetry = telemetry
        self._now = now
        self._waiting: asyncio.Queue[Task] = asyncio.Queue(WAITING_MAX)

    async def run(self, stop: asyncio.Event) -> None:
        """Look on until `stop` is set; a broker that is away is waited for."""
        looking = asyncio.create_task(self._look())
        try:
            while not stop.is_set() and not looking.done():
                try:
                    await self._follow(stop, looking)
                except KafkaError as failed:
                    log.warning("the shadow cannot follow just now: %s", failed)
                    await asyncio.sleep(RETRY_SECONDS)
            if looking.done():
                looking.result()  # it ends by a bug alone, which is raised here
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _follow(self, stop: asyncio.Event, looking: asyncio.Task[None]) -> None:
        """Take note of documents to look at. They are committed at once: a shadow may miss some, and never lags."""
        consumer = AIOKafkaConsumer(
            INVOICE_EXTRACTED.name,
            **client_arguments(self._settings),
            group_id=GROUP,
            auto_offset_reset="latest",
            session_timeout_ms=self._settings.session_timeout_seconds * 1000,
        )
        try:
            await consumer.start()
            while not stop.is_set() and not looking.done():
                found = await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000))
                known = await self._book.releases()
                if known.shadow is None and known.canary is None:
                    continue
                for records in found.values():
                    for record in records:
                        self._note(record.value, known)
        finally:
            await consumer.stop()

    def _note(self, value: bytes | None, known: Releases) -> None:
        try:
            event = decode(value, InvoiceExtracted)
        except Undecodable:
            return
        for task in tasks(event, known):
            if self._waiting.full():
                self._telemetry.skipped.labels("busy").inc()
            else:
                self._waiting.put_nowait(task)

    async def _look(self) -> None:
        first = await self._waiting.get()
        async with self._opened() as looking:
            await self._compare(looking, first)
            while True:
                await self._compare(looking, await self._waiting.get())

    async def _compare(self, looking: Looking, task: Task) -> None:
        found = await looking.look(task.event, task.read_by, task.other, purpose=task.purpose, at=self._now())
        if isinstance(found, Unavailable):
            self._telemetry.skipped.labels("unavailable").inc()
            return
        try:
            await self._publisher.publish(RELEASE_COMPARED, found)
        except Unpublished as failed:
            log.warning("a comparison was not written: %s", failed)
            self._telemetry.skipped.labels("unavailable").inc()
            return
        self._telemetry.compared.labels(task.purpose, str(found.differs).lower()).inc()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Looking]:
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_documents(documents_config(self._settings)))
            sandbox = await stack.enter_async_context(Sandbox(READER, PROCESSES, watch=behind_everything))
            rules = await stack.enter_async_context(OfficialRules())
            required = self._settings.official_rules == "required"
            reader = SandboxedReader(sandbox, rules, rules_required=required)
            yield Looking(StoredDocuments(store), reader, self._suppliers, self._debtors)


def tasks(event: InvoiceExtracted, known: Releases) -> Iterator[Task]:
    """Yield under which other releases a document is to be read. One of unknown releases cannot be compared."""
    document_id, read_by = event.received.document_id, known.named(event.release)
    if read_by is None:
        return
    shadow = known.shadowed(document_id)
    if shadow is not None and shadow.name != read_by.name:
        yield Task(event, read_by, shadow, "shadow")
    if known.canary is not None and read_by.name == known.canary.name:
        yield Task(event, read_by, known.active, "canary")


@contextmanager
def behind_everything(child: int) -> Iterator[None]:
    """Let a child read with what processor time nobody else wants."""
    with suppress(ProcessLookupError):  # it has died meanwhile, and whoever reads from it will say so
        os.setpriority(os.PRIO_PROCESS, child, NICENESS)
    yield
