"""A document's pages with the words of its pictures: recognized words stand where a text layer's would."""

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2

from agents.extraction.scan.layers import is_picture, may_be_picture
from agents.extraction.scan.limits import DOTS_PER_INCH, PAGES_READ_MAX
from agents.extraction.scan.pictures import PagePicture, PictureFile, draw_page
from agents.extraction.scan.port import Picture, Recognizer, Token
from agents.extraction.scan.remainder import with_remainder
from agents.extraction.scan.rereading import reread, sureness
from agents.extraction.scan.spacing import spaced
from agents.extraction.scan.turning import Upright, upright
from agents.extraction.text.geometry import Word
from agents.extraction.text.pages import DocumentText, PageText
from schemas.evidence import Box

# Below this mean confidence a page may stand on its head: it is read the other way up as well, and the better is kept.
# Of pages on their head none comes to 0.4, and of upright ones a dense or pale one often comes to 0.7 (0028).
UPRIGHT_CONFIDENCE_MIN = 0.5


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page that was read from its picture: `tokens` in pixels of `upright`, `scale` pixels a point."""

    number: int
    upright: Upright
    scale: float
    width: float
    height: float
    tokens: tuple[Token, ...]
    layer: tuple[Word, ...] = ()  # what a text layer says that was not believed

    def text(self) -> PageText:
        """Return the page as the text reader knows pages, in points of the upright picture."""
        width, height = self.upright.image.width / self.scale, self.upright.image.height / self.scale
        return PageText(self.number, width, height, tuple(map(self.word, self.tokens)), self.layer)

    def word(self, token: Token) -> Word:
        """Return a token as a word in points."""
        box = (side / self.scale for side in (token.left, token.top, token.right, token.bottom))
        return Word(token.text, *box)

    def box(self, tokens: Sequence[Token]) -> Box:
        """Return the box in points around tokens, at least one."""
        return (
            min(token.left for token in tokens) / self.scale,
            min(token.top for token in tokens) / self.scale,
            max(token.right for token in tokens) / self.scale,
            max(token.bottom for token in tokens) / self.scale,
        )

    def within(self, box: Box) -> tuple[Token, ...]:
        """Return the tokens whose middle lies in a box of points."""
        left, top, right, bottom = (side * self.scale for side in box)
        return tuple(
            token
            for token in self.tokens
            if left <= (token.left + token.right) / 2 <= right and top <= (token.top + token.bottom) / 2 <= bottom
        )

    def page_box(self, box: Box) -> Box:
        """Return where a box of the upright picture stands on the page itself, in points to a tenth."""
        left, top, right, bottom = self.upright.source_box(*(side * self.scale for side in box))
        return (
            round(max(left / self.scale, 0.0), 1),
            round(max(top / self.scale, 0.0), 1),
            round(min(right / self.scale, self.width), 1),
            round(min(bottom / self.scale, self.height), 1),
        )


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """All pages in order; those of `scanned` were read from their pictures."""

    pages: tuple[PageText, ...]
    scanned: dict[int, ScannedPage]
    pages_total: int
    is_cut: bool

    def text(self) -> DocumentText:
        """Return the document as the text reader knows documents."""
        return DocumentText(self.pages, self.pages_total, self.is_cut)


def scan_pdf(content: bytes, layers: DocumentText, recognizer: Recognizer) -> ScannedDocument | None:
    """Return the pages of a PDF that PDFium opens; None where no page has to be read from its picture.

    Args:
        content: the PDF.
        layers: what its text layers say.
        recognizer: the engine.
    """
    if not any(map(may_be_picture, layers.pages)):
        return None
    document = pypdfium2.PdfDocument(content)
    try:
        pictures = [
            page for page in layers.pages if may_be_picture(page) and is_picture(document[page.number - 1], page)
        ]
        read = (_read(document, page, recognizer) for page in pictures[:PAGES_READ_MAX])
        scanned = {page.number: page for page in read if page is not None}
    finally:
        document.close()
    if not scanned:
        return None
    pages = tuple(scanned[page.number].text() if page.number in scanned else page for page in layers.pages)
    return ScannedDocument(pages, scanned, layers.pages_total, layers.is_cut or len(scanned) < len(pictures))


def _read(document: pypdfium2.PdfDocument, layer: PageText, recognizer: Recognizer) -> ScannedPage | None:
    page = document[layer.number - 1]
    picture = draw_page(page)
    page.close()
    return recognize(picture, layer.number, recognizer, layer.words + layer.hidden) if picture is not None else None


def scan_pictures(file: PictureFile, recognizer: Recognizer) -> ScannedDocument:
    """Return the pages of a picture file."""
    scanned = {number: recognize(picture, number, recognizer) for number, picture in enumerate(file.pages, start=1)}
    pages = tuple(page.text() for page in scanned.values())
    return ScannedDocument(pages, scanned, file.pages_total, file.pages_total > len(pages))


def recognize(picture: PagePicture, number: int, recognizer: Recognizer, layer: tuple[Word, ...] = ()) -> ScannedPage:
    """Return a page with the words of its picture, the right way up."""
    level = upright(picture.image)
    tokens = recognizer.page(as_picture(level))
    if sureness(tokens) < UPRIGHT_CONFIDENCE_MIN:
        other = level.upside_down()
        others = recognizer.page(as_picture(other))
        if sureness(others) > sureness(tokens):
            level, tokens = other, others
    words = spaced(reread(level.image, with_remainder(level.image, tokens, recognizer), recognizer))
    return ScannedPage(number, level, picture.scale, picture.width, picture.height, words, layer)


def as_picture(level: Upright) -> Picture:
    """Return an upright page as the engine takes it."""
    image = level.image
    return Picture(image.tobytes(), image.width, image.height, DOTS_PER_INCH)
