"""Lanes, attachments and the page as a witness, on real PDFs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.answer import parse_reading
from agents.extraction.reading import read, read_bytes
from schemas.evidence import ExtractedInvoice, Unreadable
from tests.agents.extraction import pdfs
from tests.agents.extraction.xml_invoices import CII, IBAN, OTHER_IBAN, UBL, ZUGFERD_1, swap

PAGE = pdfs.page(*pdfs.CII_PAGE)


def extract(content: bytes) -> ExtractedInvoice:
    extracted = read(content)
    assert isinstance(extracted, ExtractedInvoice), extracted
    return extracted


def rules(extracted: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in extracted.findings}


def hybrid(**files: str) -> ExtractedInvoice:
    return extract(pdfs.attach(PAGE, files))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY"),
        (b"Dear Sir or Madam", "NOT-A-DOCUMENT"),
        (b"\x89PNG\r\n\x1a\n", "IMAGE-UNSUPPORTED"),
        (b"%PDF-1.7 and then nothing", "PDF-BROKEN"),
        (b"<html/>", "XML-UNKNOWN-DIALECT"),
        (b"<!DOCTYPE a><a/>", "XML-DOCTYPE"),
    ],
)
def test_what_cannot_be_read_has_a_reason(content: bytes, reason: str) -> None:
    refused = read(content)
    assert isinstance(refused, Unreadable)
    assert refused.reason == reason


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml", "Rechnung 77.xml", "77"]
)
def test_attached_invoice_is_found_under_any_name(name: str) -> None:
    extracted = extract(pdfs.attach(PAGE, {"picture.png": b"\x89PNG", name: CII}))
    assert extracted.lane == "hybrid"
    assert extracted.pages == 1
    assert extracted.value("payment_account_identifier") == OTHER_IBAN
    assert rules(extracted) == set()


def test_associated_file_is_found() -> None:
    assert extract(pdfs.associate(PAGE, "factur-x.xml", CII)).lane == "hybrid"


def test_deep_name_tree_is_walked_and_an_endless_one_left() -> None:
    assert extract(pdfs.deepen(pdfs.attach(PAGE, {"factur-x.xml": CII}), 20)).lane == "hybrid"
    assert read(pdfs.loop(PAGE))


def test_page_confirms_the_values() -> None:
    extracted = hybrid(**{"factur-x.xml": CII})
    account = extracted.field("payment_account_identifier")
    assert (account.source, account.agrees, account.page) == ("cii", ("text",), 1)
    assert account.box is not None
    assert extracted.field("seller_name").agrees == ()


@pytest.mark.parametrize(
    ("xml", "field"),
    [
        (swap(CII, (OTHER_IBAN, IBAN)), "payment_account_identifier"),
        (swap(CII, ("F-77</ram:ID>", "F-78</ram:ID>")), "invoice_number"),
        (swap(CII, ("120.00</ram:Grand", "121.00</ram:Grand")), "invoice_total_amount_with_vat"),
        (swap(CII, ("0.00</ram:Due", "60.00</ram:Due")), "amount_due_for_payment"),
        (swap(CII, (">EUR</ram:InvoiceCurrencyCode>", ">USD</ram:InvoiceCurrencyCode>")), "invoice_currency_code"),
        (swap(CII, ("20260930", "20250930")), "invoice_issue_date"),
    ],
)
def test_page_that_shows_something_else_is_a_doubt(xml: str, field: str) -> None:
    extracted = hybrid(**{"factur-x.xml": xml})
    mismatch = [finding for finding in extracted.findings if finding.rule == "XML-PAGE-MISMATCH"]
    assert [finding.fields for finding in mismatch] == [(field,)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [("Attention : nos coordonnées bancaires ont changé", "ACCOUNT-CHANGE-NOTICE"), ("Avoir", "CREDIT-NOTE")],
)
def test_page_that_speaks_against_the_payment_is_heeded(line: str, rule: str) -> None:
    content = pdfs.attach(pdfs.page(line, *pdfs.CII_PAGE), {"factur-x.xml": CII})
    assert rules(extract(content)) == {rule}


def test_page_that_is_a_picture_is_a_doubt() -> None:
    assert rules(extract(pdfs.attach(pdfs.page(), {"factur-x.xml": CII}))) == {"PAGE-WITHOUT-TEXT"}


def test_broken_attachment_leaves_the_text_and_a_doubt() -> None:
    extracted = hybrid(**{"factur-x.xml": CII[:900]})
    assert extracted.lane == "text"
    assert "XML-BROKEN" in rules(extracted)


def test_attachment_with_a_doctype_is_broken() -> None:
    assert "XML-BROKEN" in rules(hybrid(**{"factur-x.xml": "<!DOCTYPE a><a/>"}))


def test_other_xml_does_not_matter() -> None:
    extracted = hybrid(**{"factur-x.xml": CII, "logistics.xml": "<logistics/>", "broken.xml": "<a"})
    assert rules(extracted) == set()


def test_the_same_invoice_in_two_syntaxes() -> None:
    assert rules(hybrid(**{"ZUGFeRD-invoice.xml": ZUGFERD_1, "factur-x.xml": CII})) == {"XML-SEVERAL"}


def test_two_different_invoices_are_a_doubt() -> None:
    extracted = hybrid(**{"xrechnung.xml": UBL, "factur-x.xml": CII})
    assert extracted.value("invoice_number") == "F-77"
    assert {"XML-SEVERAL", "ACCOUNT-AMBIGUOUS", "AMOUNT-AMBIGUOUS", "NUMBER-AMBIGUOUS"} == rules(extracted)


def test_order_is_no_invoice() -> None:
    extracted = hybrid(**{"order-x.xml": "<SCRDMCCBDACIOMessageStructure/>"})
    assert extracted.lane == "text"
    assert "NOT-AN-INVOICE" in rules(extracted)


def test_bomb_in_an_attachment_is_not_inflated() -> None:
    assert "XML-BROKEN" in rules(extract(pdfs.attach(PAGE, {"factur-x.xml": b"<a>" + b" " * 30_000_000})))


def test_a_broken_attachment_does_not_hide_a_good_one() -> None:
    content = pdfs.attach(PAGE, {"a-drawing": b"\x00" * 5_000, "factur-x.xml": CII}, compressed=True)
    start = content.index(b"stream\n", content.index(b"/EmbeddedFile")) + len(b"stream\n")
    extracted = extract(content[:start] + b"\xff" * 8 + content[start + 8 :])
    assert extracted.lane == "hybrid"


def test_junk_before_the_header_is_tolerated() -> None:
    assert extract(b"Received: by mail gateway\n" * 10 + pdfs.attach(PAGE, {"factur-x.xml": CII})).lane == "hybrid"


def test_encryption_without_a_user_password_is_no_obstacle() -> None:
    assert extract(pdfs.attach(PAGE, {"factur-x.xml": CII}, password="")).lane == "hybrid"


def test_encryption_with_a_password_is_a_reason() -> None:
    refused = read(pdfs.attach(PAGE, {"factur-x.xml": CII}, password="secret"))
    assert isinstance(refused, Unreadable)
    assert refused.reason == "PDF-ENCRYPTED"


@pytest.mark.parametrize("content", [UBL.encode(), b"", pdfs.attach(PAGE, {"factur-x.xml": CII})])
def test_answer_crosses_the_border_unchanged(content: bytes) -> None:
    assert parse_reading(read_bytes(content)) == read(content)


@given(st.integers(min_value=0, max_value=4_000), st.binary(max_size=8), st.sampled_from([UBL, CII, ZUGFERD_1]))
def test_damaged_xml_never_raises(at: int, damage: bytes, document: str) -> None:
    content = document.encode()
    read(content[:at] + damage + content[at + len(damage) :])


@pytest.mark.parametrize("start", range(8))
def test_damaged_pdf_never_raises(start: int) -> None:
    content = pdfs.attach(PAGE, {"factur-x.xml": CII})
    for at in range(start * 37, len(content), 293):
        read(content[:at] + b"\x00<<" + content[at + 3 :])
        read(content[:at])


CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "documents"


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is not here")
def test_every_real_document_has_an_answer() -> None:
    for path in sorted(CORPUS.glob("*/*")):
        assert parse_reading(read_bytes(path.read_bytes()))
