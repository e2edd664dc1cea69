"""What a shell and its step say to each other, and what a shell needs of the world. Values and ports, no behaviour."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from schemas.envelope import Envelope
from schemas.events import DocumentState
from schemas.topics import Topic
from schemas.trace import TraceContext
from tables.releases import Running

E = TypeVar("E", bound=BaseModel)


@dataclass(frozen=True)
class Subject:
    """Whom an event is about."""

    tenant: str
    document_id: str | None = None
    invoice_key: str | None = None
    command_id: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a record stood, under which envelope it came, and the digest of its bytes.

    `trace` is the span under which the stage works on it: a function of the stage and the record.
    """

    envelope: Envelope
    topic: str
    partition: int
    offset: int
    digest: str
    trace: TraceContext

    @property
    def where(self) -> str:
        """Return topic, partition and offset in one word."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    def __str__(self) -> str:
        return f"{self.where}/{self.digest}"


@dataclass(frozen=True)
class Arrival(Generic[E]):
    """One decoded record, its place, and the release under which the stage works on it."""

    event: E
    place: Place
    running: Running


@dataclass(frozen=True)
class Emission:
    """One record to write. `partition` is given only where the key does not decide it."""

    topic: Topic
    key: str
    event: BaseModel
    partition: int | None = None


@dataclass(frozen=True)
class Written:
    """Where the broker put a record, and the digest of its bytes."""

    topic: str
    partition: int
    offset: int
    digest: str


@dataclass(frozen=True)
class Retelling:
    """What stands now, where an old event was delivered again: its own answer is history, and only the audit's.

    The status and what the next stage hears are of now; the audit entry is that of then, byte by byte. `state` None
    leaves the status to whom the next stage leads to. `release` made what stands, where that is another one.
    """

    state: DocumentState | None
    reasons: tuple[str, ...]
    explanation: str
    then: tuple[Emission, ...]
    release: str | None = None


@dataclass(frozen=True)
class Effects:
    """What a step wants to happen. `state` None leaves the document's status as it is.

    `also_read` are digests of earlier records that the step rests on beside its event: what a person looked at.
    `standing` are digests of records that an earlier delivery of the same event has written already: the audit entry
    names them as it did then. `correlation_id` is given where the story is an older one than the event's own: a bank's
    report belongs to the document that was paid. `links` are traceparents of what joins here from other traces: the
    decision that a person looked at, the command that a bank speaks of. `park` is the reason why the event cannot be
    dealt with now, through no fault of its own: it is kept as a dead letter, from which it is replayed. `release` is
    named in status and audit entry where it is not the one under which the stage works: what was answered before was
    answered by the release of then.
    """

    subject: Subject
    outcome: str
    state: DocumentState | None = None
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    command_ids: tuple[str, ...] = ()
    actor: str | None = None
    first: tuple[Emission, ...] = ()
    then: tuple[Emission, ...] = ()
    remember: Callable[[tuple[Written, ...]], Awaitable[None]] | None = None
    also_read: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    correlation_id: str | None = None
    links: tuple[str, ...] = ()
    retelling: Retelling | None = None
    park: str | None = None
    release: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """A record as the broker is to have it."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    partition: int | None = None


@dataclass(frozen=True)
class DeadLetter:
    """A record that a stage cannot digest: its original bytes, and why."""

    stage: str
    topic: Topic
    partition: int
    offset: int
    timestamp: float | None
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    reason: str
    detail: str


@dataclass(frozen=True)
class Observation:
    """One event that a stage has dealt with, for whoever counts. `event` is None where it could not be decoded."""

    stage: str
    event: BaseModel | None
    effects: Effects
    place: Place
    seconds: float


class Traced(Protocol):
    """One event on its way through a stage, as whoever looks at traces and logs is told of it."""

    def concerns(self, subject: Subject) -> None:
        """Take note of whom the event is about: the record is decoded."""

    def came_to(self, effects: Effects) -> None:
        """Take note of what the step wants to happen, before it is written."""


class InForce(Protocol):
    """Which release deals with what (docs/decisions/0030)."""

    @property
    def active(self) -> Running:
        """Return the release in force, as far as it is known by now: for what is about no document."""

    async def choose(self, document_id: str) -> Running:
        """Return the release for a document that no record has named one for, active or canary."""

    async def named(self, name: str, document_id: str) -> Running:
        """Return the release that a record names; where it is not to be had here, what `choose` says."""


class Ports(Protocol):
    """What a shell needs of the world; app/ implements it."""

    @property
    def releases(self) -> InForce:
        """Return which release deals with what."""

    def now(self) -> datetime:
        """Return the time of the clock, in UTC."""

    async def deliver(self, record: Outgoing) -> Written:
        """Write one record and wait for the broker; end the process if it cannot be done."""

    async def bury(self, letter: DeadLetter) -> None:
        """Write a dead letter and wait for the broker; end the process if it cannot be done."""

    def observe(self, seen: Observation) -> None:
        """Count one event and how long it took."""

    def samples(self, trace_id: str) -> bool:
        """Tell whether the spans of a trace that begins here are kept."""

    def traced(self, stage: str, place: Place) -> AbstractContextManager[Traced]:
        """Return the span `place.trace`, open while the stage works on the event."""


class Window(Protocol):
    """Runs events side by side, one at a time a key, and settles them in order (app/stream/windows.py)."""

    async def admit(self, event: Any, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        """Start the work as soon as there is room."""


Step = Callable[[Arrival[E]], Awaitable[Effects]]
Agent = Callable[[Any], Awaitable[None]]
