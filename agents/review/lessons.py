"""What a person's act teaches: the values that were read wrongly, a refusal, or a document that was held in vain.

Functions of the act and of what the tables hold, so that an act delivered again teaches the same, byte by byte.
"""

from agents.review.corrections import value_of
from schemas.base import TEXT_LENGTH_MAX
from schemas.decision import Decision, ReviewSubmitted
from schemas.events import InvoiceNormalized
from schemas.evidence import FIELD_NAMES
from schemas.feedback import REASONS_MAX, FeedbackRecorded
from schemas.finding import only_suggested
from schemas.invoice import Invoice
from schemas.money import Amount

CORRECTION, REJECTION, APPROVAL = "correction", "rejection", "approval"


def lessons(
    act: ReviewSubmitted, held: InvoiceNormalized, after: InvoiceNormalized, decision: Decision | None
) -> tuple[FeedbackRecorded, ...]:
    """Return one lesson a corrected field, or one for a refusal or for an approval of what was held.

    `held` waited and `after` comes back into the chain. A person who confirms a value corrects nothing. An approval
    teaches only of what nobody has corrected before, and not where the person may not approve it (four eyes).
    """
    if act.action == "correct":
        pairs = ((name, value_of(held.invoice, name), value_of(after.invoice, name)) for name in act.corrections)
        return tuple(
            _lesson(act, held, after, decision, CORRECTION).model_copy(
                update={"field": name, "wrong": wrong, "right": right}
            )
            for name, wrong, right in pairs
            if wrong != right
        )
    if act.action == "reject":
        return (_lesson(act, held, after, decision, REJECTION),)
    if held.corrected_by or act.reviewer == held.received.submitted_by:
        return ()
    return _confirmed(act, held, after, decision) or (_lesson(act, held, after, decision, APPROVAL),)


def _confirmed(
    act: ReviewSubmitted, held: InvoiceNormalized, after: InvoiceNormalized, decision: Decision | None
) -> tuple[FeedbackRecorded, ...]:
    """Return a correction for each value that the scorer suggested and the person approves.

    The rules had found none, and the person says what is right: an anchor may come of it.
    """
    pairs = ((name, value_of(held.invoice, name)) for name in FIELD_NAMES if name in only_suggested(held.findings))
    return tuple(
        _lesson(act, held, after, decision, CORRECTION).model_copy(update={"field": name, "right": right})
        for name, right in pairs
        if right is not None
    )


def _lesson(
    act: ReviewSubmitted, held: InvoiceNormalized, after: InvoiceNormalized, decision: Decision | None, cause: str
) -> FeedbackRecorded:
    return FeedbackRecorded(
        document_id=act.document_id,
        tenant=act.tenant,
        cause=cause,
        source="review",
        release=held.release,
        recorded_at=act.submitted_at,
        invoice_key=held.invoice_key,
        supplier_id=after.supplier_id or held.supplier_id,
        lane=held.lane,
        layout=held.layout,
        reporter=act.reviewer,
        reasons=decision.reasons[:REASONS_MAX] if decision else (),
        at_risk=at_risk(held.invoice) or at_risk(after.invoice),
        reference=act.review_id,
        detail=act.reason[:TEXT_LENGTH_MAX] or None,
    )


def at_risk(invoice: Invoice) -> Amount | None:
    """Return the sum that would have been paid, None where the invoice asks for none or in no currency."""
    value, currency = invoice.amount_payable(), invoice.invoice_currency_code
    return Amount(value=value, currency=currency) if value and value > 0 and currency else None
