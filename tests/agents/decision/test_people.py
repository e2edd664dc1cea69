"""What persons can bring about, and what four eyes keep them from."""

import pytest

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from schemas.decision import Decision
from schemas.events import InvoiceValidated
from schemas.finding import Finding
from schemas.identifiers import document_id
from schemas.invoice import PostalAddress
from tables.invoices import InvoiceRecord
from tests.agents.builders import (
    DEBTOR,
    OTHER_IBAN,
    directory,
    invoice,
    received,
    review,
    supplier,
    transfer,
    validated,
)

NEW_ACCOUNT = invoice(payment_instructions=(transfer(OTHER_IBAN),))


def decided(event: InvoiceValidated, record: InvoiceRecord) -> Decision:
    return decide(event, record, policy=DEFAULT_POLICY, debtor=DEBTOR, release="r2")


def shown(event: InvoiceValidated) -> InvoiceRecord:
    """Return the record after the event was decided: what a person then looks at."""
    return InvoiceRecord().with_answer(decided(event, InvoiceRecord()), analysis=0, review_id=None)


def error(rule: str) -> Finding:
    return Finding(rule=rule, severity="error", message="said so")


class TestApprove:
    def test_lifts_what_was_shown(self) -> None:
        decision = decided(validated(NEW_ACCOUNT, review=review("approve")), shown(validated(NEW_ACCOUNT)))

        assert (decision.outcome, decision.decided_by, decision.review_id) == (
            "approve",
            ("petra",),
            "approve-by-petra",
        )
        assert decision.payment is not None
        assert decision.payment.creditor_account == OTHER_IBAN
        assert "ACCOUNT-NEW" in {finding.rule for finding in decision.findings}

    def test_does_not_lift_what_has_come_up_since(self) -> None:
        since = validated(NEW_ACCOUNT, review=review("approve"), extra=(error("ACCOUNT-CHANGE-NOTICE"),))

        decision = decided(since, shown(validated(NEW_ACCOUNT)))

        assert (decision.outcome, decision.reasons) == ("hold", ("ACCOUNT-CHANGE-NOTICE", "ACCOUNT-NEW"))

    def test_a_second_look_lifts_it(self) -> None:
        since = validated(NEW_ACCOUNT, review=review("approve"), extra=(error("ACCOUNT-CHANGE-NOTICE"),))
        record = shown(validated(NEW_ACCOUNT))
        record = record.with_answer(decided(since, record), analysis=0, review_id="approve-by-petra")
        again = validated(
            NEW_ACCOUNT, review=review("approve", review_id="second"), extra=(error("ACCOUNT-CHANGE-NOTICE"),)
        )

        assert decided(again, record).outcome == "approve"

    def test_lifts_nothing_on_a_document_that_was_never_shown_under_its_key(self) -> None:
        assert decided(validated(NEW_ACCOUNT, review=review("approve")), InvoiceRecord()).outcome == "hold"
        assert decided(validated(review=review("approve")), InvoiceRecord()).outcome == "approve"

    @pytest.mark.parametrize(
        "rule",
        [
            "CREDIT-NOTE",
            "NOTHING-DUE",
            "DUPLICATE",
            "SUPPLIER-UNKNOWN",
            "SUPPLIER-INACTIVE",
            "DEBTOR-MISSING",
            "KEY-STALE",
        ],
    )
    def test_lifts_neither_what_is_refused_nor_what_is_impossible(self, rule: str) -> None:
        record = shown(validated(extra=(error(rule),)))

        assert decided(validated(extra=(error(rule),), review=review("approve")), record).outcome != "approve"

    def test_lifts_no_missing_address_and_no_invalid_account(self) -> None:
        homeless = directory(supplier(postal_address=PostalAddress(town="Lyon")))
        broken = invoice(payment_instructions=(transfer("FR7630006000011234567890188"),))

        for paper, known in ((invoice(), homeless), (broken, directory(supplier(accounts=())))):
            record = shown(validated(paper, known))
            assert decided(validated(paper, known, review=review("approve")), record).outcome == "hold"

    def test_of_another_document_is_no_approval(self) -> None:
        misdirected = validated(NEW_ACCOUNT, review=review("approve", content=b"two"))

        assert decided(misdirected, shown(validated(NEW_ACCOUNT))).reasons == ("ACCOUNT-NEW", "REVIEW-MISDIRECTED")


