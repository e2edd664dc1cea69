"""The whole chain in one process over a list of records: the stages of the bench, each fed with what the others wrote.

Time is made by hand, a second a record, so that everything that comes out is the same in every run.
"""

import base64
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel

from agents.extraction.agent import Unavailable
from agents.extraction.reading import read as read_bytes
from app.dossier import STAGES, Dossier, Exhibit, Index, exhibit_of
from app.local.samples import Sample, SampleSet, supplier_csv
from app.readmodel.record import Read
from app.replay import Bench, Readers
from app.suppliers import parse_suppliers
from schemas.codec import encode
from schemas.decision import ReviewSubmitted
from schemas.envelope import Envelope
from schemas.events import DocumentReceived, PaymentDecided, SupplierChanged
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.identifiers import digest, document_id, record_id
from schemas.payment import CancellationRequested, Debtor, PaymentInitiated, PaymentStatusReported
from schemas.release import Bundle, Learned, ReleaseChanged
from schemas.supplier import Supplier
from schemas.topics import (
    DOCUMENT_RECEIVED,
    PAYMENT_CANCELLATION,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_STATUS,
    RELEASE_CHANGED,
    REVIEW_SUBMITTED,
    SUPPLIER_CHANGED,
    Topic,
)
from tables.releases import Running
from tables.suppliers import Directory
from tests.local.samples.chain import debtor_of

E = TypeVar("E", bound=BaseModel)

EPOCH = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# A detached JWS by its form: only its header is ever read here.
_HEADER = base64.urlsafe_b64encode(b'{"alg":"EdDSA","kid":"5a1e"}').decode().rstrip("=")
SIGNATURE = f"{_HEADER}..c2lnbmF0dXJl"
RELEASE = "0.1.0+samples00000"
_STAGE_OF = {topic.name: stage for stage, topic in STAGES.items()}


