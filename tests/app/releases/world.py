"""A canary, and documents that fall on it or beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from app.releases.tally import Episode
from schemas.decision import Decision, DecisionOutcome
from schemas.events import PaymentDecided
from schemas.identifiers import digest, document_id, orphan_key
from schemas.policy import Policy
from schemas.release import Bundle, ReleaseChanged, ReleaseState
from tables.releases import drawn

CODE = "0.1.0+aaaaaaaaaaaa"
HELD_ALL = Policy(name="hold-all/1", automatic_lanes=frozenset(), confidence_min={})
BUNDLE = Bundle(code=CODE, policy=HELD_ALL)
CANARY = BUNDLE.release_id
SHARE = 0.4
SINCE = datetime(2026, 11, 29, 12, tzinfo=UTC)
EPISODE = Episode(CANARY, CODE, SHARE, SINCE)
LATER = SINCE + timedelta(seconds=1)


def documents(*, canary: bool, share: float = SHARE, release: str = CANARY) -> Iterator[str]:
    """Yield ids of documents that the canary decides, or that it does not."""
    for number in count():
        identifier = document_id(str(number).encode())
        if (drawn(release, identifier) < share) == canary:
            yield identifier


def decided(document: str, release: str, outcome: DecisionOutcome = "approve", **changes: object) -> PaymentDecided:
    decision = Decision(
        document_id=document,
        invoice_key=orphan_key("default", document),
        tenant="default",
        outcome=outcome,
        policy="p",
        release=release,
        lane="text",
        evidence_digest=digest(b"evidence"),
        decided_at=SINCE,
    )
    return PaymentDecided(decision=decision.model_copy(update=changes), correlation_id="c")


def watched(share: float = SHARE) -> Episode:
    """Return the release under guard, with another share than a canary's."""
    return Episode(CANARY, CODE, share, SINCE)


def change(state: ReleaseState, revision: int, bundle: Bundle = BUNDLE, **changes: object) -> ReleaseChanged:
    told = ReleaseChanged(
        release_id=bundle.release_id,
        state=state,
        changed_by="ada",
        changed_at=SINCE,
        bundle=bundle,
        share=SHARE if state in {"shadow", "canary"} else 0.0,
        revision=revision,
        since=SINCE,
    )
    return told.model_copy(update=changes)
