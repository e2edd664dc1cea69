"""What each record says about which row: pure functions, one a topic."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from app.readmodel.change import Change, Effect, Removal
from app.readmodel.columns import body, bounded, change, day, iso, json_list
from app.readmodel.record import Read, milliseconds, rank
from schemas import topics
from schemas.audit import AuditEntry
from schemas.codec import decode
from schemas.events import (
    DocumentReceived,
    DocumentStatus,
    InvoiceExtracted,
    InvoiceNormalized,
    InvoiceValidated,
    PaymentDecided,
    SupplierChanged,
)
from schemas.evidence import ExtractedInvoice
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import digest
from schemas.money import plain
from schemas.payment import CancellationRequested, PaymentInitiated, PaymentStatusReported

R = TypeVar("R", bound=BaseModel)

# Findings that say of a value that it was seen and not understood.
VALUE_RULES = frozenset({"VALUE-UNPARSABLE", "VALUE-IGNORED"})
# Rows of items and of VAT that are kept of a reading: enough to see that a total was taken from one of them.
ROWS_MAX = 50


def effects_of(read: Read) -> tuple[Effect, ...]:
    """Return what one record does.

    Raises:
        Undecodable: where the bytes are no record of the topic's type.
        KeyError: where the topic is not projected.
    """
    if read.value is None and read.topic == topics.SUPPLIER_CHANGED.name and read.key is not None:
        return (Removal("supplier", (read.key.decode("utf-8", errors="replace"),)),)
    return tuple(_PROJECTED[read.topic](read))


def _received(read: Read) -> Iterable[Change]:
    event = _event(read, DocumentReceived)
    yield change(
        "document",
        (event.tenant, event.document_id),
        "received_rank",
        rank(event.analysis, read.offset, read.partition),
        {
            "reference": event.reference,
            "media_type": event.media_type,
            "size_bytes": bounded(event.size_bytes),
            "source": event.source,
            "received_at": iso(event.received_at or read.written_at),
            "submitted_by": event.submitted_by,
            "analysis": bounded(event.analysis),
        },
    )


def _status(read: Read) -> Iterable[Change]:
    event = _event(read, DocumentStatus)
    yield change(
        "document",
        (event.tenant, event.document_id),
        "status_rank",
        rank(read.offset, read.partition),
        {
            "state": event.state,
            "final": event.final,
            "reasons": json_list(event.reasons),
            "explanation": event.explanation,
            "invoice_key": event.invoice_key,
            "command_ids": json_list(event.command_ids),
            "release": event.release,
            "status_at": iso(event.at),
            "correlation_id": event.correlation_id,
        },
    )


def _normalized(read: Read) -> Iterable[Change]:
    event = _event(read, InvoiceNormalized)
    invoice = event.invoice
    amount = invoice.amount_payable()
    yield change(
        "document",
        (event.received.tenant, event.document_id),
        "invoice_rank",
        _reading_rank(event, read),
        {
            "invoice_number": invoice.invoice_number,
            "issue_date": day(invoice.invoice_issue_date),
            "due_date": day(invoice.payment_due_date),
            "seller_name": invoice.seller.name,
            "amount_due": None if amount is None else plain(amount),
            "currency": invoice.invoice_currency_code,
            "lane": event.lane,
            "corrected_by": json_list(event.corrected_by),
            "normalized_key": event.invoice_key,
            "invoice": body(invoice),
        },
    )


def _extracted(read: Read) -> Iterable[Change]:
    event = _event(read, InvoiceExtracted)
    yield change(
        "reading",
        (event.received.tenant, event.received.document_id),
        "reading_rank",
        rank(event.received.analysis, milliseconds(event.event_time), read.offset, read.partition),
        {"body": body(_telling(event.extracted))},
    )


def _telling(extracted: ExtractedInvoice) -> ExtractedInvoice:
    """Return what tells why a value was read as it was: no findings but on values, no more rows than a person reads."""
    findings = tuple(each for each in extracted.findings if each.rule in VALUE_RULES)
    few = {"findings": findings, "lines": extracted.lines[:ROWS_MAX], "credit_transfers": ()}
    return extracted.model_copy(update={**few, "vat_breakdown": extracted.vat_breakdown[:ROWS_MAX]})


def _feedback(read: Read) -> Iterable[Change]:
    event = _event(read, FeedbackRecorded)
    yield change(
        "lesson",
        (event.tenant, event.feedback_id),
        "lesson_rank",
        rank(milliseconds(event.recorded_at), read.offset, read.partition),
        {"document_id": event.document_id, "recorded_at": iso(event.recorded_at), "body": body(event)},
        keep="first",
    )


def _validated(read: Read) -> Iterable[Change]:
    event = _event(read, InvoiceValidated)
    supplier = event.match.supplier if event.match else None
    yield change(
        "document",
        (event.normalized.received.tenant, event.normalized.document_id),
        "validated_rank",
        _reading_rank(event.normalized, read),
        {
            "supplier_id": supplier.supplier_id if supplier else None,
            "supplier_name": supplier.name if supplier else None,
            "matched_by": event.match.matched_by if event.match else None,
            "assessment": body(event.assessment),
            "findings": json_list(finding.model_dump(mode="json") for finding in event.findings),
        },
    )


def _decided(read: Read) -> Iterable[Change]:
    decision = _event(read, PaymentDecided).decision
    yield change(
        "decision",
        (decision.tenant, decision.document_id, decision.invoice_key),
        "decision_rank",
        # Told last, not decided at the latest moment: a decision has its cause's moment, and one that was made again
        # for an earlier cause is the one that stands. Who approves what he is shown would else be refused for ever.
        rank(read.timestamp_ms, read.offset, read.partition),
        {"outcome": decision.outcome, "body": body(decision)},
    )


def _initiated(read: Read) -> Iterable[Change]:
    event = _event(read, PaymentInitiated)
    yield change(
        "payment",
        (event.command_id,),
        "initiated_rank",
        rank(read.timestamp_ms, read.offset, read.partition),
        {
            "tenant": event.tenant,
            "document_id": event.document_id,
            "supplier_id": event.supplier_id,
            "invoice_key": event.invoice_key,
            "body": body(event),
            "initiated_at": iso(read.written_at),
        },
        keep="first",
    )
    # A second row for one command is a second set of bytes: the alarm of the consumer rule.
    yield change(
        "payment_bytes",
        (event.command_id, digest(read.value or b"")),
        "bytes_rank",
        rank(read.timestamp_ms, read.offset, read.partition),
        {},
        keep="first",
    )


def _payment_status(read: Read) -> Iterable[Change]:
    # Each report is a row: the state is folded from all of them, for a late one must not undo a final one.
    event = _event(read, PaymentStatusReported)
    place = rank(read.offset, read.partition)
    yield change(
        "payment_report",
        (event.command_id, place),
        "report_rank",
        place,
        {"status": event.status, "reason_code": event.reason_code, "at": iso(event.at)},
    )


def _cancellation(read: Read) -> Iterable[Change]:
    event = _event(read, CancellationRequested)
    yield change(
        "payment",
        (event.command_id,),
        "cancellation_rank",
        rank(read.offset, read.partition),
        {
            "cancellation_requested_by": event.requested_by,
            "cancellation_reason": event.reason,
            "cancellation_requested_at": iso(event.requested_at),
        },
    )


def _supplier(read: Read) -> Iterable[Change]:
    event = _event(read, SupplierChanged)
    supplier = event.supplier
    yield change(
        "supplier",
        (supplier.supplier_id,),
        "supplier_rank",
        rank(read.offset, read.partition),
        {
            "tenant": supplier.tenant,
            "name": supplier.name,
            "body": body(supplier),
            "changed_by": event.changed_by,
            "changed_at": iso(event.changed_at),
        },
    )


def _audit(read: Read) -> Iterable[Change]:
    entry = _event(read, AuditEntry)
    yield change(
        "audit_entry",
        (entry.tenant, entry.entry_id),
        "entry_rank",
        rank(read.offset, read.partition),
        {
            "document_id": entry.document_id,
            "invoice_key": entry.invoice_key,
            "command_id": entry.command_id,
            "event_time": iso(entry.event_time),
            "body": body(entry),
        },
        keep="first",
    )


_PROJECTED: Mapping[str, Callable[[Read], Iterable[Change]]] = {
    topics.DOCUMENT_RECEIVED.name: _received,
    topics.DOCUMENT_STATUS.name: _status,
    topics.INVOICE_EXTRACTED.name: _extracted,
    topics.INVOICE_NORMALIZED.name: _normalized,
    topics.INVOICE_VALIDATED.name: _validated,
    topics.PAYMENT_DECIDED.name: _decided,
    topics.PAYMENT_INITIATED.name: _initiated,
    topics.PAYMENT_STATUS.name: _payment_status,
    topics.PAYMENT_CANCELLATION.name: _cancellation,
    topics.SUPPLIER_CHANGED.name: _supplier,
    topics.AUDIT_ENTRY.name: _audit,
    topics.FEEDBACK_RECORDED.name: _feedback,
}
PROJECTED_TOPICS: tuple[str, ...] = tuple(_PROJECTED)


def _event(read: Read, model: type[R]) -> R:
    return decode(read.value, model, version=read.envelope().schema_version)


def _reading_rank(event: InvoiceNormalized, read: Read) -> str:
    # A correction may change the InvoiceKey, hence the partition: offsets alone do not order readings of one document.
    # It keeps the event's time, which is the publisher's word; what orders it is that a person acted, and when.
    acted = milliseconds(event.review.submitted_at) if event.review else 0
    return rank(event.received.analysis, acted, milliseconds(event.event_time), read.offset, read.partition)
