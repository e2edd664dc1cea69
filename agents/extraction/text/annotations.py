"""What a PDF page says beside its content: comments, form fields, links. It is read only to be doubted."""

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.opened import OpenedPage
from agents.extraction.text.geometry import Word

# More annotations than these are a form or a drawing, and no invoice's.
ANNOTATIONS_MAX = 200
# Of one annotation: an account stands in its first words or is not meant to be found.
TEXT_BYTES_MAX = 4_000
# Contents, rich contents, the value and the default value of a field (ISO 32000-2, 12.5.2, 12.5.6.2, 12.7.4.1).
_ENTRIES = (b"Contents", b"RC", b"V", b"DV")
_WORD = re.compile(r"[^\W_]+")
_WITHOUT_APPEARANCE = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
LETTER_POINTS, LINE_POINTS = 5.0, 10.0


def annotation_words(opened: OpenedPage) -> tuple[Word, ...]:
    """Return the words of a page's annotations, set one behind another in a line of their own for each text."""
    page = opened.page
    texts: list[str] = []
    subtypes: set[int] = set()
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), ANNOTATIONS_MAX)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
        subtypes.add(pdfium.FPDFAnnot_GetSubtype(annotation))
        texts.extend(_texts(opened.pdf.raw, annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
    if subtypes - _WITHOUT_APPEARANCE:
        texts.append(_drawn(opened.pdf.copy(), opened.number - 1))
    return tuple(word for row, text in enumerate(filter(None, texts)) for word in _line(text, row))


def _drawn(copy: Any, index: int) -> str:
    """Return what the annotations' appearances show, whatever their contents claim: the text that drawing them adds.

    They are drawn into the page, so this is done to a copy of the document.
    """
    page = copy[index]
    before = _text(page)
    flattened = pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    page.close()
    if not flattened:
        return ""
    page = copy[index]
    after = _text(page)
    page.close()
    return after.removeprefix(before)[-TEXT_BYTES_MAX:]


def _text(page: Any) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()


def _texts(document: Any, annotation: Any) -> Iterator[str]:
    for entry in _ENTRIES:
        yield _entry(annotation, entry)
    link = pdfium.FPDFAnnot_GetLink(annotation)
    if link:
        target = ctypes.create_string_buffer(TEXT_BYTES_MAX)
        pdfium.FPDFAction_GetURIPath(document, pdfium.FPDFLink_GetAction(link), target, TEXT_BYTES_MAX)
        yield target.value.decode("utf-8", "replace")


def _entry(annotation: Any, name: bytes) -> str:
    """Return a text of the annotation's dictionary; one that is too long for the buffer is none."""
    buffer = (ctypes.c_ushort * (TEXT_BYTES_MAX // 2))()
    length = pdfium.FPDFAnnot_GetStringValue(annotation, name, buffer, TEXT_BYTES_MAX)
    return bytes(buffer)[: max(length - 2, 0)].decode("utf-16-le", "replace") if length <= TEXT_BYTES_MAX else ""


def _line(text: str, row: int) -> Iterator[Word]:
    left, top = 0.0, 2 * LINE_POINTS * row
    for found in _WORD.finditer(text):
        right = left + LETTER_POINTS * len(found.group())
        yield Word(found.group(), left, top, right, top + LINE_POINTS)
        left = right + LETTER_POINTS / 2
