"""The audit sample: some of what could be paid is looked at, so that somebody knows how often it is wrong."""

import pytest

from agents.decision.decision import AUDIT_SAMPLE, decide
from agents.decision.policy import DEFAULT_POLICY
from schemas.decision import Decision
from schemas.events import InvoiceValidated
from schemas.policy import Policy
from tables.invoices import InvoiceRecord
from tests.agents.builders import DEBTOR, received, review, validated

DOCUMENTS = 2_000


def policy(share: float) -> Policy:
    return DEFAULT_POLICY.model_copy(update={"audit_share": share})


def document(number: int) -> InvoiceValidated:
    event = validated()
    mine = received(str(number).encode())
    return event.model_copy(update={"normalized": event.normalized.model_copy(update={"received": mine})})


def decided(event: InvoiceValidated, share: float, record: InvoiceRecord | None = None) -> Decision:
    return decide(event, record or InvoiceRecord(), policy=policy(share), debtor=DEBTOR, release="r2")


def test_nothing_is_drawn_unless_the_policy_says_so() -> None:
    assert DEFAULT_POLICY.audit_share == 0.0
    assert all(decided(document(number), 0.0).outcome == "approve" for number in range(200))


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_share_of_what_could_be_paid_is_held(share: float) -> None:
    held = [found for number in range(DOCUMENTS) if (found := decided(document(number), share)).outcome == "hold"]
    assert len(held) / DOCUMENTS == pytest.approx(share, abs=0.03)
    assert {found.reasons for found in held} == {(AUDIT_SAMPLE,)}
    assert all(found.payment is None for found in held)
    assert "Nothing is wrong" in held[0].explanation


def test_a_document_is_drawn_by_its_bytes_alone() -> None:
    """Sent in again, or read by another release, it is drawn as before; more are drawn where the share grows."""
    small = {number for number in range(DOCUMENTS) if decided(document(number), 0.05).outcome == "hold"}
    large = {number for number in range(DOCUMENTS) if decided(document(number), 0.2).outcome == "hold"}
    assert small < large


def test_what_waits_anyway_is_no_sample() -> None:
    waiting = decided(document(1).model_copy(update={"match": None}), 1.0)
    assert waiting.outcome == "hold"
    assert AUDIT_SAMPLE not in waiting.reasons


def test_a_person_who_has_looked_releases_it() -> None:
    event = document(1)
    first = decided(event, 1.0)
    assert first.reasons == (AUDIT_SAMPLE,)
    normalized = event.normalized
    record = InvoiceRecord().with_answer(first, analysis=0, review_id=None)
    act = review("approve", document_id=normalized.document_id, invoice_key=normalized.invoice_key)
    looked_at = event.model_copy(update={"normalized": normalized.model_copy(update={"review": act})})
    second = decided(looked_at, 1.0, record)
    assert (second.outcome, second.reasons) == ("approve", ())
    assert second.payment is not None


def test_a_decision_tells_its_lane() -> None:
    assert decided(document(1), 0.0).lane == "xml"
