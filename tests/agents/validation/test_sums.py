"""BR-CO-10 and 13 to 17: exact, with a named slack, and silent where a part is unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.validation.rule import Rule
from agents.validation.sums import SLACK, br_co_10, br_co_13, br_co_14, br_co_15, br_co_16, br_co_17
from schemas.evidence import Lane
from schemas.invoice import DocumentTotals, Invoice, InvoiceLine, VatBreakdown
from tests.agents.builders import invoice


def paper(*, lines: tuple[str | None, ...] = (), taxes: tuple[str | None, ...] = (), **sums: str | None) -> Invoice:
    def money(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    names = {
        "lines_sum": "sum_of_invoice_line_net_amount",
        "allowances": "sum_of_allowances_on_document_level",
        "charges": "sum_of_charges_on_document_level",
        "net": "invoice_total_amount_without_vat",
        "vat": "invoice_total_vat_amount",
        "gross": "invoice_total_amount_with_vat",
        "paid": "paid_amount",
        "rounding": "rounding_amount",
        "due": "amount_due_for_payment",
    }
    return invoice(
        totals=DocumentTotals(**{names[name]: money(value) for name, value in sums.items()}),
        lines=tuple(InvoiceLine(invoice_line_net_amount=money(value)) for value in lines),
        vat_breakdown=tuple(VatBreakdown(vat_category_tax_amount=money(value)) for value in taxes),
    )


def verdict(rule: Rule, document: Invoice, lane: Lane = "xml") -> str | None:
    findings = rule(document, lane)
    assert {finding.rule for finding in findings} <= {rule.__name__.upper().replace("_", "-")}
    return findings[0].severity if findings else None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (paper(lines=("60.00", "40.00"), lines_sum="100"), None),
        (paper(lines=("60.00", "-10.00"), lines_sum="50.00"), None),
        (paper(lines=("60.00", "40.00"), lines_sum="100.02"), "warning"),
        (paper(lines=("60.00", "40.00"), lines_sum="100.03"), "error"),
        (paper(lines=("60.00", "40.00"), lines_sum="1000.00"), "error"),
        (paper(lines=("1.00",) * 5, lines_sum="5.05"), "warning"),
        (paper(lines=("1.00",) * 5, lines_sum="5.06"), "error"),
        (paper(lines=("60.00", None), lines_sum="100.00"), None),
        (paper(lines=(), lines_sum="100.00"), None),
        (paper(lines=("60.00",)), None),
        (paper(lines=("119",), lines_sum="100", net="100", vat="19", gross="119"), "warning"),  # lines with VAT
        (paper(lines=("119",), lines_sum="100", net="90", vat="19", gross="119"), "error"),
        (paper(lines=("119",), lines_sum="100", net="100", vat="9", gross="119"), "error"),
        (paper(lines=("119",), lines_sum="100"), "error"),
    ],
)
@pytest.mark.parametrize("lane", ["xml", "text"])
def test_br_co_10(document: Invoice, said: str | None, lane: Lane) -> None:
    assert verdict(br_co_10, document, lane) == said


@pytest.mark.parametrize(
    ("document", "in_xml", "on_a_page"),
    [
        (paper(lines_sum="100", allowances="10", charges="5", net="95"), None, None),
        (paper(lines_sum="100", allowances="10", charges="5", net="100"), "error", "error"),
        (paper(lines_sum="100", allowances="10", charges="5", net="95.02"), "warning", "warning"),
        (paper(lines_sum="100", net="100"), None, None),
        (paper(lines_sum="100", net="90"), "error", None),
        (paper(lines_sum="100", allowances="10", net="90"), None, None),
        (paper(lines_sum="100", allowances="10", net="95"), "error", None),
        (paper(net="95"), None, None),
        (paper(lines_sum="100"), None, None),
    ],
)
def test_br_co_13(document: Invoice, in_xml: str | None, on_a_page: str | None) -> None:
    assert verdict(br_co_13, document, "hybrid") == in_xml
    assert verdict(br_co_13, document, "text") == on_a_page


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (paper(taxes=("19.00", "1.00"), vat="20"), None),
        (paper(taxes=("19.00", "1.00"), vat="20.02"), "warning"),
        (paper(taxes=("19.00", "1.00"), vat="21"), "error"),
        (paper(taxes=("0",), vat="0.00"), None),
        (paper(taxes=("19.00", None), vat="21"), None),
        (paper(taxes=(), vat="21"), None),
        (paper(taxes=("19.00",)), None),
    ],
)
def test_br_co_14(document: Invoice, said: str | None) -> None:
    assert verdict(br_co_14, document) == said


@pytest.mark.parametrize(
    ("document", "in_xml", "on_a_page"),
    [
        (paper(net="100", vat="20", gross="120"), None, None),
        (paper(net="100", vat="20", gross="120.02"), "warning", "warning"),
        (paper(net="100", vat="20", gross="120.03"), "error", "error"),
        (paper(net="100", vat="-20", gross="80"), None, None),
        (paper(net="100", gross="100"), None, None),
        (paper(net="100", gross="120"), "error", None),
        (paper(vat="20", gross="120"), None, None),
        (paper(net="100", vat="20"), None, None),
    ],
)
def test_br_co_15(document: Invoice, in_xml: str | None, on_a_page: str | None) -> None:
    assert verdict(br_co_15, document, "xml") == in_xml
    assert verdict(br_co_15, document, "scan") == on_a_page


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (paper(gross="120", due="120"), None),
        (paper(gross="120", paid="20", due="100"), None),
        (paper(gross="119.98", rounding="0.02", due="120"), None),
        (paper(gross="120", paid="20", rounding="-0.50", due="99.50"), None),
        (paper(gross="120", paid="20", due="120"), "error"),
        (paper(gross="120", due="100"), "error"),
        (paper(gross="120", due="120.01"), "warning"),
        (paper(due="100"), None),
        (paper(gross="120"), None),
    ],
)
@pytest.mark.parametrize("lane", ["xml", "text"])
def test_br_co_16(document: Invoice, said: str | None, lane: Lane) -> None:
    assert verdict(br_co_16, document, lane) == said


CENTS = st.decimals(min_value="-999999", max_value="999999", places=2, allow_nan=False)


@given(lines=st.lists(CENTS, min_size=1, max_size=30), error=CENTS)
def test_a_sum_is_right_exactly_when_it_is(lines: list[Decimal], error: Decimal) -> None:
    stated = sum(lines, Decimal(0)) + error
    said = verdict(br_co_10, paper(lines=tuple(map(str, lines)), lines_sum=str(stated)))

    slack = max(SLACK, Decimal("0.01") * len(lines))
    assert said == (None if error == 0 else "warning" if abs(error) <= slack else "error")


@pytest.mark.parametrize(
    ("taxable", "rate", "tax", "said"),
    [
        ("100.00", "20", "20.00", None),
        ("100.00", "20", "21.00", None),
        ("100.00", "20", "21.01", "error"),
        ("100.00", "20", "18.99", "error"),
        ("-100.00", "20", "-20.00", None),
        ("-100.00", "20", "20.00", "error"),
        ("100.00", "0", "0.00", None),
        ("100.00", "0", "0.50", "error"),
        (None, "20", "7.00", None),
        ("100.00", None, "7.00", None),
        ("100.00", "20", None, None),
    ],
)
def test_br_co_17(taxable: str | None, rate: str | None, tax: str | None, said: str | None) -> None:
    amounts = [None if amount is None else Decimal(amount) for amount in (taxable, rate, tax)]
    breakdown = VatBreakdown(
        vat_category_taxable_amount=amounts[0], vat_category_rate=amounts[1], vat_category_tax_amount=amounts[2]
    )
    document = invoice(vat_breakdown=(breakdown,))
    assert verdict(br_co_17, document) == said
    assert verdict(br_co_17, document, "text") is None


def test_br_co_17_tells_each_rate_in_one_finding() -> None:
    wrong = VatBreakdown(
        vat_category_taxable_amount=Decimal(100), vat_category_rate=Decimal(20), vat_category_tax_amount=Decimal(1)
    )
    (told,) = br_co_17(invoice(vat_breakdown=(wrong, wrong)), "xml")
    assert told.message == "1 is stated, 20 % of 100 is 20.00; 1 is stated, 20 % of 100 is 20.00"
