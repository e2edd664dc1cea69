"""What is to be done with an invoice, and everything that led to it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record, Text
from schemas.evidence import Lane
from schemas.finding import Finding
from schemas.identifiers import DocumentId, InvoiceKey
from schemas.invoice import PostalAddress
from schemas.money import Amount

DecisionOutcome = Literal["approve", "hold", "reject"]
ReviewAction = Literal["approve", "correct", "reject"]
# More corrections than a document has header fields make no sense.
CORRECTIONS_MAX = 64


class ReviewSubmitted(Record):
    """A person's act on one document. `corrections` maps a field name of evidence.py to its right value."""

    review_id: Code
    tenant: Code = "default"
    document_id: DocumentId
    invoice_key: InvoiceKey
    action: ReviewAction
    reviewer: Code
    reason: Text = ""
    evidence_digest: Code | None = None  # of the decision that the person saw; another one meanwhile is not lifted
    corrections: Annotated[dict[Code, Text | None], Field(max_length=CORRECTIONS_MAX)] = Field(default_factory=dict)
    submitted_at: Moment


class ApprovedPayment(Record):
    """What an approval releases: all that a command needs that is not the debtor's own."""

    supplier_id: Code
    invoice_number: Code
    creditor_name: Text
    creditor_postal_address: PostalAddress
    creditor_account: Code
    creditor_agent: Code | None = None
    instructed_amount: Amount
    payment_due_date: date | None = None
    remittance_reference: Text | None = None
    revision: Annotated[int, Field(ge=0)] = 0


class Decision(Record):
    """approve, hold or reject, with each finding that mattered and the release of rules that said so.

    `reasons` are machine codes; `explanation` says the same to a clerk. `payment` is there exactly when approved.
    `lane` is None in records from before it was told.
    """

    document_id: DocumentId
    invoice_key: InvoiceKey
    tenant: Code
    outcome: DecisionOutcome
    reasons: tuple[Code, ...] = ()
    explanation: Text = ""
    findings: tuple[Finding, ...] = ()
    policy: Code
    release: Code
    lane: Lane | None = None
    decided_by: tuple[Code, ...] = ()  # persons, in order; empty where the policy alone decided
    review_id: Code | None = None
    payment: ApprovedPayment | None = None
    evidence_digest: Code
    decided_at: Moment  # event time of what caused it, never the clock: a replay decides at the same moment
