"""The state of a payment under reports that come late, twice, or against each other."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.settlement.settlement import FINAL_PAYMENT_STATES, feedback, fold, lessons, may_cancel, settle
from schemas.events import FINAL_STATES
from schemas.identifiers import command_id, document_id, invoice_key
from schemas.money import Amount
from schemas.payment import PaymentIssued, PaymentState, PaymentStatusCode, PaymentStatusReported

STATES: tuple[PaymentState, ...] = get_args(PaymentState)
CODES: tuple[PaymentStatusCode, ...] = get_args(PaymentStatusCode)
COMMAND = command_id("default", "S1", "F1")
AT = datetime(2026, 11, 24, tzinfo=UTC)
ISSUED = PaymentIssued(
    command_id=COMMAND,
    tenant="default",
    document_id=document_id(b"one"),
    invoice_key=invoice_key("default", "S1", "F1"),
    release="r2",
    issued_at=AT,
    correlation_id="c",
    supplier_id="S1",
    instructed_amount=Amount(value=Decimal("34.93"), currency="EUR"),
)


def report(status: PaymentStatusCode, reason: str | None = None) -> PaymentStatusReported:
    return PaymentStatusReported(command_id=COMMAND, status=status, reason_code=reason, at=AT)


@pytest.mark.parametrize(
    ("state", "status", "then", "verdict"),
    [
        ("payment_initiated", "PDNG", "payment_initiated", "pending"),
        ("payment_initiated", "ACTC", "payment_accepted", "changed"),
        ("payment_initiated", "ACCP", "payment_accepted", "changed"),
        ("payment_initiated", "ACSP", "payment_accepted", "changed"),
        ("payment_initiated", "ACSC", "settled", "changed"),
        ("payment_initiated", "RJCT", "payment_rejected", "changed"),
        ("payment_initiated", "CANC", "cancelled", "changed"),
        ("payment_initiated", "RTRN", "returned", "changed"),
        ("payment_accepted", "PDNG", "payment_accepted", "late"),
        ("payment_accepted", "ACSP", "payment_accepted", "repeated"),
        ("payment_accepted", "ACSC", "settled", "changed"),
        ("payment_accepted", "RJCT", "payment_rejected", "changed"),
        ("payment_accepted", "CANC", "cancelled", "changed"),
        ("payment_accepted", "RTRN", "returned", "changed"),
        ("settled", "PDNG", "settled", "late"),
        ("settled", "ACTC", "settled", "late"),
        ("settled", "ACSC", "settled", "repeated"),
        ("settled", "RJCT", "settled", "contradiction"),
        ("settled", "CANC", "settled", "contradiction"),
        ("settled", "RTRN", "returned", "changed"),
        ("payment_rejected", "ACSP", "payment_rejected", "late"),
        ("payment_rejected", "ACSC", "payment_rejected", "contradiction"),
        ("payment_rejected", "CANC", "payment_rejected", "contradiction"),
        ("payment_rejected", "RTRN", "payment_rejected", "contradiction"),
        ("payment_rejected", "RJCT", "payment_rejected", "repeated"),
        ("returned", "ACSC", "returned", "late"),
        ("returned", "ACSP", "returned", "late"),
        ("returned", "RJCT", "returned", "contradiction"),
        ("returned", "CANC", "returned", "contradiction"),
        ("returned", "RTRN", "returned", "repeated"),
        ("cancelled", "ACTC", "cancelled", "late"),
        ("cancelled", "ACSC", "cancelled", "contradiction"),
        ("cancelled", "RJCT", "cancelled", "contradiction"),
        ("cancelled", "RTRN", "cancelled", "contradiction"),
        ("cancelled", "CANC", "cancelled", "repeated"),
    ],
)
def test_one_more_report(state: PaymentState, status: PaymentStatusCode, then: PaymentState, verdict: str) -> None:
    assert settle(state, report(status)) == (then, verdict)


@pytest.mark.parametrize(("state", "status"), list(product(STATES, CODES)))
def test_every_state_knows_every_report_and_repeating_it_changes_nothing(
    state: PaymentState, status: PaymentStatusCode
) -> None:
    after = settle(state, report(status))

    assert settle(after.state, report(status)).state == after.state
    assert settle(after.state, report(status)).verdict != "changed"
    assert after.final == (after.state in FINAL_PAYMENT_STATES)


@given(st.lists(st.sampled_from(CODES), max_size=12))
def test_no_final_state_is_left_but_by_a_return(codes: list[PaymentStatusCode]) -> None:
    state: PaymentState = "payment_initiated"
    for code in codes:
        after = settle(state, report(code)).state
        assert state not in FINAL_PAYMENT_STATES or after == state or (state, after) == ("settled", "returned")
        assert (state, after) != ("payment_accepted", "payment_initiated")
        state = after


def test_final_payment_states_are_final_document_states() -> None:
    assert FINAL_PAYMENT_STATES < FINAL_STATES


@pytest.mark.parametrize("state", STATES)
def test_a_command_is_cancelled_only_before_it_is_accepted(state: PaymentState) -> None:
    assert may_cancel(state) == (state == "payment_initiated")


@pytest.mark.parametrize(("status", "reason", "cause"), [("RJCT", "AC01", "AC01"), ("RTRN", None, "RTRN")])
def test_a_refused_or_returned_payment_teaches_why(status: PaymentStatusCode, reason: str | None, cause: str) -> None:
    lesson = feedback(ISSUED, report(status, reason), "changed")

    assert lesson is not None
    assert (lesson.cause, lesson.source, lesson.release, lesson.document_id) == (
        cause,
        "settlement",
        "r2",
        ISSUED.document_id,
    )


@pytest.mark.parametrize("status", ["ACTC", "ACCP", "ACSP", "ACSC", "PDNG", "CANC", "RCVC", "RVNA"])
def test_other_reports_teach_nothing(status: PaymentStatusCode) -> None:
    assert feedback(ISSUED, report(status), "changed") is None


def test_a_refusal_that_changes_nothing_teaches_nothing() -> None:
    assert feedback(ISSUED, report("RJCT", "AC01"), "repeated") is None


@pytest.mark.parametrize("status", ["RVNM", "RVMC"])
@pytest.mark.parametrize("verdict", ["pending", "late"])
def test_a_name_that_is_not_the_accounts_teaches_at_any_time(status: PaymentStatusCode, verdict: str) -> None:
    lesson = feedback(ISSUED, report(status), verdict)
    assert lesson is not None
    assert (lesson.cause, lesson.field, lesson.reference) == (status, "payment_account_name", ISSUED.command_id)
    assert (lesson.supplier_id, lesson.at_risk) == (ISSUED.supplier_id, ISSUED.instructed_amount)
    assert settle("payment_initiated", report(status)).state == "payment_initiated"


def test_several_reports_at_once_are_one_after_the_other() -> None:
    early = (report("ACSP"), report("RJCT", "AC04"), report("ACSC"), report("PDNG", "MS03"))

    assert fold("payment_initiated", None, early) == ("payment_rejected", "AC04")
    assert fold("settled", "X", ()) == ("settled", "X")
    assert fold("settled", None, early) == ("settled", None)


def test_several_reports_at_once_teach_what_they_change() -> None:
    early = (report("ACSP"), report("RJCT", "AC04"), report("RJCT", "AC04"), report("ACSC"))

    assert [lesson.cause for lesson in lessons(ISSUED, "payment_initiated", early)] == ["AC04"]
    assert lessons(ISSUED, "settled", early) == ()
