"""What the read model answers: one frozen class an answer, in the words of the vocabulary."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agents.settlement.settlement import fold
from schemas.audit import AuditEntry
from schemas.base import Moment, Record
from schemas.decision import Decision
from schemas.events import DocumentState
from schemas.evidence import ExtractedInvoice
from schemas.feedback import FeedbackRecorded
from schemas.finding import Assessment, Finding
from schemas.payment import PaymentInitiated, PaymentState, PaymentStatusReported
from schemas.supplier import MatchedBy, Supplier


class InvoiceSummary(Record):
    """What a list shows of an invoice. Amounts are decimal strings, dates ISO 8601; None where not said."""

    invoice_number: str | None = None
    issue_date: str | None = None
    due_date: str | None = None
    seller_name: str | None = None
    amount_due: str | None = None
    currency: str | None = None
    lane: str | None = None
    supplier_id: str | None = None
    supplier_name: str | None = None
    matched_by: MatchedBy | None = None


class DocumentSummary(Record):
    """One document: where it came from, where it stands, what it says."""

    document_id: str
    tenant: str
    state: DocumentState
    final: bool
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    invoice_key: str | None = None
    command_ids: tuple[str, ...] = ()
    release: str | None = None
    at: Moment | None = None
    correlation_id: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    source: str | None = None
    received_at: Moment | None = None
    submitted_by: str | None = None
    analysis: int = 0
    invoice: InvoiceSummary | None = None


class DocumentView(DocumentSummary):
    """A document with its findings and the persons who may not approve it."""

    reference: str | None = None
    corrected_by: tuple[str, ...] = ()
    assessment: Assessment | None = None
    findings: tuple[Finding, ...] = ()


class PaymentView(Record):
    """One payment command, what the engine says of it, and whether somebody asked to stop it.

    `reports` are the engine's words in order, `state` is what they come to. `conflicting` is the alarm of the consumer
    rule: other bytes were seen under the same command id.
    """

    command: PaymentInitiated
    state: PaymentState
    reason_code: str | None = None
    initiated_at: Moment
    reports: tuple[PaymentStatusReported, ...] = ()
    cancellation_requested_by: str | None = None
    cancellation_requested_at: Moment | None = None
    conflicting: bool = False


class SupplierView(Record):
    """A supplier as last stated, and by whom."""

    supplier: Supplier
    changed_by: str
    changed_at: Moment


Row = Mapping[str, Any]


def document_summary(row: Row) -> DocumentSummary:
    """Return the summary that a row of `document` holds."""
    return DocumentSummary.model_validate(_document_fields(row))


def document_view(row: Row) -> DocumentView:
    """Return all that a row of `document` holds."""
    return DocumentView.model_validate(
        {
            **_document_fields(row),
            "reference": row["reference"],
            "corrected_by": _list(row["corrected_by"]),
            "assessment": json.loads(row["assessment"]) if row["assessment"] else None,
            "findings": _list(row["findings"]),
        }
    )


def payment_view(row: Row, reports: Sequence[PaymentStatusReported], *, conflicting: bool) -> PaymentView:
    """Return the view of a row of `payment` and of the engine's reports in their order."""
    state, reason_code = fold("payment_initiated", None, tuple(reports))
    return PaymentView.model_validate(
        {
            **row,
            "command": json.loads(row["body"]),
            "state": state,
            "reason_code": reason_code,
            "reports": tuple(reports),
            "conflicting": conflicting,
        }
    )


def supplier_view(row: Row) -> SupplierView:
    """Return the view of a row of `supplier`."""
    return SupplierView.model_validate({**row, "supplier": json.loads(row["body"])})


def decision_of(row: Row) -> Decision:
    """Return the decision that a row holds."""
    return Decision.model_validate_json(row["body"])


def audit_entry_of(row: Row) -> AuditEntry:
    """Return the audit entry that a row holds."""
    return AuditEntry.model_validate_json(row["body"])


def lesson_of(row: Row) -> FeedbackRecorded:
    """Return the lesson that a row holds."""
    return FeedbackRecorded.model_validate_json(row["body"])


def reading_of(row: Row) -> ExtractedInvoice:
    """Return what the reader had found, as a row holds it."""
    return ExtractedInvoice.model_validate_json(row["body"])


def _document_fields(row: Row) -> dict[str, Any]:
    invoice = InvoiceSummary.model_validate({name: row[name] for name in InvoiceSummary.model_fields})
    return {
        **{name: row[name] for name in DocumentSummary.model_fields if name in row},
        "state": row["state"] or "received",
        "final": bool(row["final"]),
        "reasons": _list(row["reasons"]),
        "command_ids": _list(row["command_ids"]),
        "explanation": row["explanation"] or "",
        "analysis": row["analysis"] or 0,
        "at": row["status_at"],
        "invoice": None if row["invoice_rank"] is None else invoice,
    }


def _list(text: str | None) -> list[Any]:
    found: list[Any] = json.loads(text) if text else []
    return found
