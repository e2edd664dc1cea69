"""The command that was sent, what the bank said of it, and who wanted it back."""

import base64
import json
from collections.abc import Iterator
from datetime import date

from app.dossier import Dossier, Event
from app.story import words
from app.story.masking import Mask
from app.story.story import Chapter, Proof, Sentence, of_event, of_record, plain
from schemas.events import PaymentDecided
from schemas.payment import CancellationRequested, PaymentInitiated, PaymentStatusReported
from schemas.topics import PAYMENT_INITIATED

_RAILS = {"SCT": "SEPA credit transfer", "SCT_INST": "SEPA instant transfer", "CROSS_BORDER": "cross-border transfer"}
_CHARGES = {
    "SLEV": "charges as the scheme has them",
    "SHAR": "charges shared",
    "DEBT": "charges for the payer",
    "CRED": "charges for the payee",
}
_SAID = {
    "ACTC": "the command is technically in order",
    "ACCP": "the command is accepted, the customer's profile being in order",
    "ACSP": "the command is accepted and being executed",
    "ACSC": "the money has left, and the payment is settled",
    "PDNG": "the command is still being looked at",
    "RJCT": "the command is refused, and no money moves",
    "CANC": "the command is cancelled, and no money moves",
    "RTRN": "the money has come back",
    "RCVC": "the payee's name belongs to the account",
    "RVMC": "the payee's name is close to the account's, and not the same",
    "RVNM": "the payee's name does not belong to the account",
    "RVNA": "whose the account is cannot be verified",
}
_FITTED = {
    "early": "It came before our own word of the command, and waited for it.",
    "repeated": "It had been said before.",
    "late": "It came late, and changed nothing.",
    "contradiction": "It contradicts what had been said before: somebody has to ask the bank.",
    "parked": "It was put aside: nothing was known of such a command.",
}


def initiation(dossier: Dossier, event: Event, mask: Mask) -> Chapter | None:
    """Tell what became of a decision in the payment stage; None where there was nothing to pay."""
    entry, proof = event.testimony.entry, of_event(event)
    at = words.millis(event.testimony.exhibit.read.timestamp_ms)
    if entry.outcome == "nothing_to_pay":
        return None
    if entry.outcome != "initiated":
        why = words.listed(entry.reasons) or entry.outcome
        text = f"No command was made of the approval: {why}."
        return Chapter(title="What was sent", at=at, sentences=(plain(text, *proof),))
    own = [each for each in event.effects(dossier.exhibits) if isinstance(each.event, PaymentInitiated)]
    standing = [each for each in dossier.own(PAYMENT_INITIATED) if each.digest in entry.written]
    if not own and not standing:
        text = f"The log says that command {entry.command_id} was sent; it stands on the topic no more."
        return Chapter(title="What was sent", at=at, sentences=(plain(text, *proof),))
    if not own:
        text = f"Command {entry.command_id} had been sent before; nothing was sent again."
        return Chapter(title="What was sent", at=at, sentences=(plain(text, *proof, of_record(standing[0])),))
    first = own[0]
    assert isinstance(first.event, PaymentInitiated), "it was filtered"
    told = command(first.event, mask, (*proof, of_record(first)), _why_then(first.event, _due(event)))
    return Chapter(title="What was sent", at=at, sentences=tuple(told))


def _due(event: Event) -> date | None:
    """Return the due date that the decision released."""
    decided = event.exhibit.event
    payment = decided.decision.payment if isinstance(decided, PaymentDecided) else None
    return payment.payment_due_date if payment else None


def _why_then(sent: PaymentInitiated, due: date | None) -> str:
    """Tell why it is executed on that day (agents/payment/calendar.py)."""
    if due is None:
        return "as soon as possible, for no due date is known"
    if sent.requested_execution_date < due:
        return f"so that the money is there by {words.day(due)}"
    return f"as soon as possible, for it was due on {words.day(due)}"


