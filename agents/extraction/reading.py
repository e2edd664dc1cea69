"""A document's bytes in, everything that it says out. Pure, and the only way to read one.

The lane follows from the content: an XML invoice, a PDF that carries one, a PDF with text. `read_bytes` is the same
with bytes on both sides, for the child process that reads.
"""

from agents.extraction import embedded, hybrid
from agents.extraction.answer import parse_reading, render_reading
from agents.extraction.attachments import MEDIA_TYPE as PDF
from agents.extraction.attachments import structure
from agents.extraction.detection import Kind, detect
from agents.extraction.draft import Draft
from agents.extraction.text.lexicon import lexicon
from agents.extraction.text.pages import page_texts
from agents.extraction.text.reading import read_document, read_text_pdf
from agents.extraction.xml.reading import read_xml
from schemas.accounts import iban_fault
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.finding import Finding

__all__ = ["parse_reading", "read", "read_bytes"]

A_VALID_IBAN = "DE89370400440532013000"  # the example of ISO 13616's registry; only its checking matters

_REFUSED: dict[Kind, tuple[str, str]] = {
    "empty": ("EMPTY", "the document has no content"),
    "image": ("IMAGE-UNSUPPORTED", "a picture; only PDF and XML are read"),
    "signed": ("P7M-UNSUPPORTED", "a signed envelope; only what is inside can be read"),
    "unknown": ("NOT-A-DOCUMENT", "neither XML nor PDF"),
}


def prepare() -> None:
    """Load what is loaded once: the lexicons and the bank registry. A child process forked afterwards has them."""
    lexicon()
    iban_fault(A_VALID_IBAN)


def read(content: bytes) -> ExtractedInvoice | Unreadable:
    """Return what the document says, or the machine reason why it cannot be read. Never raises for a document."""
    kind = detect(content)
    match kind:
        case "xml":
            return read_xml(content)
        case "pdf":
            return _read_pdf(content)
        case _:
            reason, detail = _REFUSED[kind]
            return Unreadable(reason=reason, detail=detail)


def _read_pdf(content: bytes) -> ExtractedInvoice | Unreadable:
    found = structure(content)
    if isinstance(found, Unreadable):
        return found
    invoice = embedded.choose(found.attachments)
    if invoice.draft is None:
        return _with_findings(read_text_pdf(content), invoice.findings)
    return _with_findings(_read_hybrid(invoice.draft, content, found.pages), invoice.findings)


def _read_hybrid(draft: Draft, content: bytes, pages: int) -> ExtractedInvoice | Unreadable:
    texts = page_texts(content)
    if not isinstance(texts, Unreadable):
        hybrid.confirm(draft, texts)
        hybrid.heed(draft, read_document(texts))
    elif texts.reason == "PDF-NO-TEXT":
        draft.find("PAGE-WITHOUT-TEXT", "the page is a picture and cannot be compared with the XML yet")
    else:
        return texts
    return draft.finished("hybrid", PDF, pages)


def _with_findings(reading: ExtractedInvoice | Unreadable, more: list[Finding]) -> ExtractedInvoice | Unreadable:
    if isinstance(reading, Unreadable) or not more:
        return reading
    return reading.model_copy(update={"findings": (*reading.findings, *more)})


def read_bytes(content: bytes) -> bytes:
    """Return the reading as the bytes that `answer.parse_reading` understands."""
    return render_reading(read(content))
