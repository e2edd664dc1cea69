"""PDFs of our own: pages drawn by reportlab, files attached by pypdf."""

import io
from collections.abc import Mapping
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from tests.agents.extraction.xml_invoices import OTHER_IBAN

# What the page of the CII invoice shows when it agrees with the XML; prepaid, so that nothing is due.
CII_PAGE = (
    "Peintures du Nord SARL",
    "Facture F-77 du 30.09.2026",
    "Total TTC 120,00 EUR",
    f"IBAN {' '.join(OTHER_IBAN[at : at + 4] for at in range(0, len(OTHER_IBAN), 4))}",
)


def page(*lines: str) -> bytes:
    """Return a PDF of one page with these lines; without any, of one empty page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for row, line in enumerate(lines):
        canvas.drawString(72, 770 - 20 * row, line)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def attach(
    pdf: bytes, files: Mapping[str, str | bytes], *, password: str | None = None, compressed: bool = False
) -> bytes:
    """Return the PDF with the files in its name tree, encrypted where a password is given (it may be empty)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for name, content in files.items():
        added: Any = writer.add_attachment(name, content if isinstance(content, bytes) else content.encode())
        if compressed:
            files_of = added.pdf_object["/EF"]
            files_of[NameObject("/F")] = writer._add_object(files_of["/F"].get_object().flate_encode())
    if password is not None:
        writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    return _written(writer)


def associate(pdf: bytes, name: str, content: str) -> bytes:
    """Return the PDF with the file among its associated files only, not in the name tree."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(attach(pdf, {name: content}))))
    names = writer.root_object.pop(NameObject("/Names"))
    specification = names.get_object()["/EmbeddedFiles"]["/Names"][1]
    writer.root_object[NameObject("/AF")] = ArrayObject([specification])
    return _written(writer)


def deepen(pdf: bytes, levels: int) -> bytes:
    """Return the PDF with its name tree pushed down by so many levels of kids."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    names: Any = writer.root_object["/Names"].get_object()
    node = names.raw_get("/EmbeddedFiles")
    for _ in range(levels):
        node = writer._add_object(DictionaryObject({NameObject("/Kids"): ArrayObject([node])}))
    names[NameObject("/EmbeddedFiles")] = node
    return _written(writer)


def loop(pdf: bytes) -> bytes:
    """Return the PDF with a name tree that contains itself."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    node: Any = writer._add_object(DictionaryObject())
    node.get_object()[NameObject("/Kids")] = ArrayObject([node, node])
    node.get_object()[NameObject("/Limits")] = ArrayObject([TextStringObject("a"), TextStringObject("z")])
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): node})
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
