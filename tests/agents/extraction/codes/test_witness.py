"""What a payment code says for and against a reading."""

from decimal import Decimal

import pytest
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.codes.symbols import find_symbols
from agents.extraction.codes.witness import BROKEN, MISMATCH, cross_examine
from agents.extraction.text.reading import read_text_pdf
from agents.validation.assessment import CONFIDENCE_MIN
from schemas.evidence import ExtractedInvoice
from schemas.finding import Finding
from tests.agents.extraction.codes.papers import IBAN, OTHER, epc, invoice, pdf, squares
from tests.agents.extraction.codes.test_swiss import QR_IBAN, QR_REFERENCE, code


def told(*codes: str, account: str | None = IBAN, total: str = "119,00 EUR") -> ExtractedInvoice:
    """Return the reading of an invoice with these codes on it."""

    def page(canvas: Canvas) -> None:
        invoice(canvas, account, total)
        for at, content in enumerate(codes):
            squares(canvas, content, place=(60 + 150 * at, 100), side=120)

    document = pdf(page)
    reading = read_text_pdf(document)
    assert isinstance(reading, ExtractedInvoice)
    return cross_examine(reading, find_symbols(document))


def rules(reading: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in reading.findings if finding.severity == "error"}


def mismatch(reading: ExtractedInvoice) -> Finding:
    return next(finding for finding in reading.findings if finding.rule == MISMATCH)


def test_a_code_that_agrees() -> None:
    found = told(epc())
    assert rules(found) == set()
    for name in ("payment_account_identifier", "amount_due_for_payment", "invoice_currency_code"):
        assert found.fields[name].agrees == ("qr",)
        assert found.fields[name].source == "text"


def test_no_code_changes_nothing() -> None:
    assert told().findings == ()
    assert told("https://example.com") == told()


def test_another_account() -> None:
    found = told(epc(OTHER))
    assert rules(found) == {MISMATCH}
    said = mismatch(found)
    assert said.fields == ("payment_account_identifier",)
    assert "DE**3000" in said.message
    assert "DE**2051" in said.message
    assert said.message.count("on page 1 at [") == 2
    assert IBAN not in said.message
    assert found.value("payment_account_identifier") == IBAN


def test_another_amount() -> None:
    said = mismatch(told(epc(amount="EUR1190.00")))
    assert said.fields == ("amount_due_for_payment",)
    assert "119.00" in said.message
    assert "1190" in said.message


def test_another_currency() -> None:
    said = mismatch(told(code((20, "CHF"), (19, "")).decode(), account=QR_IBAN, total="119,00 EUR"))
    assert said.fields == ("invoice_currency_code",)


def test_an_open_amount_contradicts_nothing() -> None:
    assert rules(told(epc(amount=""))) == set()


def test_two_codes_that_ask_for_the_same() -> None:
    assert rules(told(epc(), epc(amount=""))) == set()


def test_two_codes_with_different_accounts() -> None:
    found = told(epc(), epc(OTHER), account=None)
    assert MISMATCH in rules(found)
    assert found.value("payment_account_identifier") is None


def test_a_code_that_breaks_its_scheme() -> None:
    found = told(epc("DE89370400440532013001"))
    assert rules(found) == {BROKEN}
    assert found.value("payment_account_identifier") == IBAN


def test_a_code_supplies_the_account_that_the_text_leaves_out() -> None:
    found = told(code((19, "119.00"), (20, "EUR")).decode(), account=None)
    field = found.fields["payment_account_identifier"]
    assert (field.value, field.source, field.page) == (QR_IBAN, "qr", 1)
    assert field.box is not None
    assert field.confidence >= CONFIDENCE_MIN["text"]
    assert found.credit_transfers[0].account_identifier == QR_IBAN
    assert found.fields["remittance_information"].value == QR_REFERENCE
    assert rules(found) == set()


def test_a_code_of_another_sum_supplies_nothing() -> None:
    found = told(epc(amount="EUR5.00"), account=None)
    assert found.value("payment_account_identifier") is None
    assert MISMATCH in rules(found)


def test_a_code_does_not_choose_where_the_text_doubts() -> None:
    found = told(epc(OTHER), account="DE89370400440532013001")
    assert found.value("payment_account_identifier") is None
    assert "ACCOUNT-INVALID" in rules(found)


@pytest.mark.parametrize("lane", ["hybrid", "xml"])
def test_xml_is_never_filled_up(lane: str) -> None:
    silent = told(account=None).model_copy(update={"lane": lane})
    found = cross_examine(silent, find_symbols(pdf(lambda canvas: squares(canvas, epc()))))
    assert found.value("payment_account_identifier") is None
    assert Decimal(found.value("amount_due_for_payment") or 0) == 119
