"""The sums of a bill must follow from each other, whatever is invented."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.samples import invent
from app.local.samples.bill import ZERO, Bill
from app.local.samples.parties import demo_debtor, suppliers
from app.local.samples.seeds import seeded

KNOWN, DEBTOR = suppliers(seeded("bills"), 5), demo_debtor()


def bill_of(sequence: int) -> Bill:
    return invent.bill(seeded(f"bill {sequence}"), KNOWN[sequence % len(KNOWN)].company, DEBTOR, sequence)


@given(st.integers(min_value=1, max_value=9_999))
def test_the_sums_close(sequence: int) -> None:
    bill = bill_of(sequence)
    sums = bill.totals()
    assert sums.line_sum == sum(line.net_amount for line in bill.lines)
    assert sums.net == sums.line_sum - sums.allowances + sums.charges
    assert sums.vat == sum(line.tax for line in bill.vat_lines())
    assert sums.net == sum(line.base for line in bill.vat_lines())
    assert sums.gross == sums.net + sums.vat
    assert sums.payable == sums.gross - sums.prepaid
    assert sums.payable > 0
    assert all(value == round(value, 2) for value in (sums.net, sums.vat, sums.gross, sums.payable))
    assert bill.issue_date < bill.due_date


def test_stated_sums_win() -> None:
    bill = bill_of(1)
    stated = replace(bill.computed(), payable=Decimal("1.00"))
    assert replace(bill, stated=stated).totals().payable == Decimal("1.00")


def test_a_full_prepayment_leaves_nothing() -> None:
    assert invent.with_prepayment(bill_of(3), Decimal(100)).totals().payable == ZERO


@pytest.mark.parametrize("trait", ["allowance", "charge", "line allowance", "prepaid", "rates", "reference", "order"])
def test_every_trait_occurs(trait: str) -> None:
    bills = [bill_of(sequence) for sequence in range(1, 120)]
    seen = {
        "allowance": lambda bill: any(not each.is_charge for each in bill.adjustments),
        "charge": lambda bill: any(each.is_charge for each in bill.adjustments),
        "line allowance": lambda bill: any(line.allowance for line in bill.lines),
        "prepaid": lambda bill: bill.prepaid > 0,
        "rates": lambda bill: len(bill.vat_lines()) > 1,
        "reference": lambda bill: (bill.reference or "").startswith(("RF", "+++")),
        "order": lambda bill: bill.purchase_order is not None,
    }[trait]
    share = sum(map(bool, map(seen, bills))) / len(bills)
    assert 0 < share < 1