def command(sent: PaymentInitiated, mask: Mask, proof: tuple[Proof, ...], then: str = "") -> Iterator[Sentence]:
    """Yield what a command says; `then` is why it is to be executed on its day, where that is known."""
    amount = sent.instructed_amount
    agent = f" at {sent.creditor_agent}" if sent.creditor_agent else ""
    yield plain(
        f"Command {sent.command_id} was sent: {words.money(amount.value, amount.currency)} from {sent.debtor.name} "
        f"({mask(sent.debtor_account)}) to {sent.creditor.name} ({mask(sent.creditor_account)}{agent}).",
        *proof,
    )
    yield plain(
        f"It asks for a {_RAILS[sent.rail]} ({sent.rail}) on {words.day(sent.requested_execution_date)}, "
        f"{then}{'; ' if then else ''}"
        f"{_CHARGES[sent.charge_bearer]} ({sent.charge_bearer}), {_remittance(sent)}.",
        *proof,
    )
    yield plain(f"{_signature(sent.signature)} Its UETR is {sent.uetr}.", *proof)


def _remittance(sent: PaymentInitiated) -> str:
    about = sent.remittance_information
    if about.structured_reference:
        return f"with the reference {about.structured_reference} ({about.structured_type})"
    return f"with the text {words.quoted(about.unstructured)}" if about.unstructured else "without a reference"


def _signature(signature: str | None) -> str:
    if signature is None:
        return "It is not signed: no key was set up."
    key = _key_id(signature)
    return f"It is signed with the key {key}." if key else "It is signed; the signature does not name its key."


def _key_id(signature: str) -> str | None:
    """Return the `kid` of a detached JWS's protected header (RFC 7515, 4.1.4)."""
    protected, _, _ = signature.partition(".")
    try:
        header = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    except ValueError:
        return None
    key = header.get("kid") if isinstance(header, dict) else None
    return key if isinstance(key, str) else None


def bank(event: Event, report: PaymentStatusReported) -> tuple[Sentence, ...]:
    """Tell what the bank said of a command."""
    entry = event.testimony.entry
    reason = f" (reason {report.reason_code})" if report.reason_code else ""
    text = f"On {words.moment(report.at)} the bank said {report.status}{reason}: {_SAID[report.status]}."
    fitted = _FITTED.get(entry.outcome)
    return (plain(f"{text} {fitted}" if fitted else text, *of_event(event)),)


def wish(event: Event, asked: CancellationRequested, mask: Mask) -> tuple[Sentence, ...]:
    """Tell who wanted a command back, and whether that could be passed on."""
    outcome = event.testimony.entry.outcome
    reason = f", saying {mask(words.quoted(asked.reason))}" if asked.reason else ""
    became = {
        "cancel_requested": "The wish went to the bank; only the bank's CANC ends the payment.",
        "too_late": "It was too late: the bank had answered already.",
        "refused": "It was refused: the command is another tenant's.",
    }.get(outcome, f"It ended as {outcome}.")
    text = f"On {words.moment(asked.requested_at)} {asked.requested_by} asked for the command to be cancelled{reason}."
    return (plain(f"{text} {became}", *of_event(event)),)


def matches_its_decision(dossier: Dossier) -> Iterator[str]:
    """Yield a sentence for each command that says something else than the decision that it rests on approved."""
    approved = {
        each.event.decision.evidence_digest: each.event.decision.payment
        for each in dossier.exhibits
        if isinstance(each.event, PaymentDecided) and each.event.decision.payment
    }
    for each in dossier.own(PAYMENT_INITIATED):
        sent = each.event
        if not isinstance(sent, PaymentInitiated) or (payment := approved.get(sent.evidence_digest)) is None:
            continue
        pairs = (
            ("amount", sent.instructed_amount, payment.instructed_amount),
            ("account", sent.creditor_account, payment.creditor_account),
            ("supplier", sent.supplier_id, payment.supplier_id),
        )
        for what, says, was in pairs:
            if says != was:
                yield f"The {what} of command {sent.command_id} is not the one that was approved."
