"""The normalization stage: EN 16931 terms, and the InvoiceKey that brings all that concerns one invoice together."""

from functools import partial
from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window, Written
from agents.normalization.normalization import normalize
from agents.stage import Stage
from schemas.events import DocumentReceived, InvoiceExtracted, InvoiceNormalized
from schemas.evidence import PAYMENT_CRITICAL, FieldName
from schemas.finding import Finding
from schemas.topics import INVOICE_EXTRACTED, INVOICE_NORMALIZED
from tables.documents import DocumentFile, Reading, document_key
from tables.keyed import Keyed
from tables.keys import key_of
from tables.reference import Reference
from tables.releases import Running
from tables.suppliers import Directory

READ_OTHERWISE = Finding(
    rule="READ-OTHERWISE", severity="error", message="the same document was read as another invoice before"
)
# Reference data change with time, and what a document says by itself does not.
NOBODY = Directory()
# What a payment may rest on: where the payable is not stated, the total with VAT stands in for it.
JUDGED: tuple[FieldName, ...] = (*PAYMENT_CRITICAL, "invoice_total_amount_with_vat")


class Memory(Protocol):
    """How each document was read first, and the broker's word for what was written."""

    documents: Keyed[DocumentFile]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def normalization(ports: Ports, window: Window, memory: Memory, reference: Reference) -> Agent:
    """Return the agent that reads `invoice.extracted`."""

    async def step(arrival: Arrival[InvoiceExtracted]) -> Effects:
        received, directory = arrival.event.received, await reference.directory()
        normalized, file = read(arrival, directory, known(memory, received))
        key = normalized.invoice_key
        return Effects(
            Subject(received.tenant, received.document_id, key),
            "normalized",
            "normalized",
            then=(Emission(INVOICE_NORMALIZED, key, normalized),),
            remember=partial(keep, memory, received, file),
        )

    async def under(event: InvoiceExtracted) -> Running:
        return await ports.releases.named(event.release, event.received.document_id)

    return Stage("normalization", INVOICE_EXTRACTED, InvoiceExtracted, step, about, ports, window, under=under).agent()


def read(
    arrival: Arrival[InvoiceExtracted], directory: Directory, file: DocumentFile
) -> tuple[InvoiceNormalized, DocumentFile]:
    """Return the invoice under its key, and the document's file with this reading.

    Where the document was read as another invoice before, it goes to that one's key: what was decided there stands, and
    nothing is decided anew without a person.
    """
    event, received = arrival.event, arrival.event.received
    extracted = event.extracted
    invoice, findings = normalize(extracted)
    key, supplier_id = key_of(invoice, received.tenant, received.document_id, directory)
    by_itself, _ = key_of(invoice, received.tenant, received.document_id, NOBODY)
    reading = Reading(analysis=received.analysis, as_read=by_itself, invoice_key=key)
    other = file.contradicted(reading)
    normalized = InvoiceNormalized(
        received=received,
        invoice_key=other.invoice_key if other else key,
        supplier_id=supplier_id,
        invoice=invoice,
        lane=extracted.lane,
        confidence={name: extracted.field(name).confidence for name in JUDGED if extracted.value(name)},
        findings=(*findings, READ_OTHERWISE) if other else findings,
        evidence_digest=arrival.place.digest,
        layout=extracted.layout,
        release=arrival.running.name,
        event_time=event.event_time,
    )
    return normalized, file.with_reading(reading)


def known(memory: Memory, received: DocumentReceived) -> DocumentFile:
    """Return what is remembered of a document."""
    return memory.documents.get(document_key(received.tenant, received.document_id)) or DocumentFile()


async def keep(memory: Memory, received: DocumentReceived, file: DocumentFile, _written: tuple[Written, ...]) -> None:
    """Write down how the document was read first; again it costs nothing."""
    memory.documents.put(document_key(received.tenant, received.document_id), file)
    await memory.confirmed()


def about(event: InvoiceExtracted) -> Subject:
    """Name whom the event concerns."""
    return Subject(event.received.tenant, event.received.document_id)
