"""A person's right values: each correctable field reaches its place, and nothing else moves."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agents.review.corrections import PLACES, Uncorrectable, correct
from schemas.evidence import PAYMENT_CRITICAL
from schemas.invoice import Invoice
from tests.agents.builders import OTHER_IBAN, invoice, normalized, transfer

VALUES: dict[str, tuple[str, Any]] = {
    "invoice_number": ("R-7", "R-7"),
    "invoice_issue_date": ("2026-01-31", date(2026, 1, 31)),
    "payment_due_date": ("2026-02-28", date(2026, 2, 28)),
    "invoice_type_code": ("381", "381"),
    "invoice_currency_code": ("CHF", "CHF"),
    "purchase_order_reference": ("PO-1", "PO-1"),
    "debited_account_identifier": (OTHER_IBAN, OTHER_IBAN),
    **{f"{party}_name": ("Other Ltd", "Other Ltd") for party in ("seller", "buyer")},
    **{f"{party}_vat_identifier": ("DE123456789", "DE123456789") for party in ("seller", "buyer")},
    **{f"{party}_legal_registration_identifier": ("HRB 1", "HRB 1") for party in ("seller", "buyer")},
}
INSTRUCTION = {
    "payment_account_identifier": OTHER_IBAN,
    "payment_account_name": "Other",
    "payment_service_provider_identifier": "DEUTDEFF",
    "payment_means_type_code": "30",
    "remittance_information": "RF18539007547034",
}


def at(paper: Invoice, name: str) -> Any:
    found: Any = paper
    for step in PLACES[name]:
        found = getattr(found, step)
    return found


@pytest.mark.parametrize("name", sorted(PLACES))
def test_each_field_has_a_place_in_the_invoice(name: str) -> None:
    given, expected = VALUES.get(name, ("42.50", Decimal("42.50")))
    corrected = correct(normalized(), {name: given}, "anna").invoice
    assert at(corrected, name) == expected
    assert at(correct(normalized(), {name: None}, "anna").invoice, name) is None


@pytest.mark.parametrize("name", sorted(PLACES))
def test_no_other_field_moves(name: str) -> None:
    before = normalized()
    given, _ = VALUES.get(name, ("42.50", None))
    corrected = correct(before, {name: given}, "anna").invoice
    others = [other for other in PLACES if other != name]
    assert [at(corrected, other) for other in others] == [at(before.invoice, other) for other in others]
    assert corrected.payment_instructions == before.invoice.payment_instructions


@pytest.mark.parametrize("name", sorted(INSTRUCTION))
def test_a_corrected_way_to_pay_is_the_only_one(name: str) -> None:
    two = invoice(payment_instructions=(transfer(), transfer("BE68539007547034")))
    [way] = correct(normalized(two), {name: INSTRUCTION[name]}, "anna").invoice.payment_instructions
    assert getattr(way, name) == INSTRUCTION[name]
    assert way.model_copy(update={name: None}) == transfer().model_copy(update={name: None})


def test_a_document_without_a_way_to_pay_is_given_one() -> None:
    none = normalized(invoice(payment_instructions=()))
    [way] = correct(none, {"payment_account_identifier": OTHER_IBAN}, "anna").invoice.payment_instructions
    assert way.payment_account_identifier == OTHER_IBAN


def test_a_person_is_sure_of_what_they_correct_and_of_nothing_else() -> None:
    before = normalized()
    after = correct(before, {"invoice_number": "R-7", "seller_name": "Other"}, "anna")
    assert after.confidence == {**before.confidence, "invoice_number": 1.0}
    assert "invoice_number" in PAYMENT_CRITICAL


def test_every_person_who_corrected_is_remembered_once() -> None:
    after = correct(correct(correct(normalized(), {}, "anna"), {}, "bert"), {}, "anna")
    assert after.corrected_by == ("anna", "bert")


@pytest.mark.parametrize(
    ("corrections", "told"),
    [
        ({"colour": "blue"}, "colour"),
        ({"invoice": "x"}, "invoice"),
        ({"totals": "1"}, "totals"),
        ({"amount_due_for_payment": "a lot"}, "amount_due_for_payment"),
        ({"amount_due_for_payment": "NaN"}, "amount_due_for_payment"),
        ({"amount_due_for_payment": "1e400"}, "amount_due_for_payment"),
        ({"invoice_currency_code": "EURO"}, "invoice_currency_code"),
        ({"payment_due_date": "2026-02-30"}, "payment_due_date"),
        ({"payment_account_identifier": "X" * 1_000}, "payment_account_identifier"),
    ],
)
def test_what_a_field_cannot_have_is_refused_by_name(corrections: dict[str, str], told: str) -> None:
    with pytest.raises(Uncorrectable, match=told):
        correct(normalized(), corrections, "anna")
