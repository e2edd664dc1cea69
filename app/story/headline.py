"""The story in one or two sentences: for whoever reads no further."""

from collections.abc import Sequence

from app.dossier import Dossier, Event
from app.story import words
from app.story.deciding import decision_on
from schemas.decision import Decision
from schemas.events import DocumentStatus, InvoiceNormalized
from schemas.payment import PaymentInitiated
from schemas.topics import DOCUMENT_STATUS, INVOICE_NORMALIZED, PAYMENT_INITIATED

_STATES = {
    "received": "It has come in and waits to be read.",
    "extracted": "It has been read, and is on its way.",
    "normalized": "It has been read, and is on its way.",
    "validated": "It has been checked, and is on its way.",
    "approved": "It is approved; the command is on its way.",
    "held": "It is held and waits for a person.",
    "rejected": "It was rejected: nothing is paid for it.",
    "payment_initiated": "A payment command was sent; the bank has not answered.",
    "payment_accepted": "A payment command was sent, and the bank has accepted it.",
    "settled": "It was paid: the bank has confirmed it.",
    "payment_rejected": "It was not paid: the bank refused the command.",
    "returned": "It was paid, and the money came back.",
    "cancelled": "It was not paid: the command was cancelled.",
}


def headline(dossier: Dossier, events: Sequence[Event]) -> str:
    """Return what became of the document, and why."""
    status = _status(dossier)
    decided = [found for event in events if (found := decision_on(dossier, event)) is not None]
    state = status.state if status else _state_of(decided)
    told = [_subject(dossier), _STATES.get(state, "Nothing is known of what became of it."), _sum(dossier)]
    if state in {"held", "rejected"}:
        told.append(_because(decided, status))
    if status is not None and "CANCEL-REQUESTED" in status.reasons:
        told.append("Somebody has asked for the command to be cancelled.")
    return " ".join(part for part in told if part)


def _status(dossier: Dossier) -> DocumentStatus | None:
    """Return the last status; its topic is compacted, so that there is one as long as the document is known."""
    found = [each.event for each in dossier.own(DOCUMENT_STATUS) if isinstance(each.event, DocumentStatus)]
    return found[-1] if found else None


def _state_of(decided: list[Decision]) -> str:
    outcomes = {"approve": "approved", "hold": "held", "reject": "rejected"}
    return outcomes[decided[-1].outcome] if decided else ""


def _subject(dossier: Dossier) -> str:
    normalized = [e.event for e in dossier.own(INVOICE_NORMALIZED) if isinstance(e.event, InvoiceNormalized)]
    if not normalized:
        return ""
    invoice = normalized[-1].invoice
    number = f"Invoice {invoice.invoice_number}" if invoice.invoice_number else "An invoice without a number"
    return f"{number} of {(invoice.seller.name or 'an unnamed seller').rstrip('.')}."


def _sum(dossier: Dossier) -> str:
    sent = [each.event for each in dossier.own(PAYMENT_INITIATED) if isinstance(each.event, PaymentInitiated)]
    if not sent:
        return ""
    command = sent[0]
    amount = command.instructed_amount
    return (
        f"{words.money(amount.value, amount.currency)} to {command.creditor.name} on {command.creditor_account}, "
        f"to be executed on {words.day(command.requested_execution_date)}."
    )


def _because(decided: list[Decision], status: DocumentStatus | None) -> str:
    explanation = decided[-1].explanation if decided else status.explanation if status else ""
    return f"Because: {explanation}" if explanation else ""
