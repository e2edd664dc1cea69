"""The extraction stage: document bytes in, what the document says out."""

from dataclasses import dataclass
from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window
from agents.stage import Stage
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Assistant, Bundle, Learned
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_EXTRACTED
from tables.releases import Running


@dataclass(frozen=True)
class Unavailable:
    """The document cannot be had or read now, and that is not its fault: it is put aside, to be replayed."""

    reason: str
    detail: str


class Documents(Protocol):
    """Where bytes come from, hash verified."""

    async def fetch(self, reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        """Return the bytes, or why there are none: for good, or for now."""


class Reader(Protocol):
    """What reads bytes, in a limited child process."""

    async def read(self, content: bytes, learned: Learned) -> ExtractedInvoice | Unreadable | Unavailable:
        """Return what the document says, read with what the release has learned.

        A dead child is an `Unreadable` with its reason; a machine without time to read is `Unavailable`.
        """


class Helper(Protocol):
    """What may be asked for values that a reader did not find; only a release that names an assistant asks it."""

    async def suggest(self, content: bytes, extracted: ExtractedInvoice, assistant: Assistant) -> ExtractedInvoice:
        """Return the reading with suggestions, or as it was. It never fails."""


def extraction(
    ports: Ports, window: Window, documents: Documents, reader: Reader, helper: Helper | None = None
) -> Agent:
    """Return the agent that reads `document.received`."""

    async def read(received: DocumentReceived, bundle: Bundle) -> ExtractedInvoice | Unreadable | Unavailable:
        content = await documents.fetch(received.reference, received.document_id)
        if not isinstance(content, bytes):
            return content
        found = await reader.read(content, bundle.learned)
        if helper is None or bundle.assistant is None or not isinstance(found, ExtractedInvoice):
            return found
        return await helper.suggest(content, found, bundle.assistant)

    async def step(arrival: Arrival[DocumentReceived]) -> Effects:
        received, running, subject = arrival.event, arrival.running, about(arrival.event)
        match await read(received, running.bundle):
            case ExtractedInvoice() as extracted:
                event = InvoiceExtracted(
                    received=received,
                    extracted=extracted,
                    release=running.name,
                    event_time=received.received_at or arrival.place.envelope.time,
                )
                emission = Emission(INVOICE_EXTRACTED, received.document_id, event)
                return Effects(subject, "extracted", "extracted", then=(emission,))
            case Unreadable(reason=reason, detail=detail):
                return Effects(subject, "rejected", "rejected", (reason,), detail)
            case Unavailable(reason=reason, detail=detail):
                return Effects(subject, "parked", "held", (reason,), detail, park=reason)

    async def under(received: DocumentReceived) -> Running:
        return await ports.releases.choose(received.document_id)

    return Stage("extraction", DOCUMENT_RECEIVED, DocumentReceived, step, about, ports, window, under=under).agent()


def about(received: DocumentReceived) -> Subject:
    """Name whom the event concerns."""
    return Subject(received.tenant, received.document_id)
