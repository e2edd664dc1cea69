"""Every topic as data: what is in it, how it is keyed, who writes it, how long it is kept."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from schemas.audit import AuditEntry
from schemas.comparison import ReleaseCompared
from schemas.decision import ReviewSubmitted
from schemas.events import (
    DocumentReceived,
    DocumentStatus,
    InvoiceExtracted,
    InvoiceNormalized,
    InvoiceValidated,
    PaymentDecided,
    SupplierChanged,
)
from schemas.feedback import FeedbackRecorded
from schemas.payment import CancellationRequested, PaymentInitiated, PaymentIssued, PaymentStatusReported
from schemas.release import ReleaseChanged

DAY_MS = 24 * 3600 * 1000
# The longest outage we plan for, plus a weekend (design: delivery.md).
WORK_RETENTION_MS = 14 * DAY_MS
# Commands and audit entries answer questions years later; the broker is told to keep them for ever.
FOREVER_MS = -1
DEFAULT_PARTITIONS = 6

Key = Literal["document_id", "invoice_key", "command_id", "supplier_id", "release_id", "tenant"]


@dataclass(frozen=True)
class Topic:
    """One topic. `single` topics have one partition: their readers follow the whole of it."""

    name: str
    key: Key
    event: type[BaseModel]
    owner: str
    meaning: str
    single: bool = False
    compacted: bool = False
    retention_ms: int = WORK_RETENTION_MS

    @property
    def dead(self) -> str:
        """Return the name of its dead-letter topic: same key, same partitions, original bytes."""
        return f"{self.name}.dead"


DOCUMENT_RECEIVED = Topic("document.received", "document_id", DocumentReceived, "publishers", "a document to read")
INVOICE_EXTRACTED = Topic("invoice.extracted", "document_id", InvoiceExtracted, "extraction", "what a document says")
INVOICE_NORMALIZED = Topic(
    "invoice.normalized", "invoice_key", InvoiceNormalized, "normalization", "the invoice in EN 16931 terms"
)
INVOICE_VALIDATED = Topic(
    "invoice.validated", "invoice_key", InvoiceValidated, "validation", "the invoice with findings and supplier"
)
PAYMENT_DECIDED = Topic("payment.decided", "invoice_key", PaymentDecided, "decision", "approve, hold or reject")
PAYMENT_INITIATED = Topic(
    "payment.initiated",
    "command_id",
    PaymentInitiated,
    "payment",
    "the payment command; written to the partition of its decision",
    retention_ms=FOREVER_MS,
)
PAYMENT_ISSUED = Topic(
    "payment.issued", "command_id", PaymentIssued, "payment", "internal: which document a command pays"
)
PAYMENT_CANCELLATION = Topic(
    "payment.cancellation", "command_id", CancellationRequested, "API", "asks an engine not to execute a command"
)
PAYMENT_STATUS = Topic("payment.status", "command_id", PaymentStatusReported, "payment engines", "pain.002 status")
DOCUMENT_STATUS = Topic(
    "document.status", "document_id", DocumentStatus, "every stage", "the latest state of a document", compacted=True
)
SUPPLIER_CHANGED = Topic(
    "supplier.changed",
    "supplier_id",
    SupplierChanged,
    "reference data",
    "a supplier, its identifiers and accounts",
    single=True,
    compacted=True,
)
REVIEW_SUBMITTED = Topic("review.submitted", "invoice_key", ReviewSubmitted, "console, API", "a person's act")
FEEDBACK_RECORDED = Topic(
    "feedback.recorded",
    "document_id",
    FeedbackRecorded,
    "review, settlement, quality",
    "what was wrong and what is right",
)
RELEASE_CHANGED = Topic(
    "release.changed", "release_id", ReleaseChanged, "releases", "a release enters a state", single=True, compacted=True
)
RELEASE_COMPARED = Topic(
    "release.compared", "document_id", ReleaseCompared, "quality", "what two releases make of one document"
)
AUDIT_ENTRY = Topic(
    "audit.entry", "tenant", AuditEntry, "every stage", "who did what, by digests", retention_ms=FOREVER_MS
)

TOPICS: tuple[Topic, ...] = (
    DOCUMENT_RECEIVED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_ISSUED,
    PAYMENT_CANCELLATION,
    PAYMENT_STATUS,
    DOCUMENT_STATUS,
    SUPPLIER_CHANGED,
    REVIEW_SUBMITTED,
    FEEDBACK_RECORDED,
    RELEASE_CHANGED,
    RELEASE_COMPARED,
    AUDIT_ENTRY,
)
# What a stage reads may be poison; only these need a dead-letter topic.
READ_BY_STAGES: tuple[Topic, ...] = (
    DOCUMENT_RECEIVED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_ISSUED,
    PAYMENT_CANCELLATION,
    PAYMENT_STATUS,
    REVIEW_SUBMITTED,
)
