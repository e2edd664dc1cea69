"""A PDF that PDFium has opened: once for all who look at it, and each of its pages once as well.

Its words, what of them can be seen, and the codes on its pages are read from the same pages: parsing a page costs as
much as reading its words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pypdfium2

from agents.extraction.inventory import Inventory, take_inventory
from agents.extraction.mapping import ToPage, page_mapping
from schemas.evidence import Unreadable

MEDIA_TYPE = "application/pdf"


class OpenedPage:
    """One parsed page.

    Attributes:
        number: from 1.
        page: as pypdfium2 knows it.
        size: width and height in points.
        pdf: the document that it belongs to.
    """

    def __init__(self, number: int, page: Any, pdf: "OpenedPdf") -> None:
        """Take a page that is open, and stays so while this one is used."""
        self.number = number
        self.page = page
        self.size: tuple[float, float] = page.get_size()
        self.pdf = pdf

    @cached_property
    def to_page(self) -> ToPage:
        """The map from user space to points from the top left."""
        return page_mapping(self.page.raw, *self.size)

    @cached_property
    def inventory(self) -> Inventory:
        """What the page is drawn from."""
        return take_inventory(self.page.raw, self.to_page)


class OpenedPdf:
    """The document; whoever opens it closes it."""

    def __init__(self, content: bytes) -> None:
        """Open it.

        Raises:
            pypdfium2.PdfiumError: it asks for a password, or is broken.
        """
        self._content = content
        self._document = pypdfium2.PdfDocument(content)
        self._copy: pypdfium2.PdfDocument | None = None

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._document)

    @property
    def raw(self) -> Any:
        """Return the document as pypdfium2.raw knows it."""
        return self._document.raw

    @contextmanager
    def page(self, index: int) -> Iterator[OpenedPage]:
        """Parse a page, from 0, for as long as the context lasts.

        Raises:
            pypdfium2.PdfiumError: the page is broken.
        """
        page = self._document[index]
        try:
            yield OpenedPage(index + 1, page, self)
        finally:
            page.close()

    def copy(self) -> pypdfium2.PdfDocument:
        """Return the document opened a second time, once for all who change what they look at."""
        if self._copy is None:
            self._copy = pypdfium2.PdfDocument(self._content)
        return self._copy

    def close(self) -> None:
        """Close it, and its copy."""
        self._document.close()
        if self._copy is not None:
            self._copy.close()


@contextmanager
def opened(content: bytes) -> Iterator[OpenedPdf]:
    """Open a PDF for as long as the context lasts.

    Raises:
        pypdfium2.PdfiumError: it asks for a password, or is broken; `refusal` says which.
    """
    pdf = OpenedPdf(content)
    try:
        yield pdf
    finally:
        pdf.close()


def refusal(refused: pypdfium2.PdfiumError) -> Unreadable:
    """Return why PDFium cannot read a PDF."""
    if "password" in str(refused).lower():
        return Unreadable(reason="PDF-ENCRYPTED", detail="the PDF asks for a password", media_type=MEDIA_TYPE)
    return Unreadable(reason="PDF-BROKEN", detail="PDFium cannot open the PDF", media_type=MEDIA_TYPE)
