from decimal import Decimal

import pytest

from agents.extraction.text.pages import page_texts
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.finding import only_suggested
from schemas.release import CONFIDENCE_FLOOR
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.natural import NATURAL
from tests.agents.extraction.text.samples import SAMPLES, Sample
from tests.agents.extraction.text.verdict import outcome

GERMAN = """
Holz Meier GmbH
# Rechnung Nr. R-1
Datum: 10.03.2026
Nettobetrag    100,00 €
MwSt. 19%       19,00 €
Gesamtbetrag   119,00 €
IBAN DE89 3704 0044 0532 0130 00   BIC COBADEFFXXX
"""


def read(content: bytes) -> ExtractedInvoice:
    found = read_text_pdf(content)
    assert isinstance(found, ExtractedInvoice)
    return found


def rules(found: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in found.findings}


@pytest.mark.parametrize("sample", SAMPLES + NATURAL, ids=lambda sample: sample.name)
def test_a_document_is_read_as_a_clerk_would(sample: Sample) -> None:
    found = read(draw(sample.text))
    assert outcome(found) == sample.outcome, found.findings
    expected = {
        "invoice_number": sample.number,
        "payment_account_identifier": sample.account,
        "amount_due_for_payment": sample.amount,
        "invoice_currency_code": sample.currency,
    }
    named = {name: value for name, value in expected.items() if value is not None}
    assert {name: found.value(name) for name in found.fields if name in named} == named


@pytest.mark.parametrize("font", ["Helvetica", "Times-Roman", "Helvetica-Bold"])
@pytest.mark.parametrize("size", [6.0, 8.0, 10.0])
@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.outcome == "payable"], ids=lambda sample: sample.name)
def test_neither_font_nor_size_makes_a_wrong_value(sample: Sample, size: float, font: str) -> None:
    found = read(draw(sample.text, size=size, font=font))
    assert found.value("payment_account_identifier") in (sample.account, None) or sample.account is None
    assert found.value("amount_due_for_payment") in (sample.amount, None) or sample.amount is None
    assert found.value("invoice_number") in (sample.number, None) or sample.number is None


def test_every_value_says_where_it_stands() -> None:
    found = read(draw(GERMAN))
    page = page_texts(draw(GERMAN))
    assert not isinstance(page, Unreadable)
    words = {word.text: word for word in page.pages[0].words}
    number = found.field("invoice_number")
    assert (number.page, number.source, number.raw) == (1, "text", "R-1")
    assert number.box is not None
    assert number.box == pytest.approx(
        (words["R-1"].left, words["R-1"].top, words["R-1"].right, words["R-1"].bottom), abs=0.1
    )
    account = found.field("payment_account_identifier").box
    assert account is not None
    assert account[0] == pytest.approx(words["DE89"].left, abs=0.1)
    assert account[2] == pytest.approx(words["00"].right, abs=0.1)


def test_a_reading_is_a_function_of_the_bytes() -> None:
    assert read_text_pdf(draw(GERMAN)) == read_text_pdf(draw(GERMAN))


def test_the_header_is_filled_as_far_as_the_page_shows_it() -> None:
    found = read(draw(GERMAN))
    assert found.lane == "text"
    assert found.value("invoice_type_code") == "380"
    assert found.value("invoice_issue_date") == "2026-03-10"
    assert found.value("payment_service_provider_identifier") == "COBADEFFXXX"
    net, vat, gross = (
        Decimal(found.value(name) or "0")
        for name in (
            "invoice_total_amount_without_vat", "invoice_total_vat_amount", "invoice_total_amount_with_vat",
        )
    )  # fmt: skip
    assert net + vat == gross == Decimal(119)
    assert found.value("buyer_name") is None


def test_an_iban_split_over_two_lines_is_one_account() -> None:
    found = read(
        draw(GERMAN.replace("IBAN DE89 3704 0044 0532 0130 00   BIC COBADEFFXXX", "IBAN\nDE89 3704 0044\n0532 0130 00"))
    )
    assert found.value("payment_account_identifier") == "DE89370400440532013000"


@pytest.mark.parametrize(
    "account",
    [
        "DE89 3704 0044 0532 0130 01",
        "DE89 3704 0044 0532 0130",
        "FR76 3000 6000 0112 3456 7890 188",
        "DE12 1234 4321 9876 00",
    ],
)
def test_an_account_with_wrong_check_digits_is_no_account(account: str) -> None:
    found = read(draw(GERMAN.replace("DE89 3704 0044 0532 0130 00", account)))
    assert found.value("payment_account_identifier") is None
    assert "ACCOUNT-INVALID" in rules(found)


@pytest.mark.parametrize("masked", ["DE89 **** **** **** **** 00", "DE89 XXXX XXXX XXXX XXXX 00"])
def test_a_masked_account_is_no_account(masked: str) -> None:
    found = read(draw(GERMAN.replace("DE89 3704 0044 0532 0130 00", masked)))
    assert found.value("payment_account_identifier") is None


def test_a_meter_that_looks_like_an_iban_is_none() -> None:
    found = read(draw(GERMAN + "Zählpunkt: DE0001346484600000000000000100038\n"))
    assert found.value("payment_account_identifier") == "DE89370400440532013000"
    assert outcome(found) == "payable"


def test_the_sum_that_closes_is_proven_and_one_that_does_not_is_held() -> None:
    assert read(draw(GERMAN)).field("amount_due_for_payment").confidence >= 0.95
    wrong = read(draw(GERMAN + "Zu zahlen      129,00 €\n"))
    assert "AMOUNT-AMBIGUOUS" in rules(wrong)
    assert outcome(wrong) == "doubtful"


def test_two_numbers_of_one_invoice_are_none() -> None:
    found = read(draw(GERMAN + "Rechnungsnummer: R-2\n"))
    assert "invoice_number" in only_suggested(found.findings)
    assert found.field("invoice_number").confidence < CONFIDENCE_FLOOR
    assert "NUMBER-AMBIGUOUS" in rules(found)


def test_a_total_without_any_proof_is_not_paid() -> None:
    found = read(draw(GERMAN.replace("Nettobetrag    100,00 €\nMwSt. 19%       19,00 €\nGesamtbetrag", "Summe")))
    assert found.value("amount_due_for_payment") == "119.00"
    assert outcome(found) == "doubtful"


def test_day_and_month_in_doubt_stay_undated() -> None:
    american = read(draw("Acme Inc.\n# INVOICE\nInvoice No 5\nInvoice Date: 03/04/2026\nTotal $10.00\n"))
    assert american.value("invoice_issue_date") is None
    decided = read(
        draw("Acme Inc.\n# INVOICE\nInvoice No 5\nInvoice Date: 03/04/2026\nDue Date: 03/24/2026\nTotal $10.00\n")
    )
    assert decided.value("invoice_issue_date") == "2026-03-04"
    assert decided.value("payment_due_date") == "2026-03-24"


def test_a_page_that_explains_the_bill_by_an_example_is_not_read() -> None:
    example = "# EXEMPLE\nTotal HT 500,00 €\nTVA 20 % 100,00 €\nTotal TTC 600,00 €\nNet à payer 600,00 €\n"
    found = read(draw(GERMAN, example))
    assert found.value("amount_due_for_payment") == "119.00"
    assert found.pages == 2


def test_pages_that_were_not_read_leave_a_doubt() -> None:
    found = read(draw(*[GERMAN] * 51))
    assert found.pages == 51
    assert outcome(found) == "doubtful"
