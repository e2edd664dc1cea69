"""A document's bytes in, everything that it says out. Pure, and the only way to read one.

The lane follows from the content: an XML invoice, a PDF that carries one, a PDF with text, pages that are pictures.
`read_bytes` is the same with bytes on both sides, for the child process that reads.
"""

from dataclasses import dataclass

from agents.extraction import embedded, hybrid
from agents.extraction.answer import parse_reading, render_reading
from agents.extraction.attachments import MEDIA_TYPE as PDF
from agents.extraction.attachments import Structure, structure
from agents.extraction.codes.symbols import find_in_pictures
from agents.extraction.codes.witness import cross_examine
from agents.extraction.detection import Kind, detect
from agents.extraction.draft import Draft
from agents.extraction.looking import look
from agents.extraction.official.submission import Submission
from agents.extraction.raster import Raster
from agents.extraction.scan import lane as scan
from agents.extraction.scan.pages import ScannedDocument
from agents.extraction.scan.pictures import open_pictures
from agents.extraction.scan.port import Engine
from agents.extraction.signed import ENVELOPES_MAX, unwrap
from agents.extraction.text.lexicon import lexicon
from agents.extraction.text.memory import NOTHING
from agents.extraction.text.numerals import introductions, numerals
from agents.extraction.text.pages import DocumentText
from agents.extraction.text.reading import read_document
from agents.extraction.xml.guard import MEDIA_TYPE as XML
from agents.extraction.xml.reading import read_draft
from schemas.accounts import iban_fault
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.finding import Finding
from schemas.release import Learned

__all__ = ["parse_reading", "read", "read_bytes"]

A_VALID_IBAN = "DE89370400440532013000"  # the example of ISO 13616's registry; only its checking matters

# What is said of every document that came in a signed envelope.
UNVERIFIED = Finding(rule="SIGNATURE-NOT-VERIFIED", severity="info", message="the signature was not looked at")

_REFUSED: dict[Kind, tuple[str, str]] = {
    "empty": ("EMPTY", "the document has no content"),
    "signed": ("P7M-BROKEN", "more signed envelopes in each other than are opened"),
    "unknown": ("NOT-A-DOCUMENT", "neither XML nor PDF"),
}


@dataclass(frozen=True, slots=True)
class _Means:
    """What a document is read with."""

    engine: Engine | None
    learned: Learned


def prepare() -> None:
    """Load what is loaded once: the lexicons and the bank registry. A child process forked afterwards has them."""
    lexicon()
    numerals()
    introductions()
    iban_fault(A_VALID_IBAN)


def read(content: bytes, engine: Engine | None = None, learned: Learned = NOTHING) -> ExtractedInvoice | Unreadable:
    """Return what the document says, or the machine reason why it cannot be read. Never raises for a document.

    Args:
        content: the document.
        engine: reads pictures; without one they are refused.
        learned: what the release knows beside the code; of XML it changes nothing.
    """
    return _read(content, [], _Means(engine, learned))


def _read(
    content: bytes, submissions: list[Submission], means: _Means, envelopes: int = 0
) -> ExtractedInvoice | Unreadable:
    """Read by kind; what the official rules are to see is added to `submissions`, where the invoice is XML."""
    kind = detect(content)
    match kind:
        case "xml":
            return _read_xml(content, submissions)
        case "pdf":
            return _read_pdf(content, submissions, means)
        case "image":
            return _read_picture_file(content, means)
        case "signed" if envelopes < ENVELOPES_MAX:
            inner = unwrap(content)
            if isinstance(inner, Unreadable):
                return inner
            return _with_findings(_read(inner, submissions, means, envelopes + 1), [] if envelopes else [UNVERIFIED])
        case _:
            reason, detail = _REFUSED[kind]
            return Unreadable(reason=reason, detail=detail)


def _read_xml(content: bytes, submissions: list[Submission]) -> ExtractedInvoice | Unreadable:
    draft = read_draft(content)
    if isinstance(draft, Unreadable):
        return draft
    submissions.extend([draft.submission] if draft.submission else [])
    return draft.finished("xml", XML, pages=0)


def _read_picture_file(content: bytes, means: _Means) -> ExtractedInvoice | Unreadable:
    """Read a picture file, opened once for its words and its codes."""
    if means.engine is None:
        return scan.IMAGE_REFUSED
    file = open_pictures(content)
    if isinstance(file, Unreadable):
        return file
    reading = scan.read_picture_file(file, means.engine, means.learned)
    if isinstance(reading, Unreadable):
        return reading
    return cross_examine(reading, find_in_pictures([Raster(page.image, page.scale) for page in file.pages]))


def _read_pdf(content: bytes, submissions: list[Submission], means: _Means) -> ExtractedInvoice | Unreadable:
    found = structure(content)
    if isinstance(found, Unreadable):
        return found
    looked = look(content)
    if isinstance(looked, Unreadable):
        return looked
    reading = _read_pages(content, looked.layers, found, submissions, means)
    return reading if isinstance(reading, Unreadable) else cross_examine(reading, looked.symbols)


def _read_pages(
    content: bytes, layers: DocumentText, found: Structure, submissions: list[Submission], means: _Means
) -> ExtractedInvoice | Unreadable:
    """Read the attached XML with its pages, or the pages alone."""
    invoice = embedded.choose(found.attachments)
    if invoice.draft is None:
        return _with_findings(scan.read_pages(content, layers, means.engine, means.learned), invoice.findings)
    submissions.extend([invoice.draft.submission] if invoice.draft.submission else [])
    page = scan.witness(content, layers, means.engine)
    return _with_findings(_read_hybrid(invoice.draft, page, found.pages), invoice.findings)


def _read_hybrid(draft: Draft, page: DocumentText | ScannedDocument | None, pages: int) -> ExtractedInvoice:
    """Hold the XML against its page, which may have been read from a picture or not at all."""
    if page is None:
        draft.find("PAGE-WITHOUT-TEXT", "the page is a picture and cannot be compared with the XML")
        return draft.finished("hybrid", PDF, pages)
    texts = page.text() if isinstance(page, ScannedDocument) else page
    hybrid.confirm(draft, texts)
    hybrid.heed(draft, read_document(texts))
    if isinstance(page, ScannedDocument):
        scan.place(draft, page)
    return draft.finished("hybrid", PDF, pages)


def _with_findings(reading: ExtractedInvoice | Unreadable, more: list[Finding]) -> ExtractedInvoice | Unreadable:
    if isinstance(reading, Unreadable) or not more:
        return reading
    return reading.model_copy(update={"findings": (*reading.findings, *more)})


def read_bytes(content: bytes, engine: Engine | None = None, learned: Learned = NOTHING) -> bytes:
    """Return the reading as the bytes that `answer.parse_answer` understands."""
    submissions: list[Submission] = []
    reading = _read(content, submissions, _Means(engine, learned))
    return render_reading(reading, next(iter(submissions), None))
