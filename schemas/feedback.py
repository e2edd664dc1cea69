"""What was wrong, what is right, who says so, and which release had said otherwise."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record, Text
from schemas.evidence import Box, Lane
from schemas.identifiers import InvoiceKey, record_id
from schemas.money import Amount

FeedbackSource = Literal["review", "settlement", "dead_letter", "anomaly", "dissent"]
# As many reasons as an assessment ever had, and some.
REASONS_MAX = 64


class FeedbackRecorded(Record):
    """One thing that went wrong with one document. Where nothing is known, nothing stands: None is no value.

    `cause` is the machine word of whoever complains: a pain.002 reason code, `correction`, `rejection`, `approval` of
    what was held in vain, a dead letter's reason. `reasons` are the codes for which the document was held. `at_risk` is
    the sum that hung on it. `layout` is the sketch of the page (agents/extraction/text/sketch.py). `reference` names
    what it comes from: the review, the command, the place of a dead letter. `detail` are the complainer's own words.
    `wrong`, `right` and `detail` are personal data and go with the topic's retention.
    """

    document_id: Code
    tenant: Code
    field: Code | None = None
    wrong: Text | None = None
    right: Text | None = None
    cause: Code | None = None
    source: FeedbackSource
    release: Code
    recorded_at: Moment
    invoice_key: InvoiceKey | None = None
    supplier_id: Code | None = None
    lane: Lane | None = None
    layout: Code | None = None
    reporter: Code | None = None
    reasons: Annotated[tuple[Code, ...], Field(max_length=REASONS_MAX)] = ()
    at_risk: Amount | None = None
    page: int | None = None
    box: Box | None = None
    reference: Code | None = None
    detail: Text | None = None

    @property
    def feedback_id(self) -> str:
        """Return what tells one lesson from another: the same fact, told twice, has the same id."""
        facts = (self.document_id, self.field, self.source, self.cause, self.reference)
        return record_id("feedback", *(fact or "" for fact in facts))
