"""The scan lane as the other lanes see it: which documents it takes, and what it makes of them."""

from agents.extraction.draft import Draft
from agents.extraction.opened import MEDIA_TYPE
from agents.extraction.scan.pages import ScannedDocument, scan_pdf, scan_pictures
from agents.extraction.scan.pictures import PictureFile
from agents.extraction.scan.port import Engine, Missing
from agents.extraction.scan.reading import read_scan
from agents.extraction.text.memory import NOTHING
from agents.extraction.text.pages import NO_TEXT, DocumentText
from agents.extraction.text.reading import read_document
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Learned

IMAGE_REFUSED = Unreadable(reason="IMAGE-UNSUPPORTED", detail="a picture; only PDF and XML are read")


def read_pages(
    content: bytes, layers: DocumentText, engine: Engine | None, learned: Learned = NOTHING
) -> ExtractedInvoice | Unreadable:
    """Return what the pages of a PDF say, those that are pictures as the engine reads them.

    Returns:
        ExtractedInvoice of lane "text" or "scan", or Unreadable with PDF-NO-TEXT (no engine was asked for),
        OCR-UNAVAILABLE (there is none) or SCAN-NO-TEXT.
    """
    if engine is not None and not isinstance(engine, Missing):
        document = scan_pdf(content, layers, engine)
        if document is not None:
            return read_scan(document, engine, MEDIA_TYPE, learned)
    if layers.has_words():
        return read_document(layers, learned)
    return unavailable(engine, MEDIA_TYPE) if isinstance(engine, Missing) else NO_TEXT


def read_picture_file(file: PictureFile, engine: Engine, learned: Learned = NOTHING) -> ExtractedInvoice | Unreadable:
    """Return what a PNG, JPEG or TIFF file says, or why it cannot be read."""
    if isinstance(engine, Missing):
        return unavailable(engine, file.media_type)
    return read_scan(scan_pictures(file, engine), engine, file.media_type, learned)


def witness(content: bytes, layers: DocumentText, engine: Engine | None) -> DocumentText | ScannedDocument | None:
    """Return the pages of a hybrid, to hold its XML against; None where they are pictures that nobody can read."""
    if engine is not None and not isinstance(engine, Missing):
        document = scan_pdf(content, layers, engine)
        if document is not None and document.text().has_words():
            return document
    return layers if layers.has_words() else None


def place(draft: Draft, document: ScannedDocument) -> None:
    """Tell of the values that a recognized page confirms where they stand on it, and that OCR has seen them."""
    for name, field in draft.fields.items():
        page = document.scanned.get(field.page or 0)
        if page is not None and field.box is not None:
            placed = {"box": page.page_box(field.box), "agrees": ("ocr",)}
            draft.fields[name] = field.model_copy(update=placed)


def unavailable(engine: Missing, media_type: str) -> Unreadable:
    """Return the refusal of a picture on a machine without an engine."""
    return Unreadable(reason="OCR-UNAVAILABLE", detail=engine.detail, media_type=media_type)
