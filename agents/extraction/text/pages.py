"""The words of a PDF, page by page, with their boxes."""

from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from agents.extraction.text.annotations import annotation_words
from agents.extraction.text.geometry import Word
from agents.extraction.text.glyphs import PageGlyphs, read_page
from schemas.evidence import Unreadable

MEDIA_TYPE = "application/pdf"
# An invoice states what it asks for on its first pages or its last; 50 cover every itemised bill that we saw.
PAGES_READ_MAX = 50
# About 40 dense pages. It bounds the time of one document to well under a second.
CHARACTERS_MAX = 150_000


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: size in points, visible words in the order of the file, and what only machines see.

    `is_scan_layer` says that all its words are drawn in no ink: somebody's OCR behind a picture.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    hidden: tuple[Word, ...] = ()
    is_scan_layer: bool = False

    def text(self) -> str:
        """Return the words joined by blanks, in the order of the file."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The pages that were read; `pages_total` may be more, and `is_cut` says that something was left out."""

    pages: tuple[PageText, ...]
    pages_total: int
    is_cut: bool

    def has_words(self) -> bool:
        """Tell whether any page has a word."""
        return any(page.words for page in self.pages)


NO_TEXT = Unreadable(reason="PDF-NO-TEXT", detail="no page has a text layer", media_type=MEDIA_TYPE)


def page_texts(content: bytes) -> DocumentText | Unreadable:
    """Return the words of each page, boxes in points from the top left.

    Returns:
        DocumentText, or Unreadable with PDF-BROKEN, PDF-ENCRYPTED or PDF-NO-TEXT.
    """
    layers = page_layers(content)
    return layers if isinstance(layers, Unreadable) or layers.has_words() else NO_TEXT


def page_layers(content: bytes) -> DocumentText | Unreadable:
    """Return the same where pages have no words as well: whoever looks at pictures asks for them.

    Returns:
        DocumentText, or Unreadable with PDF-BROKEN or PDF-ENCRYPTED.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as refused:
        return _refusal(refused)
    try:
        return _read(document)
    except pypdfium2.PdfiumError as refused:
        return _refusal(refused)
    finally:
        document.close()


def _refusal(refused: pypdfium2.PdfiumError) -> Unreadable:
    if "password" in str(refused).lower():
        return Unreadable(reason="PDF-ENCRYPTED", detail="the PDF asks for a password", media_type=MEDIA_TYPE)
    return Unreadable(reason="PDF-BROKEN", detail="PDFium cannot open the PDF", media_type=MEDIA_TYPE)


def _read(document: pypdfium2.PdfDocument) -> DocumentText:
    total = len(document)
    left = CHARACTERS_MAX
    pages: list[PageText] = []
    is_cut = total > PAGES_READ_MAX
    for index in range(min(total, PAGES_READ_MAX)):
        page = document[index]
        glyphs = read_page(page, left)
        annotated = pdfium.FPDFPage_GetAnnotCount(page.raw) > 0
        page.close()
        pages.append(_page(index + 1, glyphs, annotation_words(document, index) if annotated else ()))
        is_cut = is_cut or glyphs.characters > left
        left = max(left - glyphs.characters, 0)
    return DocumentText(tuple(pages), total, is_cut)


def _page(number: int, glyphs: PageGlyphs, beside: tuple[Word, ...]) -> PageText:
    """Return the page; where nothing is drawn in ink, the layer behind the picture stands in for it."""
    size, hidden = (glyphs.width, glyphs.height), glyphs.hidden + beside
    if glyphs.words or not glyphs.invisible:
        return PageText(number, *size, glyphs.words, glyphs.invisible + hidden)
    return PageText(number, *size, glyphs.invisible, hidden, is_scan_layer=True)
