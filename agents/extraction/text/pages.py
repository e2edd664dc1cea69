"""The words of a PDF, page by page, with their boxes."""

from dataclasses import dataclass

import pypdfium2

from agents.extraction.opened import MEDIA_TYPE, OpenedPage, OpenedPdf, opened, refusal
from agents.extraction.text.annotations import annotation_words
from agents.extraction.text.geometry import Word
from agents.extraction.text.glyphs import PageGlyphs, read_page
from schemas.evidence import Unreadable

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


class Layers:
    """The words of a document while its pages are looked at, one after another from the first."""

    def __init__(self, pdf: OpenedPdf) -> None:
        """Begin with no page read."""
        self._total = len(pdf)
        self._pages: list[PageText] = []
        self._left = CHARACTERS_MAX
        self._is_cut = self._total > PAGES_READ_MAX

    @property
    def wanted(self) -> range:
        """Return the indexes of the pages that are read."""
        return range(min(self._total, PAGES_READ_MAX))

    def take(self, page: OpenedPage) -> None:
        """Read the next page.

        Raises:
            pypdfium2.PdfiumError: it is broken.
        """
        glyphs = read_page(page, self._left)
        self._pages.append(_page(page.number, glyphs, annotation_words(page)))
        self._is_cut = self._is_cut or glyphs.characters > self._left
        self._left = max(self._left - glyphs.characters, 0)

    def text(self) -> DocumentText:
        """Return what was read."""
        return DocumentText(tuple(self._pages), self._total, self._is_cut)


def page_texts(content: bytes) -> DocumentText | Unreadable:
    """Return the words of each page, boxes in points from the top left.

    Returns:
        DocumentText, or Unreadable with PDF-BROKEN, PDF-ENCRYPTED or PDF-NO-TEXT.
    """
    try:
        with opened(content) as pdf:
            layers = Layers(pdf)
            for index in layers.wanted:
                with pdf.page(index) as page:
                    layers.take(page)
    except pypdfium2.PdfiumError as refused:
        return refusal(refused)
    document = layers.text()
    return document if document.has_words() else NO_TEXT


def _page(number: int, glyphs: PageGlyphs, beside: tuple[Word, ...]) -> PageText:
    """Return the page; where nothing is drawn in ink, the layer behind the picture stands in for it."""
    size, hidden = (glyphs.width, glyphs.height), glyphs.hidden + beside
    if glyphs.words or not glyphs.invisible:
        return PageText(number, *size, glyphs.words, glyphs.invisible + hidden)
    return PageText(number, *size, glyphs.invisible, hidden, is_scan_layer=True)
