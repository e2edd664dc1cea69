"""What British, Irish and American-minded suppliers print: accounts of utilities, slips, dollars, fees for the late."""

import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.verdict import outcome

INVOICE = """
Kavanagh Digital Ltd
# Invoice INV-04400
Invoice date: 21 February 2026
Due date: 23 March 2026

{body}

IBAN IE29 AIBK 9311 5212 3456 78   BIC AIBKIE2D
{foot}
"""
TOTALS = """
Subtotal        1,000.00
VAT @ 23%         230.00
Total           1,230.00
{more}
Amount due     €{due}
"""


def read(body: str, foot: str = "") -> ExtractedInvoice:
    found = read_text_pdf(draw(INVOICE.format(body=body, foot=foot)))
    assert isinstance(found, ExtractedInvoice)
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "Late payments may be subject to a fee of 25.00.",
        "A late payment charge of €40.00 may be added.",
    ],
)
def test_what_the_late_pay_is_no_payment(sentence: str) -> None:
    found = read(TOTALS.format(more="", due="1,230.00"), sentence)
    assert found.value("paid_amount") is None
    assert found.value("amount_due_for_payment") == "1230.00"
    assert outcome(found) == "payable"


ACCOUNT = """
Balance from your last bill                       {before}
Payment received 24/01/2026 - thank you           {paid}
Balance brought forward                           0.00
New charges (excl. VAT)                       1,000.00
VAT at 23%                                      230.00
Total amount due                             €1,230.00
"""


def test_a_payment_of_the_last_bill_is_none_of_this_one() -> None:
    found = read(ACCOUNT.format(before="356.01", paid="356.01"))
    assert found.value("amount_due_for_payment") == "1230.00"
    assert found.value("paid_amount") is None
    assert outcome(found) == "payable"


def test_a_payment_of_something_else_is_asked_about() -> None:
    found = read(ACCOUNT.format(before="356.01", paid="300.00"))
    assert found.value("paid_amount") == "300.00"  # BR-CO-16 then says that it does not lead to the sum


def test_half_paid_leaves_the_other_half() -> None:
    found = read(TOTALS.format(more="Amount paid       615.00", due="615.00"))
    assert found.value("amount_due_for_payment") == "615.00"
    assert outcome(found) == "payable"


def test_a_deduction_of_an_unknown_name_that_closes_is_taken_off() -> None:
    found = read(TOTALS.format(more="Stage agreement  -230.00", due="1,000.00"))
    assert found.value("amount_due_for_payment") == "1000.00"
    assert found.value("paid_amount") == "230.00"
    assert outcome(found) == "payable"
    other = read(TOTALS.format(more="Stage agreement  -130.00", due="1,000.00"))
    assert outcome(other) == "doubtful"


@pytest.mark.parametrize(
    ("label", "currency", "said"),
    [("Balance Due USD", "USD", "payable"), ("Balance Due CAD", "CAD", "payable"), ("Balance Due", "USD", "doubtful")],
)
def test_a_dollar_is_the_one_that_the_row_names(label: str, currency: str, said: str) -> None:
    found = read(f"Subtotal     239.13\nSales tax    0.00\n{label}    $239.13")
    assert found.value("invoice_currency_code") == currency
    assert outcome(found) == said


SLIP = """
REMITTANCE ADVICE
Customer name and address          Amount EUR
Digital Nolan Ltd                  {amount}
"""


@pytest.mark.parametrize(("amount", "said"), [("1,230.00", "payable"), ("1,930.00", "doubtful")])
def test_a_slip_that_asks_for_much_more_is_held(amount: str, said: str) -> None:
    found = read(TOTALS.format(more="", due="1,230.00"), SLIP.format(amount=amount))
    assert outcome(found) == said, found.findings


def test_items_under_a_heading_for_amounts_are_no_slip() -> None:
    found = read("""
Description                     Qty              Amount
Digital services of February
                                               1,300.00
Our share                         1             -300.00
Subtotal                                       1,000.00
Total                                          1,000.00
""")
    assert found.value("amount_due_for_payment") == "1000.00"
