"""A document of pictures to an extracted invoice: the text reader reads the recognized words, the proofs weigh them."""

from agents.extraction.scan.again import compact, unread_accounts, with_accounts
from agents.extraction.scan.pages import ScannedDocument
from agents.extraction.scan.port import Recognizer
from agents.extraction.scan.proofs import DOUBTED, weighed
from agents.extraction.scan.suggestions import suggestion, suggestion_among
from agents.extraction.text.memory import NOTHING
from agents.extraction.text.pages import PageText
from agents.extraction.text.reading import read_document
from schemas.evidence import ExtractedInvoice, Field, FieldName, Unreadable
from schemas.finding import Finding
from schemas.release import Learned

ACCOUNT: FieldName = "payment_account_identifier"
UNREAD = Finding(
    rule="ACCOUNT-INVALID",
    severity="error",
    message="a line of the page looks like an account and cannot be read",
    fields=(ACCOUNT,),
)
_SUGGESTED = "check digits would hold for {}, which is not what was read"


def read_scan(
    document: ScannedDocument, recognizer: Recognizer, media_type: str, learned: Learned = NOTHING
) -> ExtractedInvoice | Unreadable:
    """Return what the pictures say.

    Returns:
        ExtractedInvoice of lane "scan", or Unreadable with SCAN-NO-TEXT.
    """
    if not any(page.words for page in document.pages):
        return Unreadable(reason="SCAN-NO-TEXT", detail="no word can be recognized", media_type=media_type)
    looked, exchanged = _with_accounts(document, recognizer)
    reading = read_document(looked.text(), learned)
    fields = {name: _weighed(looked, name, field, recognizer, exchanged) for name, field in reading.fields.items()}
    doubts = _Doubts(looked, reading)
    if doubts.suggested is not None:
        fields[ACCOUNT] = doubts.suggested
    findings = (*reading.findings, *doubts.findings)
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


class _Doubts:
    """Accounts that cannot be read: any may be the payee's, so the document is doubtful; and what they could be."""

    def __init__(self, document: ScannedDocument, reading: ExtractedInvoice) -> None:
        self._field = reading.field(ACCOUNT)
        offered = {transfer.account_identifier for transfer in reading.credit_transfers}
        known = frozenset(value for value in (*offered, reading.value("debited_account_identifier")) if value)
        self._unread = [(page, line) for page in document.scanned.values() for line in unread_accounts(page, known)]
        invalid = suggestion(compact(self._field.raw or "")) if self._field.value is None else None
        others = (suggestion_among([compact(token.text) for token in line]) for _, line in self._unread)
        self._suggestions = tuple(dict.fromkeys(it for it in (invalid, *others) if it is not None))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what a person is told."""
        suggested = (
            Finding(rule="ACCOUNT-SUGGESTION", severity="info", message=_SUGGESTED.format(it), fields=(ACCOUNT,))
            for it in self._suggestions
        )
        unread = (UNREAD,) if self._unread or self._suggestions else ()
        return (*unread, *suggested)

    @property
    def suggested(self) -> Field | None:
        """Return the one suggestion as a doubted value for a person to confirm, where the reading has no account."""
        if self._field.value is not None or len(self._suggestions) != 1 or len(self._unread) > 1:
            return None
        value = {"value": self._suggestions[0], "confidence": DOUBTED, "source": "ocr"}
        if self._field.box is not None or not self._unread:
            return self._field.model_copy(update=value)
        page, line = self._unread[0]
        where = {"raw": " ".join(token.text for token in line), "page": page.number}
        return self._field.model_copy(update=value | where | {"box": page.page_box(page.box(line))})
