"""What travels between the stages: one frozen class an event, past tense."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record, Text
from schemas.decision import Decision, ReviewSubmitted
from schemas.evidence import ExtractedInvoice, FieldName, Lane
from schemas.finding import Assessment, Finding
from schemas.identifiers import CommandId, DocumentId, InvoiceKey
from schemas.invoice import Invoice
from schemas.supplier import Supplier, SupplierMatch

# An invoice that needed more hands than this is not an invoice any more; it bounds the event.
PERSONS_MAX = 32
COMMANDS_MAX = 64


class DocumentReceived(Record):
    """A document waits to be read. `document_id` and `reference` are required of publishers, the rest is not.

    `submitted_by` names the person who captured it (four eyes: that person may not approve it). `analysis` tells
    repeated readings of the same bytes apart: a reading asked for anew may decide anew.
    """

    document_id: DocumentId
    reference: Annotated[str, Field(min_length=1, max_length=2048)]
    tenant: Code = "default"
    media_type: Code | None = None
    size_bytes: int | None = None
    source: Code | None = None
    received_at: Moment | None = None
    submitted_by: Code | None = None
    analysis: Annotated[int, Field(ge=0)] = 0


class InvoiceExtracted(Record):
    """What was read, before it is judged."""

    received: DocumentReceived
    extracted: ExtractedInvoice
    release: Code
    event_time: Moment


class InvoiceNormalized(Record):
    """The invoice in EN 16931 terms, under its InvoiceKey.

    `received.submitted_by` and `corrected_by` are the persons who may not approve it. `review` is the act that brought
    the document back into the chain, if one did. `confidence` is the reader's, for the payment-critical fields.
    `layout` is the sketch of the pages, where they were read.
    """

    received: DocumentReceived
    invoice_key: InvoiceKey
    supplier_id: Code | None = None  # whom the key was made for; None where nobody was recognised
    invoice: Invoice
    lane: Lane
    confidence: dict[FieldName, float] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    corrected_by: Annotated[tuple[Code, ...], Field(max_length=PERSONS_MAX)] = ()
    review: ReviewSubmitted | None = None
    evidence_digest: Code  # of the invoice.extracted record that it came from
    layout: Code | None = None
    release: Code
    event_time: Moment

    @property
    def document_id(self) -> str:
        """Return the id of the document."""
        return self.received.document_id


class InvoiceValidated(Record):
    """The normalized invoice with every finding, the worth of the document alone, and the supplier if one was found."""

    normalized: InvoiceNormalized
    findings: tuple[Finding, ...]
    assessment: Assessment
    match: SupplierMatch | None = None
    release: Code


class PaymentDecided(Record):
    """A decision, ready for the payment stage."""

    decision: Decision
    correlation_id: Code


class SupplierChanged(Record):
    """The new state of a supplier; the last record per supplier id wins."""

    supplier: Supplier
    changed_by: Code
    changed_at: Moment


DocumentState = Literal[
    "received", "extracted", "normalized", "validated", "approved", "held", "rejected",
    "payment_initiated", "payment_accepted", "settled", "payment_rejected", "returned", "cancelled",
]  # fmt: skip
FINAL_STATES = frozenset({"rejected", "settled", "payment_rejected", "returned", "cancelled"})


class DocumentStatus(Record):
    """The latest state of one document; the last record per document id wins."""

    document_id: DocumentId
    tenant: Code
    state: DocumentState
    final: bool
    reasons: tuple[Code, ...] = ()
    explanation: Text = ""
    invoice_key: InvoiceKey | None = None
    command_ids: Annotated[tuple[CommandId, ...], Field(max_length=COMMANDS_MAX)] = ()
    release: Code
    at: Moment
    correlation_id: Code
