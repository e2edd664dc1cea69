"""What the guard counts of the topics, and for which release."""

from datetime import timedelta
from itertools import islice
from typing import Literal

import pytest

from agents.decision.decision import AUDIT_SAMPLE
from app.releases.tally import Tally
from schemas.comparison import Judgement, Purpose, ReleaseCompared
from schemas.decision import ReviewAction, ReviewSubmitted
from schemas.events import DocumentState, DocumentStatus
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import digest, orphan_key
from tests.app.releases.world import CANARY, CODE, EPISODE, LATER, SINCE, decided, documents, watched

MINE, THEIRS = next(documents(canary=True)), next(documents(canary=False))


def status(
    document: str, release: str, state: DocumentState, *, key: bool = False, reason: str = "X"
) -> DocumentStatus:
    return DocumentStatus(
        document_id=document,
        tenant="default",
        state=state,
        final=False,
        reasons=(reason,),
        invoice_key=orphan_key("default", document) if key else None,
        release=release,
        at=SINCE,
        correlation_id="c",
    )


def review(document: str, action: ReviewAction, **corrections: str) -> ReviewSubmitted:
    return ReviewSubmitted(
        review_id=f"{action}-{document}",
        document_id=document,
        invoice_key=orphan_key("default", document),
        action=action,
        reviewer="petra",
        corrections=dict(corrections),
        submitted_at=SINCE,
    )


def tally(*events: object) -> Tally:
    taken = Tally(EPISODE)
    for event in events:
        taken.take(event, LATER)
    return taken


def test_a_document_counts_once_and_for_the_release_that_decided_it() -> None:
    found = tally(
        decided(MINE, CANARY, "hold"), decided(MINE, CANARY, "approve"), decided(THEIRS, CODE), decided(THEIRS, CODE)
    )
    assert found.watch.counts == {("canary", "hold"): 1, ("active", "approve"): 1}


def test_what_a_person_brought_about_is_not_the_releases_outcome() -> None:
    assert not tally(decided(MINE, CANARY, "approve", review_id="r")).watch.counts


def test_what_was_drawn_by_another_share_counts_for_nobody() -> None:
    assert not tally(decided(MINE, CODE, "hold"), decided(THEIRS, CANARY, "hold")).watch.counts


def test_other_releases_and_the_time_before_do_not_count() -> None:
    found = tally(decided(MINE, "0.0.9+old", "hold"))
    found.take(decided(MINE, CANARY, "hold"), SINCE - timedelta(seconds=1))
    assert not found.watch.counts


def test_a_document_that_was_never_read_has_a_status_alone() -> None:
    found = tally(
        status(MINE, CANARY, "rejected", reason="EXTRACTION-BROKEN"),
        status(THEIRS, CODE, "held", key=True, reason="STAGE-FAILED"),
    )
    assert found.watch.counts == {("canary", "failed"): 1, ("active", "failed"): 1}


@pytest.mark.parametrize("state", ["held", "rejected", "approved", "extracted"])
def test_the_status_of_what_was_decided_adds_nothing(state: DocumentState) -> None:
    assert not tally(status(MINE, CANARY, state, key=True)).watch.counts
    if state in {"approved", "extracted"}:
        assert not tally(status(MINE, CANARY, state)).watch.counts


def test_a_document_that_came_late_is_slow() -> None:
    found = tally(decided(MINE, CANARY, decided_at=SINCE - timedelta(seconds=30)), decided(THEIRS, CODE))
    assert found.watch.evidence["slow"].trials == 1
    assert found.watch.evidence["slow"].hits == 1


def test_a_sample_is_an_approval_until_somebody_has_looked() -> None:
    sample = decided(MINE, CANARY, "hold", reasons=(AUDIT_SAMPLE,))
    assert tally(sample).watch.counts == {("canary", "approve"): 1}
    assert tally(sample).watch.evidence["false_payable"].trials == 0


@pytest.mark.parametrize(
    ("acts", "trials", "wrong"),
    [
        ([("approve", {})], 1, 0),
        ([("reject", {})], 1, 1),
        ([("correct", {"amount_due_for_payment": "1.00"}), ("approve", {})], 1, 1),
        ([("correct", {"seller_name": "Acme"})], 0, 0),
        ([("correct", {"seller_name": "Acme"}), ("approve", {})], 1, 0),
    ],
)
@pytest.mark.parametrize("order", ["as it was", "topics apart"])
def test_what_a_person_found_in_a_sample_counts_in_any_order_of_the_topics(
    acts: list[tuple[ReviewAction, dict[str, str]]],
    trials: int,
    wrong: int,
    order: Literal["as it was", "topics apart"],
) -> None:
    sample = decided(MINE, CANARY, "hold", reasons=(AUDIT_SAMPLE,))
    reviews = [review(MINE, action, **corrections) for action, corrections in acts]
    events = [sample, *reviews] if order == "as it was" else [*reviews, sample]
    found = tally(*events).watch.evidence["false_payable"]
    assert (found.trials, found.hits) == (trials, wrong)


