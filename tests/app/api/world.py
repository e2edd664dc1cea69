"""The world of the API in one process: real database, real folder, and a log in memory that is projected at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import BaseModel

from app.api.application import create_api
from app.api.keys import Keyring, Principal, Role, digest_of
from app.api.meters import ApiMeter
from app.api.ports import Ports
from app.audit_log.tenant_logs import StoredLogs
from app.documents import DocumentsConfig, open_documents
from app.publishing import Published, Unpublished, envelope_of, key_of
from app.quality.pictures import SandboxedPictures
from app.quality.shelf import FolderObjects, Shelf
from app.readmodel.database import open_database
from app.readmodel.progress import Progress
from app.readmodel.projection import PROJECTED_TOPICS
from app.readmodel.queries import ReadModel
from app.readmodel.record import Read
from app.readmodel.remembered import Remembered
from app.readmodel.store import ProjectionStore
from app.releases.desk import Desk
from app.settings import Settings
from schemas.codec import decode, encode
from schemas.events import SupplierChanged
from schemas.invoice import PostalAddress
from schemas.payment import Debtor
from schemas.release import ReleaseChanged
from schemas.topics import DOCUMENT_RECEIVED, RELEASE_CHANGED, SUPPLIER_CHANGED, Topic
from tables.releases import Releases
from tables.suppliers import Directory
from tests.audit_log.logs import KEY, ORIGIN

ROLES: tuple[Role, ...] = ("submitter", "reviewer", "approver", "auditor", "operator")


class MemoryLog:
    """A publisher that keeps records in memory, one partition a topic. Held to tests/app/api/test_publishing.py."""

    def __init__(self) -> None:
        self.records: defaultdict[str, list[Read]] = defaultdict(list)
        self.refusal: Unpublished | None = None
        self.refused: Topic | None = None  # the refusal is of this topic only
        self.lose_confirmation_of: Topic | None = None  # written, but nobody is told
        self.store: ProjectionStore | None = None
        self.progress: Progress | None = None
        self.announced = asyncio.Event()  # a document.received was written

    async def publish(
        self, topic: Topic, event: BaseModel, *, key: str | None = None, correlation_id: str | None = None
    ) -> Published:
        if self.refusal is not None and self.refused in {None, topic}:
            raise self.refusal
        value, at = encode(event), datetime.now(UTC)
        envelope = envelope_of(topic, value, source="test", time=at, correlation_id=correlation_id)
        log = self.records[topic.name]
        written = (key or key_of(topic, event)).encode()
        read = Read(topic.name, 0, len(log), value, written, int(at.timestamp() * 1000), envelope.headers())
        log.append(read)
        await self._project(read)
        if topic is DOCUMENT_RECEIVED:
            self.announced.set()
        if topic is self.lose_confirmation_of:
            raise Unpublished("BROKER-TIMEOUT", "the confirmation was lost")
        return Published(0, read.offset, envelope)

    async def write(self, topic: Topic, event: BaseModel, *, key: str | None = None) -> None:
        """Write as a stage does."""
        await self.publish(topic, event, key=key or getattr(event, topic.key, "k"))

    def events(self, topic: Topic) -> list[BaseModel]:
        return [decode(read.value, topic.event) for read in self.records[topic.name]]

    async def _project(self, read: Read) -> None:
        if self.store is not None and self.progress is not None and read.topic in PROJECTED_TOPICS:
            await self.store.apply([read], {(read.topic, 0): read.offset})
            self.progress.note({(read.topic, 0): read.offset + 1})


@dataclass
class KnownSuppliers:
    """The supplier directory, as the log in memory has it."""

    log: MemoryLog

    async def directory(self) -> Directory:
        directory = Directory()
        for event in self.log.events(SUPPLIER_CHANGED):
            assert isinstance(event, SupplierChanged)
            directory.apply(event.supplier)
        return directory


@dataclass
class KnownReleases:
    """The story of the releases, as the log in memory has it."""

    log: MemoryLog

    async def releases(self) -> Releases:
        known = Releases("test")
        for read in self.log.records[RELEASE_CHANGED.name]:
            known.apply(decode(read.value, ReleaseChanged), read.offset)
        return known

    async def reached(self, _offset: int) -> None:
        """Return at once: the log is looked at anew each time."""


@dataclass
class Ticking:
    """A clock that goes on by a second whenever it is looked at."""

    moment: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass
class World:
    """What a test of the API holds in its hands."""

    log: MemoryLog
    ports: Ports
    client: httpx.AsyncClient


def bearer(name: str) -> dict[str, str]:
    """Return the header with the key of one of the world's principals."""
    return {"Authorization": f"Bearer key-{name}"}


def keyring() -> Keyring:
    """Return a key for each role, named as it is; `ann` and `bob` with all of them; `eve` of another tenant."""
    principals = [
        *(Principal(role, frozenset({role})) for role in ROLES),
        Principal("ann", frozenset(ROLES)),
        Principal("bob", frozenset(ROLES)),
        Principal("eve", frozenset(ROLES), "other"),
    ]
    return Keyring((digest_of(f"key-{principal.name}"), principal) for principal in principals)


def audit_settings(folder: Path) -> Settings:
    """Return where the world's sealed logs are, and whose keys count."""
    keys = folder / "audit.keys"
    keys.write_text(f"{KEY.named(ORIGIN)}\n")
    return Settings(audit=f"file://{folder}/audit", audit_known_keys_file=keys)


async def one_partition() -> int:
    return 1


@asynccontextmanager
async def running_world(folder: Path) -> AsyncIterator[World]:
    """Build a world in an empty folder."""
    engine = open_database(f"sqlite:///{folder}/read.db")
    log, progress = MemoryLog(), Progress(failure=None, caught_up=True)
    log.store, log.progress = ProjectionStore(engine), progress
    await log.store.create()
    async with (
        open_documents(DocumentsConfig(location=f"file://{folder}/documents")) as documents,
        SandboxedPictures() as pictures,
    ):
        ports = Ports(
            read_model=ReadModel(engine),
            remembered=Remembered(engine),
            publisher=log,
            documents=documents,
            keyring=keyring(),
            meter=ApiMeter(),
            progress=progress,
            now=Ticking().now,
            release="test",
            reference=KnownSuppliers(log),
            debtors={
                "default": Debtor(
                    name="Quittance SAS",
                    account="DE89370400440532013000",
                    postal_address=PostalAddress(town="Berlin", country="DE"),
                )
            },
            audit=StoredLogs(audit_settings(folder), one_partition),
            releases=Desk(KnownReleases(log), log),
            pictures=pictures,
            shelf=Shelf(FolderObjects(folder / "quality")),
        )
        app = create_api(ports, {"projection": progress.probe, "database": ports.read_model.probe})
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=bearer("ann")) as client:
            yield World(log, ports, client)
    await engine.dispose()
