"""What persons found, put together from three topics."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from agents.decision.decision import AUDIT_SAMPLE
from agents.quality.risk import RISK, Reviewed, bound, threshold
from app.releases.commands_risk import drafted, row
from app.releases.reviewed import Findings, groups, of_lessons
from schemas.feedback import FeedbackRecorded
from tests.agents.builders import normalized, received, review, validated
from tests.app.releases.world import decided

CONTENT = b"one"
DOCUMENT = received(CONTENT).document_id


def found(*events: object) -> list[Reviewed]:
    findings = Findings()
    for event in events:
        findings.take(event)
    return list(findings.reviewed())


def held(*reasons: str) -> object:
    return decided(DOCUMENT, "r1", "hold", reasons=reasons)


def test_a_sample_that_was_approved_is_right_whatever_the_order_of_the_topics() -> None:
    events = (validated(), held(AUDIT_SAMPLE), review("approve", content=CONTENT))
    for order in permutations(events):
        (one,) = found(*order)
        assert (one.lane, one.wrong, one.sampled) == ("xml", False, True)


@pytest.mark.parametrize(
    ("reasons", "sampled"),
    [((AUDIT_SAMPLE,), True), (("CONFIDENCE-LOW",), False), (("CONFIDENCE-LOW", "LANE-REVIEW"), False)],
)
def test_what_would_be_paid_by_another_threshold_counts_apart(reasons: tuple[str, ...], sampled: bool) -> None:
    (one,) = found(validated(), held(*reasons), review("reject", content=CONTENT))
    assert (one.wrong, one.sampled) == (True, sampled)


def test_what_waited_for_another_reason_says_nothing_of_the_threshold() -> None:
    assert not found(validated(), held("ACCOUNT-NEW", AUDIT_SAMPLE), review("reject", content=CONTENT))


def test_a_correction_of_what_is_paid_stands_though_it_is_approved_afterwards() -> None:
    wrong = review("correct", content=CONTENT, corrections={"invoice_number": "7"})
    (one,) = found(validated(), held(AUDIT_SAMPLE), wrong, review("approve", "paul", content=CONTENT))
    assert one.wrong
    harmless = review("correct", content=CONTENT, corrections={"seller_name": "Acme"})
    (one,) = found(validated(), held(AUDIT_SAMPLE), harmless, review("approve", "paul", content=CONTENT))
    assert not one.wrong


def learned(cause: str, *reasons: str, field: str | None = None, hours: int = 0, **more: str) -> FeedbackRecorded:
    return FeedbackRecorded(
        document_id=more.get("document", DOCUMENT),
        tenant="default",
        cause=cause,
        field=field,
        source="review",
        release="r1",
        recorded_at=datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hours),
        lane="text",
        reasons=reasons,
        reference=f"review-{hours}",
    )


@pytest.mark.parametrize(
    ("lessons", "wrong"),
    [
        ([learned("approval", AUDIT_SAMPLE)], False),
        ([learned("rejection", AUDIT_SAMPLE)], True),
        ([learned("correction", AUDIT_SAMPLE, field="amount_due_for_payment")], True),
        # The second act meets what the first one brought about.
        (
            [
                learned("correction", AUDIT_SAMPLE, field="seller_name"),
                learned("correction", "CORRECTED", field="invoice_number", hours=1),
            ],
            True,
        ),
    ],
)
def test_what_was_found_long_ago_is_known_by_its_lessons(lessons: list[FeedbackRecorded], wrong: bool) -> None:
    for order in permutations(lessons):
        (one,) = of_lessons(order)
        assert (one.release, one.lane, one.confidence, one.wrong, one.sampled) == ("r1", "text", None, wrong, True)


@pytest.mark.parametrize(
    "lesson",
    [
        learned("approval", "ACCOUNT-NEW"),
        learned("approval"),
        learned("correction", AUDIT_SAMPLE, field="seller_name"),
        learned("correction", "CORRECTED", field="invoice_number"),
    ],
)
def test_lessons_of_what_waited_for_another_reason_or_says_nothing_of_payment_do_not_count(
    lesson: FeedbackRecorded,
) -> None:
    assert not list(of_lessons([lesson]))


def test_what_the_topics_know_better_is_not_counted_twice() -> None:
    assert not list(of_lessons([learned("approval", AUDIT_SAMPLE)], {DOCUMENT}))


def test_without_a_confidence_the_bound_counts_and_the_threshold_does_not() -> None:
    long_ago = [Reviewed("r1", "text", None, wrong=False) for _ in range(600)]
    assert bound(long_ago).upper < RISK
    assert threshold(long_ago) is None
    known = [Reviewed("r1", "text", 0.97, wrong=False) for _ in range(600)]
    assert threshold([*long_ago, *known]) == 0.97


def test_what_a_person_brought_back_is_not_the_releases_own_reading() -> None:
    again = validated().model_copy(update={"normalized": normalized(review=review("correct", corrections={"a": "b"}))})
    assert not found(again, held(AUDIT_SAMPLE), review("approve", content=CONTENT))


def test_a_row_bounds_the_sample_and_drafts_what_is_proven() -> None:
    sample = [Reviewed("r1", "text", 0.99, wrong=False) for _ in range(600)]
    below = [Reviewed("r1", "text", 0.85, wrong=False, sampled=False) for _ in range(600)]
    few = [Reviewed("r1", "scan", 0.99, wrong=True)]
    rows = [row(release, lane, each, 0.005) for (release, lane), each in groups([*sample, *below, *few]).items()]
    scan, text = rows
    assert (text["reviewed"], text["false"], text["confidence_min"]) == (600, 0, 0.9)
    assert text["upper"] < 0.005
    assert (scan["upper"], scan["confidence_min"]) == (1.0, None)
    assert drafted(rows, "r1", 0.005)["confidence_min"] == {"text": 0.9}
    assert drafted(rows, "other", 0.005)["confidence_min"] == {}
