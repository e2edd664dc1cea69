"""What the topics say of one release under guard, document by document, whatever the order in which they are read.

Each document counts once, with its first outcome, and only where the draw agrees with the release that its record
names: around a change of share some documents were still drawn by the old one, and would count for the wrong side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.decision.decision import AUDIT_SAMPLE
from agents.quality.banks import speaks_of_reading
from agents.quality.guard import Arm, Outcome, Watch
from agents.review.lessons import APPROVAL
from schemas.comparison import ReleaseCompared
from schemas.decision import ReviewSubmitted
from schemas.events import DocumentStatus, PaymentDecided
from schemas.evidence import PAYMENT_CRITICAL
from schemas.feedback import FeedbackRecorded
from tables.releases import falls_on

# A document is read and decided in a tenth of a second; after ten seconds it has stood in a queue.
SLOW_SECONDS = 10.0
# A canary of a million documents should have been promoted; the oldest are forgotten then.
DOCUMENTS_MAX = 1_000_000
# What a stage says of an event on which it failed by itself (agents/stage.py).
STAGE_FAILED = "STAGE-FAILED"


@dataclass(frozen=True)
class Episode:
    """A release that is judged, the one beside it, the share of the judged one, and since when both were so.

    A canary is judged beside the active release, and an active one beside the release below it. With a share of 1 there
    is nothing beside it: only what persons find in the audit sample counts then.
    """

    judged: str
    beside: str
    share: float
    since: datetime


class Tally:
    """The evidence of one episode."""

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.watch = Watch()
        self._counted: dict[str, Arm] = {}
        self._corrected: set[str] = set()
        self._sampled: set[str] = set()
        self._looked_at: dict[str, bool] = {}
        self._take: Mapping[type, Callable[..., None]] = {
            PaymentDecided: self._decided,
            DocumentStatus: self._status,
            FeedbackRecorded: self._feedback,
            ReviewSubmitted: self._review,
            ReleaseCompared: self._compared,
        }

    def take(self, event: object, written_at: datetime) -> None:
        """Take in one record, unless it is from before the episode."""
        if written_at >= self.episode.since:
            self._take[type(event)](event, written_at)

    def arm(self, document_id: str, release: str) -> Arm | None:
        """Return for which of the two a document counts, or None."""
        drawn_in = falls_on(self.episode.judged, document_id, self.episode.share)
        if drawn_in and release == self.episode.judged:
            return "canary"
        return "active" if not drawn_in and release == self.episode.beside else None

    def _decided(self, event: PaymentDecided, written_at: datetime) -> None:
        decision = event.decision
        if decision.review_id is not None:
            return
        is_sample = decision.reasons == (AUDIT_SAMPLE,)
        slow = (written_at - decision.decided_at).total_seconds() > SLOW_SECONDS
        arm = self._count(
            decision.document_id, decision.release, "approve" if is_sample else decision.outcome, slow=slow
        )
        if is_sample and arm == "canary":
            self._sampled.add(decision.document_id)
            self._audit(decision.document_id)

    def _status(self, status: DocumentStatus, _written_at: datetime) -> None:
        """A document that was never read, or on which a stage has failed, has no decision: only its status tells."""
        ends = status.state in {"rejected", "held"}
        if ends and (status.invoice_key is None or STAGE_FAILED in status.reasons):
            self._count(status.document_id, status.release, "failed", slow=False)

    def _feedback(self, feedback: FeedbackRecorded, _written_at: datetime) -> None:
        """Corrections of what was in order for the release; what waited for a person anyway is its business."""
        arm = self.arm(feedback.document_id, feedback.release)
        in_order = set(feedback.reasons) <= {AUDIT_SAMPLE} and _is_blamed(feedback)
        if arm is not None and in_order and feedback.document_id not in self._corrected:
            self._corrected.add(feedback.document_id)
            self.watch.corrected(arm, self.episode.share)

    def _review(self, review: ReviewSubmitted, _written_at: datetime) -> None:
        wrong = review.action == "reject" or not set(PAYMENT_CRITICAL).isdisjoint(review.corrections)
        if review.action != "correct" or wrong:  # another correction says nothing; the approval after it does
            self._looked_at.setdefault(review.document_id, wrong)
            self._audit(review.document_id)

    def _compared(self, compared: ReleaseCompared, _written_at: datetime) -> None:
        ours = (compared.release_id, compared.other.release) == (self.episode.judged, self.episode.beside)
        if compared.purpose == "canary" and ours:
            self.watch.compared(differs=compared.differs)

    def _count(self, document_id: str, release: str, outcome: Outcome, *, slow: bool) -> Arm | None:
        arm = self.arm(document_id, release)
        if arm is None or document_id in self._counted:
            return None
        self._counted[document_id] = arm
        if len(self._counted) > DOCUMENTS_MAX:
            del self._counted[next(iter(self._counted))]
        self.watch.decided(arm, outcome, self.episode.share, slow=slow)
        return arm

    def _audit(self, document_id: str) -> None:
        """Count a sampled document of the canary once a person has looked at it."""
        if document_id in self._sampled and document_id in self._looked_at:
            self._sampled.discard(document_id)
            self.watch.audited(wrong=self._looked_at[document_id])


def _is_blamed(feedback: FeedbackRecorded) -> bool:
    """Tell whether what was said may be the doing of a release: a payer without money says nothing of how we read."""
    if feedback.source == "settlement":
        return speaks_of_reading(feedback.cause)
    return feedback.source == "review" and feedback.cause != APPROVAL  # an approval: a person found it right
