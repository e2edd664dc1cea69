"""What two releases make of one document: field names, outcomes and digests, never a value of it.

Values are personal data, and nobody needs them here: whoever wants to see why two readings differ opens the document.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record
from schemas.evidence import PAYMENT_CRITICAL, FieldName, Lane
from schemas.identifiers import DocumentId

# `unreadable` beside what a decision may be.
ComparedOutcome = Literal["approve", "hold", "reject", "unreadable"]
Purpose = Literal["shadow", "canary", "replay"]
REASONS_MAX = 64


class Judgement(Record):
    """What one release makes of a document alone: nothing that was decided before counts for either.

    `evidence_digest` is that of what would be decided on; the same digest is the same reading.
    """

    release: Code
    outcome: ComparedOutcome
    reasons: Annotated[tuple[Code, ...], Field(max_length=REASONS_MAX)] = ()
    lane: Lane | None = None
    evidence_digest: Code


class ReleaseCompared(Record):
    """Two releases on one document. `release_id` is the one that is being judged, `other` the one beside it.

    `fields` are the names of the values that differ.
    """

    document_id: DocumentId
    tenant: Code
    release_id: Code
    purpose: Purpose
    own: Judgement
    other: Judgement
    fields: tuple[FieldName, ...] = ()
    compared_at: Moment

    @property
    def differs(self) -> bool:
        """Tell whether something else would become of the document, or something else would be paid."""
        return self.own.outcome != self.other.outcome or not set(PAYMENT_CRITICAL).isdisjoint(self.fields)
