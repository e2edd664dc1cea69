"""The tables of the read model.

Every moment is ISO 8601 text in UTC and every sum a decimal string: exact, and the same in each database.
"""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, func

from app.readmodel.change import TableName

# Raise it whenever a table or a projection changes: the projection is then built anew from the topics.
PROJECTION_VERSION = 5

projected = MetaData()
# What the API itself remembers; never dropped with the projection.
remembered = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


document = Table(
    "document",
    projected,
    _key("tenant"),
    _key("document_id"),
    # document.received
    *_texts("reference", "media_type", "source", "received_at", "submitted_by", "received_rank"),
    Column("size_bytes", BigInteger),
    Column("analysis", BigInteger),
    # document.status
    *_texts("state", "reasons", "explanation", "invoice_key", "command_ids", "release", "status_at", "correlation_id"),
    *_texts("status_rank"),
    Column("final", Boolean),
    # invoice.normalized
    *_texts("invoice_number", "issue_date", "due_date", "seller_name", "amount_due", "currency", "lane"),
    *_texts("corrected_by", "normalized_key", "invoice", "invoice_rank"),
    # invoice.validated
    *_texts("supplier_id", "supplier_name", "matched_by", "assessment", "findings", "validated_rank"),
)
# Newest first; a document that only ever had a status stands where that put it.
listed_at = func.coalesce(document.c.received_at, document.c.status_at)
Index("document_listed", document.c.tenant, listed_at, document.c.document_id)
Index("document_state", document.c.tenant, document.c.state)
Index("document_supplier", document.c.tenant, document.c.supplier_id)
# Of the few that have not come to an end the age is asked every few seconds (app/watching/states.py).
_open = document.c.final.is_not(True)
Index("document_open", document.c.state, document.c.status_at, sqlite_where=_open, postgresql_where=_open)

decision = Table(
    "decision",
    projected,
    _key("tenant"),
    _key("document_id"),
    # A document may be decided under two keys: its supplier became known between two deliveries of it.
    _key("invoice_key"),
    *_texts("outcome", "body", "decision_rank"),
)
Index("decision_invoice", decision.c.tenant, decision.c.invoice_key)

payment = Table(
    "payment",
    projected,
    _key("command_id"),
    # payment.initiated, the first record
    *_texts("tenant", "document_id", "invoice_key", "supplier_id", "body", "initiated_at", "initiated_rank"),
    # payment.cancellation
    *_texts("cancellation_requested_by", "cancellation_reason", "cancellation_requested_at", "cancellation_rank"),
)
Index("payment_listed", payment.c.tenant, payment.c.initiated_at, payment.c.command_id)
# payment.status: all of a command's reports in the order of their rank
payment_report = Table(
    "payment_report",
    projected,
    _key("command_id"),
    _key("place"),
    *_texts("status", "reason_code", "at", "report_rank"),
)
# More than one row a command: other bytes were seen under its id
payment_bytes = Table("payment_bytes", projected, _key("command_id"), _key("digest"), *_texts("bytes_rank"))

supplier = Table(
    "supplier",
    projected,
    _key("supplier_id"),
    *_texts("tenant", "name", "body", "changed_by", "changed_at", "supplier_rank"),
)
Index("supplier_listed", supplier.c.tenant, supplier.c.supplier_id)

audit_entry = Table(
    "audit_entry",
    projected,
    _key("tenant"),
    _key("entry_id"),
    *_texts("document_id", "invoice_key", "command_id", "event_time", "body", "entry_rank"),
)
Index("audit_entry_document", audit_entry.c.tenant, audit_entry.c.document_id)
Index("audit_entry_invoice", audit_entry.c.tenant, audit_entry.c.invoice_key)
Index("audit_entry_command", audit_entry.c.tenant, audit_entry.c.command_id)

# invoice.extracted: what the reader had found, as far as it tells why something was read wrongly
reading = Table("reading", projected, _key("tenant"), _key("document_id"), *_texts("body", "reading_rank"))

# feedback.recorded, once a lesson however often it is told
lesson = Table(
    "lesson",
    projected,
    _key("tenant"),
    _key("feedback_id"),
    *_texts("document_id", "recorded_at", "body", "lesson_rank"),
)
Index("lesson_listed", lesson.c.tenant, lesson.c.recorded_at, lesson.c.feedback_id)

CONTENT: Mapping[TableName, Table] = {
    "document": document,
    "decision": decision,
    "payment": payment,
    "payment_bytes": payment_bytes,
    "payment_report": payment_report,
    "supplier": supplier,
    "audit_entry": audit_entry,
    "reading": reading,
    "lesson": lesson,
}

# Where the projection stands: the next offset to read, written in the transaction of the rows.
position = Table(
    "projection_position",
    projected,
    _key("topic"),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
)
# One row. Its update is the first statement of each batch, and so the lock that lets one writer in at a time.
projection = Table(
    "projection",
    remembered,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("cluster_id", Text),
    Column("batches", BigInteger, nullable=False),
)

# A document that this API accepted: what it published, and which reading of it was last asked for.
submission = Table(
    "submission",
    remembered,
    _key("tenant"),
    _key("document_id"),
    Column("analysis", BigInteger, nullable=False),
    Column("accepted_at", Text, nullable=False),
)
# An answer that is given again under the same Idempotency-Key.
idempotency = Table(
    "idempotency",
    remembered,
    _key("principal"),
    _key("idempotency_key"),
    Column("request_digest", Text, nullable=False),
    Column("claimed_at", Text, nullable=False),
    Column("status_code", Integer),
    Column("body", Text),
    Column("location", Text),
)