def test_what_the_active_release_would_have_paid_is_no_evidence_against_the_canary() -> None:
    found = tally(decided(THEIRS, CODE, "hold", reasons=(AUDIT_SAMPLE,)), review(THEIRS, "reject"))
    assert found.watch.evidence["false_payable"].trials == 0


def feedback(document: str, release: str, *reasons: str) -> FeedbackRecorded:
    return FeedbackRecorded(
        document_id=document,
        tenant="default",
        field="invoice_number",
        source="review",
        release=release,
        recorded_at=SINCE,
        reasons=reasons,
    )


def test_corrections_count_once_a_document_and_only_of_what_was_in_order() -> None:
    found = tally(
        feedback(MINE, CANARY), feedback(MINE, CANARY, AUDIT_SAMPLE), feedback(THEIRS, CODE, "CONFIDENCE-LOW")
    )
    assert (found.watch.evidence["corrected"].trials, found.watch.evidence["corrected"].hits) == (1, 1)


def test_a_sample_that_a_person_found_right_is_no_correction() -> None:
    approved = feedback(MINE, CANARY, AUDIT_SAMPLE).model_copy(update={"cause": "approval", "field": None})
    assert tally(approved).watch.evidence["corrected"].hits == 0


@pytest.mark.parametrize(
    ("reason", "counts"),
    [
        ("AC01", 1),  # no such account: it may have been read wrongly
        ("AM09", 1),  # not the sum that was agreed
        ("RVNM", 1),  # the account is another's
        ("AM05", 1),  # paid before, and no rule stopped it
        ("AM04", 0),  # the payer has no money
        ("AC06", 0),  # an account is blocked, and it may be the payer's
        ("MS03", 0),  # no reason
        ("RJCT", 0),
        ("X-OWN-CODE", 0),  # nobody guesses
    ],
)
def test_of_what_banks_say_only_what_may_be_the_releases_doing_counts(reason: str, counts: int) -> None:
    told = feedback(MINE, CANARY).model_copy(update={"source": "settlement", "field": None, "cause": reason})
    assert tally(told).watch.evidence["corrected"].hits == counts


def test_a_document_that_the_bank_refused_for_want_of_money_can_still_be_corrected() -> None:
    refused = feedback(MINE, CANARY).model_copy(update={"source": "settlement", "field": None, "cause": "AM04"})
    assert tally(refused, feedback(MINE, CANARY)).watch.evidence["corrected"].hits == 1


def compared(purpose: Purpose, release: str, other: str, *, same: bool) -> ReleaseCompared:
    own = Judgement(release=release, outcome="approve", evidence_digest=digest(b"1"))
    beside = Judgement(release=other, outcome="approve" if same else "hold", evidence_digest=digest(b"2"))
    return ReleaseCompared(
        document_id=MINE,
        tenant="default",
        release_id=release,
        purpose=purpose,
        own=own,
        other=beside,
        compared_at=SINCE,
    )


def test_comparisons_of_this_canary_with_what_is_active_count() -> None:
    found = tally(
        compared("canary", CANARY, CODE, same=False),
        compared("canary", CANARY, CODE, same=True),
        compared("canary", CANARY, "other", same=False),
        compared("shadow", CANARY, CODE, same=False),
        compared("canary", "other", CODE, same=False),
    ).watch.evidence["disagreement"]
    assert (found.trials, found.hits) == (2, 1)


def test_of_a_settled_release_only_what_persons_find_in_the_sample_counts() -> None:
    found = Tally(watched(1.0))
    for document in islice(documents(canary=True, share=1.0), 12):
        found.take(decided(document, CANARY, "hold"), LATER)
        found.take(feedback(document, CANARY), LATER)
    assert not found.watch.alarms
    for document in islice(documents(canary=True, share=1.0), 12, 15):
        found.take(decided(document, CANARY, "hold", reasons=(AUDIT_SAMPLE,)), LATER)
        found.take(review(document, "reject"), LATER)
    assert [alarm.signal for alarm in found.watch.alarms] == ["false_payable"]


def test_an_active_release_is_judged_beside_the_one_below_it() -> None:
    found = Tally(watched(0.95))
    for document in islice(documents(canary=True, share=0.95), 60):
        found.take(decided(document, CANARY, "hold"), LATER)
    for document in islice(documents(canary=False, share=0.95), 5):
        found.take(decided(document, CODE), LATER)
    assert found.watch.counts == {("canary", "hold"): 60, ("active", "approve"): 5}
    assert [str(alarm) for alarm in found.watch.alarms] == ["unapproved: 5 of 5"]


def test_a_canary_that_holds_everything_is_an_alarm() -> None:
    mine, theirs = islice(documents(canary=True), 25), islice(documents(canary=False), 25)
    found = tally(*(decided(one, CANARY, "hold") for one in mine), *(decided(one, CODE) for one in theirs))
    assert {alarm.signal for alarm in found.watch.alarms} == {"held", "unapproved"}
