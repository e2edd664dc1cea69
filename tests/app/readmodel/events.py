"""Records as the stages write them, for the tests of the projection."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from app.readmodel.record import Read
from schemas import topics
from schemas.audit import AuditEntry
from schemas.codec import encode
from schemas.decision import Decision
from schemas.events import (
    FINAL_STATES,
    DocumentReceived,
    DocumentState,
    DocumentStatus,
    InvoiceExtracted,
    InvoiceNormalized,
    InvoiceValidated,
    PaymentDecided,
    SupplierChanged,
)
from schemas.evidence import ExtractedInvoice, Field
from schemas.feedback import FeedbackRecorded
from schemas.finding import Assessment, Finding
from schemas.identifiers import command_id, digest, document_id, invoice_key, uetr
from schemas.invoice import DocumentTotals, Invoice, Party, PostalAddress
from schemas.money import Amount
from schemas.payment import (
    CancellationRequested,
    PaymentInitiated,
    PaymentParty,
    PaymentStatusReported,
    RemittanceInformation,
)
from schemas.supplier import Account, Supplier, SupplierMatch

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IBAN = "FR7630006000011234567890189"
KEY = invoice_key("default", "FR40303265045", "F2026-0042")
COMMAND = command_id("default", "acme", "F2026-0042")
DOCUMENT = document_id(b"one invoice")


def read(topic: topics.Topic, event: BaseModel, offset: int, **place: Any) -> Read:
    key = place.pop("key", "k")
    return Read(topic.name, place.pop("partition", 0), offset, encode(event), key.encode(), **place)


def received(document: str = DOCUMENT, **changes: Any) -> DocumentReceived:
    fields: dict[str, Any] = {
        "document_id": document, "reference": "file:///in/one.pdf", "media_type": "application/pdf",
        "size_bytes": 48_123, "source": "erp-7", "received_at": NOON, "submitted_by": "ann",
    }  # fmt: skip
    return DocumentReceived.model_validate(fields | changes)


def status(state: DocumentState, document: str = DOCUMENT, **changes: Any) -> DocumentStatus:
    fields: dict[str, Any] = {
        "document_id": document, "tenant": "default", "state": state, "final": state in FINAL_STATES,
        "release": "r1", "at": NOON, "correlation_id": "c1",
    }  # fmt: skip
    return DocumentStatus.model_validate(fields | changes)


def invoice(number: str = "F2026-0042") -> Invoice:
    return Invoice(
        invoice_number=number,
        invoice_currency_code="EUR",
        seller=Party(name="Acme SARL"),
        totals=DocumentTotals(amount_due_for_payment=Decimal("120.00")),
    )


def normalized(document: str = DOCUMENT, **changes: Any) -> InvoiceNormalized:
    fields: dict[str, Any] = {
        "received": received(document), "invoice_key": KEY, "invoice": invoice(), "lane": "text",
        "evidence_digest": digest(b"evidence"), "release": "r1", "event_time": NOON,
    }  # fmt: skip
    return InvoiceNormalized.model_validate(fields | changes)


def supplier(**changes: Any) -> Supplier:
    fields: dict[str, Any] = {
        "supplier_id": "acme", "name": "Acme SARL", "postal_address": PostalAddress(town="Paris", country="FR"),
        "accounts": (Account(identifier=IBAN, verified_by="ann"),),
    }  # fmt: skip
    return Supplier.model_validate(fields | changes)


def validated(**changes: Any) -> InvoiceValidated:
    fields: dict[str, Any] = {
        "normalized": normalized(),
        "findings": (Finding(rule="ACCOUNT-NEW", severity="error", message="seen for the first time"),),
        "assessment": Assessment(outcome="payable", confidence=0.99),
        "match": SupplierMatch(supplier=supplier(), matched_by="vat_identifier"),
        "release": "r1",
    }
    return InvoiceValidated.model_validate(fields | changes)


def decided(**changes: Any) -> PaymentDecided:
    fields: dict[str, Any] = {
        "document_id": DOCUMENT, "invoice_key": KEY, "tenant": "default", "outcome": "hold",
        "reasons": ("ACCOUNT-NEW",), "policy": "p1", "release": "r1", "evidence_digest": digest(b"evidence"),
        "decided_at": NOON,
    }  # fmt: skip
    return PaymentDecided(decision=Decision.model_validate(fields | changes), correlation_id="c1")


def initiated(**changes: Any) -> PaymentInitiated:
    party = PaymentParty(name="Acme SARL", postal_address=PostalAddress(town="Paris", country="FR"))
    fields: dict[str, Any] = {
        "command_id": COMMAND, "end_to_end_identification": COMMAND, "uetr": uetr(COMMAND), "tenant": "default",
        "document_id": DOCUMENT, "invoice_key": KEY, "supplier_id": "acme", "debtor": party,
        "debtor_account": IBAN, "debtor_agent": None, "creditor": party, "creditor_account": IBAN,
        "creditor_agent": None, "instructed_amount": Amount(value=Decimal("120.00"), currency="EUR"),
        "requested_execution_date": "2026-11-25", "rail": "SCT", "charge_bearer": "SLEV",
        "remittance_information": RemittanceInformation(unstructured="F2026-0042"),
        "evidence_digest": digest(b"evidence"), "release": "r1",
    }  # fmt: skip
    return PaymentInitiated.model_validate(fields | changes)


def payment_status(code: str, **changes: Any) -> PaymentStatusReported:
    return PaymentStatusReported.model_validate({"command_id": COMMAND, "status": code, "at": NOON} | changes)


def cancellation() -> CancellationRequested:
    return CancellationRequested(command_id=COMMAND, tenant="default", requested_by="bob", requested_at=NOON)


def supplier_changed(**changes: Any) -> SupplierChanged:
    return SupplierChanged(supplier=supplier(**changes), changed_by="ann", changed_at=NOON)


def audit(entry: str, **changes: Any) -> AuditEntry:
    fields: dict[str, Any] = {
        "entry_id": entry, "tenant": "default", "stage": "decision", "document_id": DOCUMENT,
        "read": (digest(b"read"),), "outcome": "hold", "actor": "stage:decision", "release": "r1",
        "correlation_id": "c1", "event_time": NOON,
    }  # fmt: skip
    return AuditEntry.model_validate(fields | changes)


def extracted(document: str = DOCUMENT, **fields: Field) -> InvoiceExtracted:
    found = {"amount_due_for_payment": Field(value="120.00", raw="120,00", page=1, box=(10, 20, 60, 30), source="text")}
    return InvoiceExtracted(
        received=received(document),
        extracted=ExtractedInvoice.model_validate(
            {"lane": "text", "media_type": "application/pdf", "pages": 1, "fields": {**found, **fields}}
        ),
        release="r1",
        event_time=NOON,
    )


def feedback(document: str = DOCUMENT, **changes: Any) -> FeedbackRecorded:
    fields: dict[str, Any] = {
        "document_id": document, "tenant": "default", "field": "amount_due_for_payment", "wrong": "120.00",
        "right": "12000.00", "cause": "correction", "source": "review", "release": "r1", "recorded_at": NOON,
        "supplier_id": "acme", "lane": "text", "at_risk": {"value": "120.00", "currency": "EUR"}, "reference": "rev-1",
    }  # fmt: skip
    return FeedbackRecorded.model_validate(fields | changes)


def one_life() -> list[Read]:
    """Return a document from its arrival to its payment's settlement, one record of every topic at least."""
    return [
        read(topics.DOCUMENT_STATUS, status("received"), 0),
        read(topics.DOCUMENT_RECEIVED, received(), 0),
        read(topics.INVOICE_EXTRACTED, extracted(), 0),
        read(topics.INVOICE_NORMALIZED, normalized(), 0),
        read(topics.DOCUMENT_STATUS, status("normalized", invoice_key=KEY), 1),
        read(topics.INVOICE_VALIDATED, validated(), 0),
        read(topics.PAYMENT_DECIDED, decided(), 0),
        read(topics.DOCUMENT_STATUS, status("held", invoice_key=KEY, reasons=("ACCOUNT-NEW",)), 2),
        read(topics.AUDIT_ENTRY, audit("a1"), 0),
        read(topics.SUPPLIER_CHANGED, supplier_changed(), 0, key="acme"),
        read(topics.PAYMENT_DECIDED, decided(outcome="approve", reasons=(), decided_at=NOON.replace(hour=13)), 1),
        read(topics.PAYMENT_INITIATED, initiated(), 0),
        read(topics.DOCUMENT_STATUS, status("payment_initiated", invoice_key=KEY, command_ids=(COMMAND,)), 3),
        read(topics.PAYMENT_CANCELLATION, cancellation(), 0),
        read(topics.PAYMENT_STATUS, payment_status("ACSP"), 0),
        read(topics.PAYMENT_STATUS, payment_status("ACSC"), 1),
        read(topics.DOCUMENT_STATUS, status("settled", invoice_key=KEY, command_ids=(COMMAND,)), 4),
        read(topics.AUDIT_ENTRY, audit("a2", document_id=None, invoice_key=KEY, command_id=COMMAND), 1),
        read(topics.FEEDBACK_RECORDED, feedback(), 0),
    ]
