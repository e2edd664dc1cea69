"""The page as a witness for and against the XML, with what each of them says."""

import io

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.reading import read
from schemas.evidence import ExtractedInvoice
from schemas.finding import Finding
from tests.agents.extraction import pdfs
from tests.agents.extraction.codes.papers import epc, squares
from tests.agents.extraction.xml_invoices import CII, IBAN, OTHER_IBAN

OTHER_PAGE = (
    "Peintures du Nord SARL",
    "Facture F-78 du 15.10.2026",
    "Total TTC 240,00 EUR",
    "IBAN DE89 3704 0044 0532 0130 00",
)


def extract(page: bytes, xml: str = CII) -> ExtractedInvoice:
    found = read(pdfs.attach(page, {"factur-x.xml": xml}))
    assert isinstance(found, ExtractedInvoice)
    assert found.lane == "hybrid"
    return found


def page(*lines: str, code: str | None = None, hidden: str | None = None, scanned: bool = False) -> bytes:
    """Return a PDF of one page; `hidden` is white on white, `scanned` sets all lines without ink on a picture."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1)
    if scanned:
        canvas.drawImage(ImageReader(Image.new("L", (60, 84), 230)), 0, 0, 595, 842)
    for row, line in enumerate(lines):
        text = canvas.beginText(72, 770 - 20 * row)
        text.setTextRenderMode(3 if scanned else 0)
        text.textOut(line)
        canvas.drawText(text)
    if code is not None:
        squares(canvas, code, place=(300, 100), side=120)
    if hidden is not None:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 400, hidden)
    canvas.save()
    return stream.getvalue()


def found_by(rule: str, reading: ExtractedInvoice) -> list[Finding]:
    return [finding for finding in reading.findings if finding.rule == rule]


def test_another_account_is_shown_beside_the_xmls() -> None:
    lines = (*pdfs.CII_PAGE[:3], "IBAN DE89 3704 0044 0532 0130 00")
    (said,) = found_by("XML-PAGE-MISMATCH", extract(page(*lines)))
    assert said.fields == ("payment_account_identifier",)
    assert "cii says FR**0189, text says DE**3000 on page 1 at [" in said.message
    assert OTHER_IBAN not in said.message


def test_another_invoice_is_recognised_as_one() -> None:
    (said,) = found_by("XML-OTHER-INVOICE", extract(page(*OTHER_PAGE)))
    assert said.severity == "error"
    assert {"invoice_number", "payment_account_identifier", "invoice_issue_date"} <= set(said.fields)
    assert "F-77" in said.message
    assert "240" in said.message


def test_a_number_that_is_printed_in_another_way_is_not_another_invoice() -> None:
    lines = (pdfs.CII_PAGE[0], "Facture du 30.09.2026", *pdfs.CII_PAGE[2:])
    found = extract(page(*lines))
    assert found_by("XML-PAGE-MISMATCH", found)
    assert not found_by("XML-OTHER-INVOICE", found)


def test_an_account_that_is_hidden_in_the_page_is_a_doubt() -> None:
    assert not found_by("ACCOUNT-AMBIGUOUS", extract(page(*pdfs.CII_PAGE)))
    assert found_by("ACCOUNT-AMBIGUOUS", extract(page(*pdfs.CII_PAGE, hidden=f"IBAN {IBAN}")))


def test_the_xmls_own_account_may_be_hidden_as_well() -> None:
    assert not found_by("ACCOUNT-AMBIGUOUS", extract(page(*pdfs.CII_PAGE, hidden=f"IBAN {OTHER_IBAN}")))


def test_words_without_ink_confirm_nothing() -> None:
    found = extract(page(*pdfs.CII_PAGE, scanned=True))
    assert found_by("PAGE-WITHOUT-TEXT", found)
    assert found.fields["payment_account_identifier"].agrees == ()


def test_a_code_confirms_the_xml() -> None:
    found = extract(page(*pdfs.CII_PAGE, code=epc(OTHER_IBAN, "")))
    assert found.fields["payment_account_identifier"].agrees == ("text", "qr")
    assert not found_by("CODE-MISMATCH", found)


@pytest.mark.parametrize("code", [epc(IBAN, ""), epc(OTHER_IBAN, "EUR7.00")])
def test_a_code_contradicts_the_xml(code: str) -> None:
    (said,) = found_by("CODE-MISMATCH", extract(page(*pdfs.CII_PAGE, code=code)))
    assert "cii says" in said.message
    assert "EPC069-12 says" in said.message
