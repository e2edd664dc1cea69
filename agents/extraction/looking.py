"""All that PDFium tells of a PDF, from one look at each page: its words, and the codes that stand on it."""

from dataclasses import dataclass

import pypdfium2

from agents.extraction.codes.symbols import Search, Symbol
from agents.extraction.opened import opened, refusal
from agents.extraction.text.pages import DocumentText, Layers
from schemas.evidence import Unreadable


@dataclass(frozen=True, slots=True)
class Looked:
    """The text layers of the pages, which may be without words, and the codes."""

    layers: DocumentText
    symbols: tuple[Symbol, ...]


def look(content: bytes) -> Looked | Unreadable:
    """Return what stands on the pages of a PDF.

    Returns:
        Looked, or Unreadable with PDF-BROKEN or PDF-ENCRYPTED.
    """
    try:
        with opened(content) as pdf:
            layers, codes = Layers(pdf), Search(pdf)
            for index in layers.wanted:
                with pdf.page(index) as page:
                    layers.take(page)
                    codes.take(page)
            return Looked(layers.text(), codes.finish())
    except pypdfium2.PdfiumError as refused:
        return refusal(refused)
