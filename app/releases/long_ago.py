"""Documents that were read before `invoice.extracted` begins: audit entries name them for ever, and the store has them.

What was read then is gone. Such a document is read twice: under the release that had read it, as far as that runs here,
and under the other one. An entry does not say where a publisher keeps its own documents, so that only those in our
store are found.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from app.releases.spans import complete_since, records_between
from app.settings import Settings
from schemas.audit import AuditEntry
from schemas.codec import Undecodable, decode
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.topics import AUDIT_ENTRY, INVOICE_EXTRACTED

STAGE, OUTCOME = "extraction", "extracted"


class HistoryGone(Exception):  # noqa: N818 - it says what is wrong
    """Nothing names the documents of that time any more."""


@dataclass(frozen=True)
class LongAgo:
    """A document that was read once, by which release, and when its event was."""

    received: DocumentReceived
    release: str
    event_time: datetime


async def documents_between(
    settings: Settings, start: datetime, end: datetime, now: datetime, locate: Callable[[str], object]
) -> AsyncIterator[InvoiceExtracted | LongAgo]:
    """Yield each document that was read in that time once: as it was read, where that is still known.

    Args:
        settings: the broker's.
        start: when the first were read.
        end: the end of that time, not included.
        now: stands for the first record of a topic that has none left.
        locate: returns where our store keeps the document of an id.

    Raises:
        HistoryGone: the audit entries do not go back so far; the message names the earliest day.
        TopicSilent, aiokafka.errors.KafkaError: the topics cannot be read.
    """
    begins = await complete_since(settings, INVOICE_EXTRACTED.name, now)
    is_cut = begins is not None and start < begins
    if is_cut:
        await _demand_entries(settings, start, now)
    seen: set[str] = set()
    async for record in records_between(settings, INVOICE_EXTRACTED.name, start, end):
        try:
            event = decode(record.value, InvoiceExtracted)
        except Undecodable:
            continue
        if event.received.document_id not in seen:
            seen.add(event.received.document_id)
            yield event
    if is_cut:
        async for entry in _entries(settings, start, end):
            if entry.document_id is not None and entry.document_id not in seen:
                seen.add(entry.document_id)
                reference = str(locate(entry.document_id))
                received = DocumentReceived(document_id=entry.document_id, reference=reference, tenant=entry.tenant)
                yield LongAgo(received, entry.release, entry.event_time)


async def _demand_entries(settings: Settings, start: datetime, now: datetime) -> None:
    begins = await complete_since(settings, AUDIT_ENTRY.name, now)
    if begins is not None and start < begins:
        told = f"{INVOICE_EXTRACTED.name} and {AUDIT_ENTRY.name} begin later"
        raise HistoryGone(f"{told}; give {begins:%Y-%m-%dT%H:%M:%SZ} or later with --from")


async def _entries(settings: Settings, start: datetime, end: datetime) -> AsyncIterator[AuditEntry]:
    async for record in records_between(settings, AUDIT_ENTRY.name, start, end):
        try:
            entry = decode(record.value, AuditEntry)
        except Undecodable:
            continue
        if (entry.stage, entry.outcome) == (STAGE, OUTCOME):
            yield entry
