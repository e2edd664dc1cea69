"""The real stages over tables that are dicts, one record at a time; what they write is kept and goes nowhere.

It is the stages' own agents that run here, shell and all, not a second version of the chain: what a replay says of them
is true of them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from agents.decision.agent import decision
from agents.decision.policy import DEFAULT_POLICY
from agents.effects import Agent, DeadLetter, Effects, Observation, Outgoing, Place, Subject, Written
from agents.extraction.agent import Documents, Reader, extraction
from agents.normalization.agent import normalization
from agents.payment.agent import payment
from agents.payment.command import Signer
from agents.review.agent import review
from agents.settlement.agent import cancellation, issuing, settlement
from agents.validation.agent import validation
from app.readmodel.record import Read
from schemas.events import InvoiceNormalized
from schemas.identifiers import digest
from schemas.payment import Debtor
from schemas.policy import Policy
from schemas.release import Bundle
from schemas.topics import AUDIT_ENTRY, DOCUMENT_STATUS
from tables.documents import DocumentFile
from tables.invoices import InvoiceRecord
from tables.keyed import Keyed
from tables.payments import IssuedCommand, LedgerPosition, Payments
from tables.releases import Running
from tables.settlements import Settlements
from tables.suppliers import Directory

# The clock stands in the statuses alone, and these are not compared: a replay has no time of its own.
NO_TIME = datetime.fromtimestamp(0, tz=UTC)


@dataclass(frozen=True)
class Ran:
    """What one record led to, in the order of writing."""

    outgoing: tuple[Outgoing, ...]
    letters: tuple[DeadLetter, ...] = ()

    @property
    def entry(self) -> Outgoing | None:
        """Return the audit entry."""
        return next((record for record in self.outgoing if record.topic == AUDIT_ENTRY.name), None)

    @property
    def written(self) -> tuple[Outgoing, ...]:
        """Return what the entry speaks of: all but itself and the status."""
        return tuple(r for r in self.outgoing if r.topic not in {AUDIT_ENTRY.name, DOCUMENT_STATUS.name})


class _Memory:
    """The ledger's tables."""

    def __init__(self) -> None:
        self._invoices: dict[str, Any] = {}
        self._held: dict[str, Any] = {}
        self._documents: dict[str, Any] = {}
        self.documents = Keyed(self._documents, DocumentFile)
        self.invoices = Keyed(self._invoices, InvoiceRecord)
        self.held = Keyed(self._held, InvoiceNormalized)
        self.settlements = Settlements({})
        self._payments = Payments(Keyed({}, IssuedCommand), Keyed({}, LedgerPosition))

    def copy(self) -> tuple[dict[str, Any], ...]:
        """Return the invoices as they are; records are replaced and never changed in place."""
        return dict(self._invoices), dict(self._held), dict(self._documents)

    def restore(self, copied: tuple[dict[str, Any], ...]) -> None:
        """Put back what was copied."""
        for mapping, before in zip((self._invoices, self._held, self._documents), copied, strict=True):
            mapping.clear()
            mapping.update(before)

    async def confirmed(self) -> None:
        """Return at once: a dict has every change."""

    async def payments(self, _partition: int) -> Payments:
        """Return the commands issued."""
        return self._payments


@dataclass
class _Releases:
    """The one release of the record that is replayed: what was chosen then is known, and not chosen again."""

    active: Running

    async def choose(self, _document_id: str) -> Running:
        return self.active

    async def named(self, _name: str, _document_id: str) -> Running:
        return self.active


class _Ports:
    """Keeps what is written. The release is set before each record."""

    def __init__(self, locate: Callable[[str, str], tuple[int, int] | None]) -> None:
        self.releases = _Releases(Running.of(Bundle(code="")))
        self.written: list[Outgoing] = []
        self.letters: list[DeadLetter] = []
        self._locate = locate

    def now(self) -> datetime:
        return NO_TIME

    async def deliver(self, record: Outgoing) -> Written:
        self.written.append(record)
        name = digest(record.value or b"")
        partition, offset = self._locate(record.topic, name) or (record.partition or 0, len(self.written))
        return Written(record.topic, partition, offset, name)

    async def bury(self, letter: DeadLetter) -> None:
        self.letters.append(letter)

    def observe(self, seen: Observation) -> None:
        """Count nothing."""

    def samples(self, _trace_id: str) -> bool:
        return False

    def traced(self, _stage: str, _place: Place) -> AbstractContextManager["_Ports"]:
        return nullcontext(self)

    def concerns(self, subject: Subject) -> None:
        """Take no note."""

    def came_to(self, effects: Effects) -> None:
        """Take no note."""


class _AtOnce:
    """A window of one event."""

    async def admit(self, _event: Any, _key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        await work()


@dataclass
class _Reference:
    """The directory as somebody has set it."""

    current: Directory = field(default_factory=Directory)

    async def directory(self) -> Directory:
        return self.current


class _OneEvent:
    """A stream of one event."""

    def __init__(self, event: Any) -> None:
        self._event = event

    def noack(self) -> "_OneEvent":
        return self

    async def events(self) -> AsyncIterator[Any]:
        yield self._event


class Bench:
    """All stages, with an empty memory. Records must come in the order in which they were dealt with."""

    def __init__(
        self,
        documents: Documents,
        reader: Reader,
        debtors: Mapping[str, Debtor],
        sign: Signer,
        *,
        policy: Policy = DEFAULT_POLICY,
        locate: Callable[[str, str], tuple[int, int] | None] = lambda _topic, _digest: None,
    ) -> None:
        """`locate(topic, digest)` tells where a record stands that the stages write once more."""
        ports = self._ports = _Ports(locate)
        reference = self._reference = _Reference()
        window = _AtOnce()
        memory = self._memory = _Memory()
        self._agents: dict[str, Agent] = {
            "extraction": extraction(ports, window, documents, reader),
            "normalization": normalization(ports, window, memory, reference),
            "validation": validation(ports, window, reference, debtors),
            "decision": decision(ports, window, memory, debtors, policy),
            "review": review(ports, window, memory, reference),
            "payment": payment(ports, window, memory, debtors, sign),
            "issuing": issuing(ports, window, memory),
            "settlement": settlement(ports, window, memory),
            "cancellation": cancellation(ports, window, memory),
        }

    async def attempt(self, stage: str, read: Read, *, release: Running, directory: Directory | None = None) -> Ran:
        """As `run`, and forget it: to try the stage on another state of what it asks."""
        before = self._memory.copy()
        ran = await self.run(stage, read, release=release, directory=directory)
        self._memory.restore(before)
        return ran

    async def run(self, stage: str, read: Read, *, release: Running, directory: Directory | None = None) -> Ran:
        """Give one record to a stage, as the worker of that release had it."""
        ports = self._ports
        ports.releases.active, ports.written, ports.letters = release, [], []
        if directory is not None:
            self._reference.current = directory
        message = SimpleNamespace(
            topic=read.topic,
            partition=read.partition,
            offset=read.offset,
            key=read.key,
            value=read.value,
            timestamp=read.timestamp_ms / 1000,
        )
        await self._agents[stage](_OneEvent(SimpleNamespace(message=message, headers=dict(read.headers))))
        return Ran(tuple(ports.written), tuple(ports.letters))
