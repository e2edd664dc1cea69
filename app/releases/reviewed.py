"""What persons found when they looked at documents that could have been paid: as the topics and the read model have it.

The topics have fourteen days. What persons found before that stands in the lessons that the read model keeps: there no
error is missing, for each correction and refusal is a lesson, and of what was right some may be (an approval teaches
nothing of what was corrected before). So a bound over both is never too low.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import select

from agents.decision.decision import AUDIT_SAMPLE
from agents.quality.risk import Reviewed
from agents.review.lessons import CORRECTION, REJECTION
from app.quality.unusual_days import is_there
from app.readmodel.database import open_database
from app.readmodel.tables import lesson
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.codec import Undecodable, decode
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceValidated, PaymentDecided
from schemas.evidence import PAYMENT_CRITICAL, Lane
from schemas.feedback import FeedbackRecorded
from schemas.topics import INVOICE_VALIDATED, PAYMENT_DECIDED, REVIEW_SUBMITTED

# Held for these alone, a document would be paid if a threshold or a policy were another.
WOULD_BE_PAID = frozenset({AUDIT_SAMPLE, "CONFIDENCE-LOW", "LANE-REVIEW"})
# The newest: a year of a house that has three hundred documents looked at each day. Tens of megabytes to read.
LESSONS_MAX = 100_000


class Seen(NamedTuple):
    """What is known of a document before anybody looked."""

    release: str
    lane: Lane
    confidence: float


class Findings:
    """Puts the records of three topics together, in whatever order they come; the first of a document counts."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._sampled: dict[str, bool] = {}
        self._wrong: dict[str, bool] = {}

    def take(self, event: object) -> None:
        """Take in one record."""
        match event:
            case InvoiceValidated(normalized=normalized) if normalized.review is None:
                seen = Seen(event.release, normalized.lane, event.assessment.confidence)
                self._seen.setdefault(normalized.document_id, seen)
            case PaymentDecided(decision=decision) if decision.review_id is None:
                if decision.outcome == "hold" and set(decision.reasons) <= WOULD_BE_PAID:
                    self._sampled.setdefault(decision.document_id, decision.reasons == (AUDIT_SAMPLE,))
            case ReviewSubmitted():
                if (wrong := verdict(event)) is not None:
                    self._wrong.setdefault(event.document_id, wrong)

    @property
    def documents(self) -> frozenset[str]:
        """Return the documents that were looked at as they were first decided, as the topics still tell."""
        return frozenset(self._sampled.keys() & self._wrong.keys() & self._seen.keys())

    def reviewed(self) -> Iterator[Reviewed]:
        """Yield what was looked at and could have been paid."""
        for document in sorted(self.documents):
            release, lane, confidence = self._seen[document]
            yield Reviewed(release, lane, confidence, self._wrong[document], self._sampled[document])


def verdict(review: ReviewSubmitted) -> bool | None:
    """Return whether a person found a document falsely payable; None where the act says nothing of that.

    A refusal counts as an error though it may be about the goods: nobody says so, and a bound has to hold.
    """
    if review.action == "correct":
        return True if not set(PAYMENT_CRITICAL).isdisjoint(review.corrections) else None
    return review.action == "reject"


def of_lessons(lessons: Iterable[FeedbackRecorded], besides: Collection[str] = ()) -> Iterator[Reviewed]:
    """Yield what persons found in documents that could have been paid, by what they have taught.

    Args:
        lessons: those of reviews, in any order.
        besides: documents of which more is known.
    """
    documents: dict[str, list[FeedbackRecorded]] = {}
    for each in lessons:
        if each.source == "review" and each.document_id not in besides:
            documents.setdefault(each.document_id, []).append(each)
    for _, told in sorted(documents.items()):
        found = sorted(told, key=lambda each: (each.recorded_at, each.feedback_id))
        first = next((each for each in found if each.reasons and set(each.reasons) <= WOULD_BE_PAID), None)
        wrong = [verdict for each in found if (verdict := taught(each)) is not None]
        if first is not None and first.lane is not None and wrong:
            yield Reviewed(first.release, first.lane, None, any(wrong), first.reasons == (AUDIT_SAMPLE,))


def taught(learned: FeedbackRecorded) -> bool | None:
    """Return whether a lesson says that a document was falsely payable; None where it says nothing of that."""
    if learned.cause == CORRECTION:
        return True if learned.field in PAYMENT_CRITICAL else None
    return learned.cause == REJECTION


async def read_reviewed(settings: Settings) -> tuple[Reviewed, ...]:
    """Return everything that persons found, as far back as the topics go, and beyond as the read model remembers it.

    Raises:
        app.snapshot.TopicSilent, aiokafka.errors.KafkaError: where the topics cannot be read to their ends.
        sqlalchemy.exc.SQLAlchemyError, OSError: there is a read model, and it does not answer.
    """
    findings = Findings()
    for topic in (PAYMENT_DECIDED, REVIEW_SUBMITTED, INVOICE_VALIDATED):
        async for record in read_to_end(settings, topic.name):
            try:
                findings.take(decode(record.value, topic.event))
            except Undecodable:
                continue  # the stage that reads it has buried it
    remembered = of_lessons(await _lessons(settings.database_url), findings.documents)
    return (*findings.reviewed(), *remembered)


async def _lessons(database: str) -> list[FeedbackRecorded]:
    """Return the newest lessons of all tenants, for a release decides for every one; none where no read model is."""
    if not is_there(database):
        return []
    engine = open_database(database)
    try:
        async with engine.connect() as connection:
            query = select(lesson.c.body).order_by(lesson.c.recorded_at.desc()).limit(LESSONS_MAX)
            rows = (await connection.execute(query)).scalars().all()
    finally:
        await engine.dispose()
    return [FeedbackRecorded.model_validate_json(body) for body in rows]


def groups(found: Iterable[Reviewed]) -> dict[tuple[str, Lane], list[Reviewed]]:
    """Return what was found by release and lane."""
    grouped: dict[tuple[str, Lane], list[Reviewed]] = {}
    for each in found:
        grouped.setdefault((each.release, each.lane), []).append(each)
    return dict(sorted(grouped.items()))