class TestFourEyes:
    @pytest.mark.parametrize("reviewer", ["petra", " Petra ", "PETRA", ""])
    def test_whoever_captured_it_may_not_approve_it(self, reviewer: str) -> None:
        captured = received(submitted_by="petra")
        event = validated(NEW_ACCOUNT, received=captured, review=review("approve", reviewer))

        decision = decided(event, shown(validated(NEW_ACCOUNT, received=captured)))

        assert decision.outcome == "hold"
        assert decision.reasons == ("ACCOUNT-NEW", "FOUR-EYES")
        assert decision.decided_by == ()

    def test_it_stays_held_even_if_nothing_else_was_wrong(self) -> None:
        event = validated(received=received(submitted_by="petra"), review=review("approve"))

        assert decided(event, InvoiceRecord()).reasons == ("FOUR-EYES",)

    def test_whoever_corrected_it_may_not_approve_it(self) -> None:
        corrected = validated(review=review("correct"), corrected_by=("petra",))
        record = InvoiceRecord().with_answer(
            decided(corrected, InvoiceRecord()), analysis=0, review_id="correct-by-petra"
        )

        same = decided(validated(review=review("approve"), corrected_by=("petra",)), record)
        other = decided(validated(review=review("approve", "anna"), corrected_by=("petra",)), record)

        assert (same.outcome, same.reasons) == ("hold", ("CORRECTED", "FOUR-EYES"))
        assert (other.outcome, other.decided_by) == ("approve", ("petra", "anna"))

    def test_nobody_in_particular_may_have_captured_it(self) -> None:
        event = validated(received=received(submitted_by=None), review=review("approve"))

        assert decided(event, InvoiceRecord()).outcome == "approve"


class TestCorrect:
    def test_is_held_until_somebody_else_approves(self) -> None:
        decision = decided(validated(review=review("correct"), corrected_by=("petra",)), InvoiceRecord())

        assert (decision.outcome, decision.reasons, decision.decided_by) == ("hold", ("CORRECTED",), ("petra",))

    def test_counts_even_where_the_event_forgot_to_name_the_corrector(self) -> None:
        assert decided(validated(review=review("correct")), InvoiceRecord()).reasons == ("CORRECTED",)

    def test_of_values_that_are_no_invoice_is_refused(self) -> None:
        wrong = validated(invoice(invoice_type_code="381"), review=review("correct"), corrected_by=("petra",))

        assert decided(wrong, InvoiceRecord()).outcome == "reject"


class TestReject:
    def test_refuses(self) -> None:
        decision = decided(validated(review=review("reject", reason="never ordered")), shown(validated()))

        assert decision.outcome == "approve", "an approval stands: its command may be out"

    def test_refuses_a_held_one(self) -> None:
        event = validated(NEW_ACCOUNT, review=review("reject", reason="never ordered"))

        decision = decided(event, shown(validated(NEW_ACCOUNT)))

        assert (decision.outcome, decision.reasons, decision.decided_by) == ("reject", ("REFUSED",), ("petra",))
        assert "never ordered" in [finding.message for finding in decision.findings]

    def test_the_decision_falls_at_the_moment_of_the_act(self) -> None:
        act = review("reject")

        assert decided(validated(NEW_ACCOUNT, review=act), InvoiceRecord()).decided_at == act.submitted_at

    def test_even_whoever_captured_it_may_refuse_it(self) -> None:
        event = validated(NEW_ACCOUNT, received=received(submitted_by="petra"), review=review("reject"))

        assert decided(event, InvoiceRecord()).outcome == "reject"


def test_a_document_never_approves_itself_by_a_review_of_its_own_key() -> None:
    held = validated(NEW_ACCOUNT)

    assert decided(held, shown(held)).outcome == "hold"
    assert document_id(b"one") == held.normalized.document_id
