"""The normalization stage: EN 16931 terms, and the InvoiceKey that brings all that concerns one invoice together."""

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window
from agents.normalization.normalization import normalize
from agents.stage import Stage
from schemas.events import InvoiceExtracted, InvoiceNormalized
from schemas.evidence import PAYMENT_CRITICAL, FieldName
from schemas.topics import INVOICE_EXTRACTED, INVOICE_NORMALIZED
from tables.keys import key_of
from tables.reference import Reference
from tables.releases import Running

# What a payment may rest on: where the payable is not stated, the total with VAT stands in for it.
JUDGED: tuple[FieldName, ...] = (*PAYMENT_CRITICAL, "invoice_total_amount_with_vat")


def normalization(ports: Ports, window: Window, reference: Reference) -> Agent:
    """Return the agent that reads `invoice.extracted`."""

    async def step(arrival: Arrival[InvoiceExtracted]) -> Effects:
        event = arrival.event
        received, extracted = event.received, event.extracted
        directory = await reference.directory()
        invoice, findings = normalize(extracted)
        key, supplier_id = key_of(invoice, received.tenant, received.document_id, directory)
        normalized = InvoiceNormalized(
            received=received,
            invoice_key=key,
            supplier_id=supplier_id,
            invoice=invoice,
            lane=extracted.lane,
            confidence={name: extracted.field(name).confidence for name in JUDGED if extracted.value(name)},
            findings=findings,
            evidence_digest=arrival.place.digest,
            layout=extracted.layout,
            release=arrival.running.name,
            event_time=event.event_time,
        )
        subject = Subject(received.tenant, received.document_id, key)
        return Effects(subject, "normalized", "normalized", then=(Emission(INVOICE_NORMALIZED, key, normalized),))

    async def under(event: InvoiceExtracted) -> Running:
        return await ports.releases.named(event.release, event.received.document_id)

    return Stage("normalization", INVOICE_EXTRACTED, InvoiceExtracted, step, about, ports, window, under=under).agent()


def about(event: InvoiceExtracted) -> Subject:
    """Name whom the event concerns."""
    return Subject(event.received.tenant, event.received.document_id)
