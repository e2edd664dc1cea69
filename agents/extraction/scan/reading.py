"""A document of pictures to an extracted invoice: the text reader reads the recognized words, the proofs weigh them."""

from agents.extraction.scan.again import compact, unread_accounts, with_accounts
from agents.extraction.scan.pages import ScannedDocument
from agents.extraction.scan.port import Recognizer
from agents.extraction.scan.proofs import weighed
from agents.extraction.scan.suggestions import suggestion, suggestion_in
from agents.extraction.text.pages import PageText
from agents.extraction.text.reading import read_document
from schemas.evidence import ExtractedInvoice, Field, FieldName, Unreadable
from schemas.finding import Finding

ACCOUNT: FieldName = "payment_account_identifier"
UNREAD = Finding(
    rule="ACCOUNT-INVALID",
    severity="error",
    message="a line of the page looks like an account and cannot be read",
    fields=(ACCOUNT,),
)


def read_scan(document: ScannedDocument, recognizer: Recognizer, media_type: str) -> ExtractedInvoice | Unreadable:
    """Return what the pictures say.

    Returns:
        ExtractedInvoice of lane "scan", or Unreadable with SCAN-NO-TEXT.
    """
    if not any(page.words for page in document.pages):
        return Unreadable(reason="SCAN-NO-TEXT", detail="no word can be recognized", media_type=media_type)
    looked, exchanged = _with_accounts(document, recognizer)
    reading = read_document(looked.text())
    fields = {name: _weighed(looked, name, field, recognizer, exchanged) for name, field in reading.fields.items()}
    findings = (*reading.findings, *_doubts(looked, reading))
    return reading.model_copy(update={"lane": "scan", "media_type": media_type, "fields": fields, "findings": findings})


def _with_accounts(document: ScannedDocument, recognizer: Recognizer) -> tuple[ScannedDocument, frozenset[str]]:
    """Return the document with its lines of accounts looked at again, and the accounts that came of it."""
    scanned, exchanged = dict(document.scanned), frozenset[str]()
    for number, page in document.scanned.items():
        scanned[number], found = with_accounts(page, recognizer)
        exchanged |= found
    if not exchanged:
        return document, exchanged
    pages: tuple[PageText, ...] = tuple(
        scanned[page.number].text() if page.number in scanned else page for page in document.pages
    )
    return ScannedDocument(pages, scanned, document.pages_total, document.is_cut), exchanged


def _weighed(
    document: ScannedDocument, name: FieldName, field: Field, recognizer: Recognizer, exchanged: frozenset[str]
) -> Field:
    page = document.scanned.get(field.page or 0)
    return field if page is None else weighed(name, field, page, recognizer, exchanged)


def _doubts(document: ScannedDocument, reading: ExtractedInvoice) -> tuple[Finding, ...]:
    """Doubt a document with an account that cannot be read, for it may be the payee's; suggest what it could be."""
    offered = {transfer.account_identifier for transfer in reading.credit_transfers}
    known = frozenset(value for value in (*offered, reading.value("debited_account_identifier")) if value)
    unread = [text for page in document.scanned.values() for text in unread_accounts(page, known)]
    invalid = compact(reading.field(ACCOUNT).raw or "") if reading.value(ACCOUNT) is None else ""
    others = filter(None, (suggestion(invalid), *map(suggestion_in, unread)))
    suggested = [
        Finding(
            rule="ACCOUNT-SUGGESTION", severity="info", message=f"check digits would hold for {it}", fields=(ACCOUNT,)
        )
        for it in dict.fromkeys(others)
    ]
    return (UNREAD, *suggested) if unread else tuple(suggested)
