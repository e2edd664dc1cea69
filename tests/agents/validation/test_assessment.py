"""The worth of a document alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.decision.rules import RULES
from agents.validation.assessment import CONFIDENCE_MIN, assess
from agents.validation.validation import validate
from schemas.evidence import PAYMENT_CRITICAL, FieldName, Lane
from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES, Assessment, Finding, Severity
from schemas.invoice import Invoice
from tests.agents.builders import SURE, invoice, totals, transfer

WORTH = {"payable": 0, "doubtful": 1, "not_payable": 2}


def worth(paper: Invoice, *extra: Finding, lane: Lane = "xml", confidence: dict[FieldName, float] = SURE) -> Assessment:
    return assess(paper, lane, confidence, (*validate(paper, lane, ()), *extra))


def found(rule: str, severity: Severity = "error") -> Finding:
    return Finding(rule=rule, severity=severity, message="m")


def test_payable() -> None:
    assert worth(invoice()) == Assessment(outcome="payable", confidence=0.99)


@pytest.mark.parametrize("rule", sorted(NOT_PAYABLE_RULES))
def test_not_payable(rule: str) -> None:
    assert worth(invoice(), found(rule)) == Assessment(outcome="not_payable", confidence=0.99, reasons=(rule,))
    assert worth(invoice(), found(rule, "warning")) == Assessment(outcome="doubtful", confidence=0.99, reasons=(rule,))


def test_what_is_not_payable_is_not_doubtful_as_well() -> None:
    both = worth(invoice(invoice_type_code="381"), found("BR-CO-15"), confidence={})

    assert (both.outcome, both.reasons, both.confidence) == ("not_payable", ("CREDIT-NOTE",), 0.0)


@pytest.mark.parametrize("rule", sorted(DOUBT_RULES))
@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_a_doubt_of_any_severity(rule: str, severity: Severity) -> None:
    assert worth(invoice(), found(rule, severity)).outcome == "doubtful"


@pytest.mark.parametrize(("severity", "outcome"), [("error", "doubtful"), ("warning", "payable"), ("info", "payable")])
def test_any_other_finding_counts_when_it_is_an_error(severity: Severity, outcome: str) -> None:
    assert worth(invoice(), found("BR-S-08", severity)).outcome == outcome


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (invoice(payment_instructions=()), "ACCOUNT-MISSING"),
        (invoice(payment_instructions=(transfer(None),)), "ACCOUNT-MISSING"),
        (invoice(payment_instructions=(transfer("12345678"),)), "ACCOUNT-NOT-IBAN"),
        (invoice(payment_instructions=(transfer("NL00RABO9999999999"),)), "ACCOUNT-INVALID"),
        (invoice(invoice_number=None), "NUMBER-MISSING"),
        (invoice(invoice_number="-/-"), "NUMBER-MISSING"),
        (invoice(invoice_currency_code=None), "CURRENCY-MISSING"),
        (invoice(totals=totals(amount_due_for_payment=None, paid_amount="20.00")), "AMOUNT-MISSING"),
        (invoice(totals=totals(amount_due_for_payment=None, invoice_total_amount_with_vat=None)), "AMOUNT-MISSING"),
    ],
)
def test_a_value_that_is_missing_or_cannot_be_proven(paper: Invoice, reason: str) -> None:
    assessment = worth(paper)

    assert assessment.outcome == "doubtful"
    assert reason in assessment.reasons


@pytest.mark.parametrize("name", PAYMENT_CRITICAL)
@pytest.mark.parametrize("lane", ["xml", "hybrid", "text", "scan"])
def test_every_payment_critical_value_needs_confidence(name: FieldName, lane: Lane) -> None:
    enough = CONFIDENCE_MIN[lane]
    sure = {other: max(value, enough) for other, value in SURE.items()}

    assert worth(invoice(), lane=lane, confidence={**sure, name: enough}).outcome == "payable"
    assert worth(invoice(), lane=lane, confidence={**sure, name: enough - 0.001}).reasons == ("CONFIDENCE-LOW",)
    unknown = {other: value for other, value in sure.items() if other != name}
    assert worth(invoice(), lane=lane, confidence=unknown) == Assessment(
        outcome="doubtful", confidence=0.0, reasons=("CONFIDENCE-LOW",)
    )


def test_where_the_total_is_paid_its_confidence_counts() -> None:
    paper = invoice(totals=totals(amount_due_for_payment=None))

    assert worth(paper).reasons == ("CONFIDENCE-LOW",)
    assert worth(paper, confidence={**SURE, "invoice_total_amount_with_vat": 0.95}) == Assessment(
        outcome="payable", confidence=0.95
    )


FINDINGS = st.lists(
    st.builds(
        Finding,
        rule=st.sampled_from((*sorted(RULES), "BR-S-08")),
        severity=st.sampled_from(("error", "warning", "info")),
        message=st.just("m"),
    ),
    max_size=5,
)


@given(some=FINDINGS, more=FINDINGS)
def test_more_findings_never_make_a_document_better(some: list[Finding], more: list[Finding]) -> None:
    assert WORTH[worth(invoice(), *some, *more).outcome] >= WORTH[worth(invoice(), *some).outcome]
