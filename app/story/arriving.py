"""How the document came, and what was read in it."""

from collections.abc import Iterator

from app.dossier import Event
from app.story import words
from app.story.masking import Mask
from app.story.points import Points
from app.story.story import Chapter, Sentence, of_event, of_record, plain, point
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.evidence import FIELD_NAMES, PAYMENT_CRITICAL, ExtractedInvoice

_LANES = {
    "xml": "It is structured data, an invoice in XML.",
    "hybrid": "It is a PDF with the invoice as XML inside; the data was read, and compared with the page.",
    "text": "It is a PDF whose pages carry text.",
    "scan": "It is a picture of a page; the text on it was recognised optically.",
}


def arrival(event: Event, received: DocumentReceived, mask: Mask) -> Chapter:
    """Tell what came in, from whom and when."""
    proof = of_event(event)
    sender = received.source or event.exhibit.header("ce_source") or "Somebody who gave no name"
    told = words.moment(received.received_at) if received.received_at else words.millis(event.exhibit.read.timestamp_ms)
    size = f"{words.number(received.size_bytes, 'byte')} of " if received.size_bytes is not None else ""
    sentences = [
        plain(f"{sender} announced the document on {told}.", *proof),
        plain(f"It is {size}{received.media_type or 'an unstated media type'}, at {mask(received.reference)}.", *proof),
        plain(f"The SHA-256 of its bytes is {received.document_id.removeprefix('sha256:')}; that is its name.", *proof),
    ]
    if received.submitted_by:
        sentences.append(plain(f"{received.submitted_by} captured it, and so may not approve it.", *proof))
    if received.analysis:
        sentences.append(plain(f"Somebody had asked for it to be read again: this is reading {received.analysis}."))
    return Chapter(title="What came in", sentences=tuple(sentences))


def unread(event: Event, title: str = "What was read") -> Chapter:
    """Tell of a document that nobody could read, or of an event that was put aside."""
    entry, proof = event.testimony.entry, of_event(event)
    reasons = words.listed(entry.reasons) or "no reason given"
    outcome = {
        "rejected": f"It could not be read: {reasons}. No payment comes of it.",
        "parked": f"It was put aside, through no fault of its own: {reasons}. It can be replayed.",
        "dead": f"The event could not be dealt with: {reasons}. It is kept as a dead letter.",
    }.get(entry.outcome, f"It ended as {entry.outcome}: {reasons}.")
    return Chapter(
        title=title, at=words.millis(event.testimony.exhibit.read.timestamp_ms), sentences=(plain(outcome, *proof),)
    )


def reading(event: Event, extracted: InvoiceExtracted, mask: Mask) -> Chapter:
    """Tell what the document says, value by value, with the place that says it."""
    read, proof = extracted.extracted, of_event(event)
    points = Points(read, mask)
    others = [name for name in FIELD_NAMES if name not in PAYMENT_CRITICAL and read.value(name) is not None]
    sentences = [
        plain(f"{_LANES[read.lane]}{_pages(read)}{points.common()}", *proof),
        plain("Four values decide where money goes:", *proof),
        *(point(points.of(name), *proof) for name in PAYMENT_CRITICAL),
        *((plain("Beside them the document says:", *proof),) if others else ()),
        *(point(points.of(name), *proof) for name in others),
        *_doubts(read, mask, event),
    ]
    return Chapter(title="What was read", at=words.millis(event.exhibit.read.timestamp_ms), sentences=tuple(sentences))


def _pages(read: ExtractedInvoice) -> str:
    return "" if read.lane == "xml" else f" It has {words.number(read.pages, 'page')}."


def _doubts(read: ExtractedInvoice, mask: Mask, event: Event) -> Iterator[Sentence]:
    proof = of_record(event.exhibit)
    if read.lines:
        yield plain(f"It has {words.number(len(read.lines), 'line')}.", proof)
    if len(read.credit_transfers) > 1:
        yield plain(f"It offers {len(read.credit_transfers)} ways to pay.", proof)
    for finding in read.findings:
        if finding.severity != "info":
            yield plain(f"The reader had a doubt ({finding.rule}): {mask(finding.message).rstrip('.')}.", proof)