class Shelf:
    """A document store that is a dict."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.away = False

    async def fetch(self, _reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        if self.away:
            return Unavailable("DOCUMENTS-UNAVAILABLE", "the store is away")
        found = self.contents.get(document_id)
        return Unreadable(reason="DOCUMENT-MISSING", detail="nothing lies there") if found is None else found


class Reading:
    """The pure reader, in this process; what is in `known` was read before, by the reader of that day."""

    def __init__(self, known: Mapping[str, ExtractedInvoice | Unreadable] | None = None) -> None:
        self.known = dict(known or {})

    async def read(self, content: bytes, learned: Learned) -> ExtractedInvoice | Unreadable:
        name = document_id(content)
        if name not in self.known:
            self.known[name] = read_bytes(content, learned=learned)
        return self.known[name]


@dataclass
class World:
    """Records so far, and the clock of the next one."""

    samples: SampleSet
    release: str = RELEASE
    bundle: Bundle = field(default_factory=lambda: Bundle(code=RELEASE))
    reads: list[Read] = field(default_factory=list)
    now: datetime = EPOCH
    reading: Reading = field(default_factory=Reading)
    _ends: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.shelf = Shelf()
        self.readers = Readers(self.shelf, self.reading)
        self.debtors: dict[str, Debtor] = {"default": debtor_of(self.samples.debtor)}
        self._bench = Bench(self.readers.documents, self.readers.reader, self.debtors, lambda _content: SIGNATURE)
        self._done = 0
        self._directory = Directory()
        self._indexed: tuple[int, Index, tuple[Exhibit, ...]] = (-1, Index(), ())

    def suppliers(self) -> tuple[Supplier, ...]:
        content = supplier_csv(self.samples.suppliers).encode()
        return tuple(parse_suppliers(content, verified_by="carla", verified_at=self.now))

    def know(self, *suppliers: Supplier, by: str = "carla") -> None:
        """Publish reference data; everybody of the set without arguments."""
        for supplier in suppliers or self.suppliers():
            event = SupplierChanged(supplier=supplier, changed_by=by, changed_at=self.now)
            self.publish(SUPPLIER_CHANGED, supplier.supplier_id, event)

    def send(self, sample: Sample, *, by: str | None = None, analysis: int = 0) -> None:
        """Store a document and say that it is there."""
        self.shelf.contents[sample.document_id] = sample.content
        received = DocumentReceived(
            document_id=sample.document_id,
            reference=f"file:///documents/{sample.name}",
            media_type=sample.media_type,
            size_bytes=len(sample.content),
            source="erp-7",
            received_at=self.now,
            submitted_by=by,
            analysis=analysis,
        )
        self.publish(DOCUMENT_RECEIVED, sample.document_id, received)

    def review(self, sample: Sample, action: str, by: str, reason: str = "",
               corrections: Mapping[str, str | None] | None = None) -> None:  # fmt: skip
        """Have a person act on a document, who looks at its last decision."""
        decided = [event.decision for event in self.events(PAYMENT_DECIDED, PaymentDecided)]
        seen = [decision for decision in decided if decision.document_id == sample.document_id][-1]
        event = ReviewSubmitted.model_validate(
            {
                "review_id": f"review-{len(self.reads)}",
                "document_id": sample.document_id,
                "invoice_key": seen.invoice_key,
                "action": action,
                "reviewer": by,
                "reason": reason,
                "evidence_digest": seen.evidence_digest,
                "corrections": corrections or {},
                "submitted_at": self.now,
            }
        )
        self.publish(REVIEW_SUBMITTED, seen.invoice_key, event)

    def report(self, command_id: str, status: str, reason_code: str | None = None) -> None:
        """Have the bank say something of a command."""
        event = PaymentStatusReported.model_validate(
            {"command_id": command_id, "status": status, "reason_code": reason_code, "at": self.now}
        )
        self.publish(PAYMENT_STATUS, command_id, event)

    def cancel(self, command_id: str, by: str, reason: str = "") -> None:
        """Have somebody want a command back."""
        event = CancellationRequested(
            command_id=command_id, tenant="default", requested_by=by, reason=reason, requested_at=self.now
        )
        self.publish(PAYMENT_CANCELLATION, command_id, event)

    def publish(self, topic: Topic, key: str, event: BaseModel) -> None:
        """Write what an outsider writes."""
        value = encode(event)
        identifier = record_id(topic.name, digest(value))
        envelope = Envelope(
            id=identifier, type=topic.name, source="erp-7", time=self.now, correlation_id=identifier
        )  # fmt: skip
        self._append(topic.name, key.encode(), value, envelope.headers())

    def poison(self, topic: Topic, key: str, value: bytes) -> None:
        """Write bytes that are no event."""
        self._append(topic.name, key.encode(), value, {})

    def promote(self, bundle: Bundle) -> None:
        """Have all that comes now dealt with by a release, which stands on its topic."""
        change = ReleaseChanged(
            release_id=bundle.release_id, state="active", changed_by="ada", changed_at=self.now, bundle=bundle
        )
        self.publish(RELEASE_CHANGED, bundle.release_id, change)
        self.release, self.bundle = bundle.release_id, bundle

    async def run(self, steps_max: int | None = None) -> None:
        """Let the stages work until nothing is left to do, or so many of them have worked."""
        worked = 0
        while self._done < len(self.reads) and worked != steps_max:
            read = self.reads[self._done]
            self._done += 1
            event = exhibit_of(read).event
            if isinstance(event, SupplierChanged):
                self._directory.apply(event.supplier)
            if (stage := _STAGE_OF.get(read.topic)) is not None:
                worked += 1
                ran = await self._bench.run(
                    stage, read, release=Running(self.release, self.bundle), directory=self._directory
                )
                for record in ran.outgoing:
                    self._append(record.topic, record.key, record.value, record.headers)

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)

    def events(self, topic: Topic, model: type[E]) -> list[E]:
        """Return what stands on a topic."""
        found = (exhibit_of(read).event for read in self.reads if read.topic == topic.name)
        return [event for event in found if isinstance(event, model)]

    def commands(self, sample: Sample) -> list[str]:
        """Return the ids of the commands that pay a document."""
        events = self.events(PAYMENT_INITIATED, PaymentInitiated)
        return [event.command_id for event in events if event.document_id == sample.document_id]

    def dossier(self, sample: Sample) -> Dossier:
        """Return the file on a document; the records are looked through once, as long as there are no more."""
        if self._indexed[0] != len(self.reads):
            self._indexed = len(self.reads), Index(self.reads), _changes(self.reads)
        _, index, changes = self._indexed
        return Dossier.of(sample.document_id, index, changes, _changes(self.reads, RELEASE_CHANGED))

    def _append(self, topic: str, key: bytes | None, value: bytes | None, headers: Mapping[str, bytes]) -> None:
        moment = int(self.now.timestamp() * 1000)
        self.reads.append(Read(topic, 0, self._ends[topic], value, key, moment, dict(headers)))
        self._ends[topic] += 1
        self.now += timedelta(milliseconds=40)


def dossier_of(reads: list[Read], document_id: str) -> Dossier:
    return Dossier.of(document_id, Index(reads), _changes(reads), _changes(reads, RELEASE_CHANGED))


def _changes(reads: list[Read], topic: Topic = SUPPLIER_CHANGED) -> tuple[Exhibit, ...]:
    return tuple(exhibit_of(read) for read in reads if read.topic == topic.name)
