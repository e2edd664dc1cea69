"""Which reader a root element belongs to."""

from collections.abc import Callable

from agents.extraction.draft import Draft
from agents.extraction.xml import cii, fatturapa, ubl
from agents.extraction.xml.tree import Element, local_name, namespace

Reader = Callable[[Element], Draft]

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
# Root name, the beginning of its namespace, the reader. Versions differ behind the beginning.
_READERS: tuple[tuple[str, str, Reader], ...] = (
    ("Invoice", f"{_UBL}Invoice-2", ubl.read),
    ("CreditNote", f"{_UBL}CreditNote-2", ubl.read),
    ("CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:", cii.read),
    ("CrossIndustryDocument", "urn:ferd:", cii.read),
    ("Invoice", "urn:un:unece:uncefact:data:standard:CBFBUY:", cii.read),  # release candidate of ZUGFeRD 1.0
    ("FatturaElettronica", "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1", fatturapa.read),
    ("FatturaElettronica", "http://www.fatturapa.gov.it/sdi/fatturapa/v1", fatturapa.read),
)


# The envelope in which Peppol carries an invoice (UN/CEFACT Standard Business Document Header).
_ENVELOPE = ("StandardBusinessDocument", "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader")


def document_of(root: Element) -> Element:
    """Return the invoice itself, out of its transport envelope where it came in one."""
    if (local_name(root), namespace(root)) != _ENVELOPE:
        return root
    return next((child for child in root if reader_of(child)), root)


def reader_of(root: Element) -> Reader | None:
    """Return the reader of a document, or None where it is in no syntax that we read."""
    name, space = local_name(root), namespace(root)
    return next((read for root_name, start, read in _READERS if name == root_name and space.startswith(start)), None)
