"""What persons found when they looked at documents that could have been paid, as the topics still have it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agents.decision.decision import AUDIT_SAMPLE
from agents.quality.risk import Reviewed
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.codec import Undecodable, decode
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceValidated, PaymentDecided
from schemas.evidence import PAYMENT_CRITICAL, Lane
from schemas.topics import INVOICE_VALIDATED, PAYMENT_DECIDED, REVIEW_SUBMITTED

# Held for these alone, a document would be paid if a threshold or a policy were another.
WOULD_BE_PAID = frozenset({AUDIT_SAMPLE, "CONFIDENCE-LOW", "LANE-REVIEW"})


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

    def reviewed(self) -> Iterator[Reviewed]:
        """Yield what was looked at and could have been paid."""
        for document in sorted(self._sampled.keys() & self._wrong.keys() & self._seen.keys()):
            release, lane, confidence = self._seen[document]
            yield Reviewed(release, lane, confidence, self._wrong[document], self._sampled[document])


def verdict(review: ReviewSubmitted) -> bool | None:
    """Return whether a person found a document falsely payable; None where the act says nothing of that.

    A refusal counts as an error though it may be about the goods: nobody says so, and a bound has to hold.
    """
    if review.action == "correct":
        return True if not set(PAYMENT_CRITICAL).isdisjoint(review.corrections) else None
    return review.action == "reject"


async def read_reviewed(settings: Settings) -> tuple[Reviewed, ...]:
    """Return everything that persons found, as far back as the topics go.

    Raises:
        app.snapshot.TopicSilent, aiokafka.errors.KafkaError: where the topics cannot be read to their ends.
    """
    findings = Findings()
    for topic in (PAYMENT_DECIDED, REVIEW_SUBMITTED, INVOICE_VALIDATED):
        async for record in read_to_end(settings, topic.name):
            try:
                findings.take(decode(record.value, topic.event))
            except Undecodable:
                continue  # the stage that reads it has buried it
    return tuple(findings.reviewed())


def groups(found: Iterable[Reviewed]) -> dict[tuple[str, Lane], list[Reviewed]]:
    """Return what was found by release and lane."""
    grouped: dict[tuple[str, Lane], list[Reviewed]] = {}
    for each in found:
        grouped.setdefault((each.release, each.lane), []).append(each)
    return dict(sorted(grouped.items()))
