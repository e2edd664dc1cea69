"""One entry a stage and event: digests and ids only, never names or account numbers in clear."""

from schemas.base import Code, Moment, Record
from schemas.identifiers import DocumentId, InvoiceKey


class AuditEntry(Record):
    """Who did what to which document, from which bytes, into which bytes, by which release.

    `entry_id` is a function of the stage and the record that it read: a redelivery writes the same entry again.
    `read` and `written` are SHA-256 digests of record values; `event_time` is that of the record read.
    """

    entry_id: Code
    tenant: Code
    stage: Code
    document_id: DocumentId | None = None
    invoice_key: InvoiceKey | None = None
    command_id: Code | None = None
    read: tuple[Code, ...]
    written: tuple[Code, ...] = ()
    outcome: Code
    reasons: tuple[Code, ...] = ()
    actor: Code  # "stage:decision", or the person who acted
    release: Code
    correlation_id: Code
    trace_id: Code | None = None
    event_time: Moment
