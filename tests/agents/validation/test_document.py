"""What kind of document it is, and whether its values hang together."""

from datetime import date
from decimal import Decimal

import pytest

from agents.validation import document
from agents.validation.rule import Rule
from schemas.invoice import CREDIT_NOTE_TYPE_CODES, Invoice, Party
from tests.agents.builders import invoice, totals, transfer


def said(rule: Rule, paper: Invoice) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in rule(paper, "xml")]


@pytest.mark.parametrize("code", sorted(CREDIT_NOTE_TYPE_CODES))
def test_credit_note(code: str) -> None:
    paper = invoice(invoice_type_code=code)

    assert said(document.credit_note, paper) == [("CREDIT-NOTE", "error")]
    assert said(document.type_unusual, paper) == []


@pytest.mark.parametrize("code", ["380", "326", "386", "389", "875", None])
def test_an_invoice_is_none_of_the_others(code: str | None) -> None:
    paper = invoice(invoice_type_code=code)

    for rule in (document.credit_note, document.not_an_invoice, document.type_unusual, document.corrected_invoice):
        assert said(rule, paper) == []


@pytest.mark.parametrize("code", ["310", "325", "751"])
def test_not_an_invoice(code: str) -> None:
    assert said(document.not_an_invoice, invoice(invoice_type_code=code)) == [("NOT-AN-INVOICE", "error")]
    assert said(document.type_unusual, invoice(invoice_type_code=code)) == []


@pytest.mark.parametrize("code", ["130", "71", "TD99", ""])
def test_type_unusual(code: str) -> None:
    assert said(document.type_unusual, invoice(invoice_type_code=code)) == [("TYPE-UNUSUAL", "error")]


def test_corrected_invoice() -> None:
    assert said(document.corrected_invoice, invoice(invoice_type_code="384")) == [("CORRECTED-INVOICE", "warning")]


@pytest.mark.parametrize("due", ["0", "0.00", "-0.01", "-120.00"])
def test_nothing_due(due: str) -> None:
    paper = invoice(totals=totals(amount_due_for_payment=due))

    assert said(document.nothing_due, paper) == [("NOTHING-DUE", "error")]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"amount_due_for_payment": "0.01"},
        {"amount_due_for_payment": None},
        {"amount_due_for_payment": None, "invoice_total_amount_with_vat": "0", "paid_amount": "5"},
    ],
)
def test_something_due_or_unknown(changes: dict[str, str | None]) -> None:
    assert said(document.nothing_due, invoice(totals=totals(**changes))) == []


def parts(*amounts: str | None) -> Invoice:
    return invoice(
        payment_instructions=tuple(
            transfer(amount=None if each is None else Decimal(each), payment_due_date=date(2026, 12, day))
            for day, each in enumerate(amounts, 1)
        )
    )


@pytest.mark.parametrize(
    ("paper", "ambiguous", "split"),
    [
        (parts(None), False, False),
        (parts("120.00"), False, False),
        (parts("60", "60"), False, True),
        (parts("120", "120"), False, False),  # two ways to pay the whole
        (parts("120", None), False, False),
        (parts("60"), True, False),
        (parts("60", "70"), True, True),
        (parts("120", "60"), True, True),
    ],
)
def test_instalments_and_amount_ambiguous(paper: Invoice, *, ambiguous: bool, split: bool) -> None:
    assert said(document.amount_ambiguous, paper) == ([("AMOUNT-AMBIGUOUS", "error")] if ambiguous else [])
    assert said(document.instalments, paper) == ([("INSTALMENTS", "warning")] if split else [])


def test_instalments_of_an_unknown_sum_are_not_compared() -> None:
    unknown = totals(amount_due_for_payment=None, invoice_total_amount_with_vat=None)
    paper = parts("60", "70").model_copy(update={"totals": unknown})

    assert said(document.amount_ambiguous, paper) == []
    assert said(document.instalments, paper) == [("INSTALMENTS", "warning")]


SELLER = Party(name="Dupont SARL", vat_identifier="FR40303265045", legal_registration_identifier="303265045")


@pytest.mark.parametrize(
    ("payee", "other"),
    [
        (None, False),
        (Party(), False),
        (Party(name="DUPONT"), False),
        (Party(name="Dupont", vat_identifier="fr 40 303265045"), False),
        (Party(legal_registration_identifier="303 265 045"), False),
        (Party(name="Global Factoring AG"), True),
        (Party(name="Dupont", vat_identifier="DE136695976"), True),
        (Party(legal_registration_identifier="HRB 1"), True),
    ],
)
def test_payee_not_seller(payee: Party | None, *, other: bool) -> None:
    found = said(document.payee_not_seller, invoice(seller=SELLER, payee=payee))

    assert found == ([("PAYEE-NOT-SELLER", "warning")] if other else [])


@pytest.mark.parametrize(
    "number",
    [
        "FR40303265045", "DE136695976", "ATU13585627", "BE0428759497", "NL004495445B01", "IT00743110157", "GB980780684",
        "CHE107787577IVA", "CHE107787577", "NO995525828MVA", "NO995525828", "EL094259216", "US123", "X", "",
    ],
)  # fmt: skip
def test_vat_ids_that_may_be_right(number: str) -> None:
    assert said(document.vat_id_invalid, invoice(seller=Party(vat_identifier=number))) == []


@pytest.mark.parametrize(
    "number", ["FR41303265045", "DE136695977", "DE13669597", "GB802311781", "CHE107787578", "NO123", "EL094259217"]
)
def test_vat_id_invalid(number: str) -> None:
    for paper in (
        invoice(seller=Party(vat_identifier=number)),
        invoice(seller=Party(), buyer=Party(vat_identifier=number)),
    ):
        assert said(document.vat_id_invalid, paper) == [("VAT-ID-INVALID", "warning")]


@pytest.mark.parametrize(
    ("code", "known"),
    [("EUR", True), ("JPY", True), (None, True), ("XXX", False), ("XAU", False), ("DEM", False), ("EUX", False)],
)
def test_currency_unknown(code: str | None, *, known: bool) -> None:
    found = said(document.currency_unknown, invoice(invoice_currency_code=code))

    assert found == ([] if known else [("CURRENCY-UNKNOWN", "error")])


@pytest.mark.parametrize(
    ("issued", "due", "plausible"),
    [
        ("2026-11-20", "2026-11-20", True),
        ("2026-11-20", "2026-12-20", True),
        ("2026-11-20", "2027-11-21", True),
        ("2026-11-20", "2027-11-22", False),
        ("2026-11-20", "2062-12-20", False),
        ("2026-11-20", "2026-11-19", False),
        ("2026-11-20", None, True),
        (None, "2026-11-19", True),
    ],
)
def test_due_date_implausible(issued: str | None, due: str | None, *, plausible: bool) -> None:
    paper = invoice(
        invoice_issue_date=date.fromisoformat(issued) if issued else None,
        payment_due_date=date.fromisoformat(due) if due else None,
    )

    assert said(document.due_date_implausible, paper) == ([] if plausible else [("DUE-DATE-IMPLAUSIBLE", "warning")])
