"""What persons did, having looked at what, and whether one of them had two hands in it."""

from collections.abc import Iterator

from app.dossier import Dossier, Event
from app.story import words
from app.story.masking import Mask
from app.story.story import Chapter, Sentence, alarm, of_event, of_record, plain, point
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceNormalized, PaymentDecided
from schemas.topics import INVOICE_NORMALIZED, PAYMENT_DECIDED

_ACTS = {"approve": "approved it", "correct": "corrected it", "reject": "refused it"}


def reviewing(dossier: Dossier, event: Event, review: ReviewSubmitted, mask: Mask) -> Chapter:
    """Tell what a person did, having looked at what, and whether it could be followed."""
    proof, entry = of_event(event), event.testimony.entry
    reason = f", saying {mask(words.quoted(review.reason))}" if review.reason else ""
    at = words.moment(review.submitted_at)
    sentences = [
        plain(f"{review.reviewer} {_ACTS[review.action]} on {at}{reason}.", *proof),
        _looked_at(dossier, event, review),
        *_corrections(dossier, event, review, mask),
        *_four_eyes(dossier, event, review),
    ]
    if entry.outcome == "refused":
        why = words.listed(entry.reasons)
        sentences.append(plain(f"The act was not followed: {why}. The decision stayed as it was.", *proof))
    return Chapter(title=f"What {review.reviewer} did", at=at, sentences=tuple(sentences))


def _looked_at(dossier: Dossier, event: Event, review: ReviewSubmitted) -> Sentence:
    """Tell which decision the person had before them."""
    if review.evidence_digest is None:
        return plain("The act does not say which decision the person had seen.", of_record(event.exhibit))
    for each in dossier.own(PAYMENT_DECIDED):
        if isinstance(each.event, PaymentDecided) and each.event.decision.evidence_digest == review.evidence_digest:
            decision = each.event.decision
            reasons = f" ({words.listed(decision.reasons)})" if decision.reasons else ""
            text = f"Before {review.reviewer} lay the decision to {decision.outcome} it{reasons}."
            return plain(text, of_record(event.exhibit), of_record(each))
    return plain(
        f"The decision that {review.reviewer} had seen rests on {words.short(review.evidence_digest)}, "
        "which stands on no topic any more.",
        of_record(event.exhibit),
    )


def _corrections(dossier: Dossier, event: Event, review: ReviewSubmitted, mask: Mask) -> Iterator[Sentence]:
    before = _held_before(dossier, event)
    for name, value in review.corrections.items():
        old = _stated(before, name)
        was = "" if old is None else f", where {mask(words.quoted(old))} had been read"
        text = "nothing" if value is None else mask(words.quoted(value))
        yield point(f"{words.term(name)}: {text}{was}", of_record(event.exhibit))


def _held_before(dossier: Dossier, event: Event) -> InvoiceNormalized | None:
    """Return the invoice that waited: the entry names its bytes, unless the act was refused."""
    for name in event.testimony.entry.read[1:]:
        stands = dossier.of_digest(name)
        if stands is not None and isinstance(stands.event, InvoiceNormalized):
            return stands.event
    return None


def _stated(normalized: InvoiceNormalized | None, name: str) -> str | None:
    """Return a value as the invoice had it, by the name that a correction gives it."""
    if normalized is None:
        return None
    invoice = normalized.invoice
    first = invoice.payment_instructions[0] if invoice.payment_instructions else None
    places = (
        (invoice, name),
        (invoice.totals, name),
        (first, name),
        (invoice.seller, name.removeprefix("seller_")),
        (invoice.buyer, name.removeprefix("buyer_")),
    )
    found = (getattr(holder, member, None) for holder, member in places if holder is not None)
    return next((str(value) for value in found if value is not None), None)


def _four_eyes(dossier: Dossier, event: Event, review: ReviewSubmitted) -> Iterator[Sentence]:
    """Tell whose hands the values went through; whoever captured or corrected may not approve."""
    if review.action != "approve":
        return
    normalized = _held_before(dossier, event)
    if normalized is None:
        return
    hands = [("captured", normalized.received.submitted_by)] + [("corrected", who) for who in normalized.corrected_by]
    told = [f"{who} {what} it" for what, who in hands if who]
    same = {who.strip().casefold() for _, who in hands if who} & {review.reviewer.strip().casefold()}
    proof = of_record(event.exhibit)
    if same and event.testimony.entry.outcome != "refused":
        yield plain(f"{review.reviewer} had a hand in it before, so that this approval lifts nothing.", proof)
    elif told:
        yield plain(f"Four eyes: {words.listed(told)}, {review.reviewer} approved it.", proof)
    else:
        yield plain(f"No other person had a hand in it before {review.reviewer}.", proof)


def four_eyes_broken(dossier: Dossier) -> Iterator[Sentence]:
    """Yield an alarm where somebody approved what they captured or corrected, and it was followed."""
    for each in dossier.own(PAYMENT_DECIDED):
        decided = each.event
        if not isinstance(decided, PaymentDecided) or decided.decision.outcome != "approve":
            continue
        persons = decided.decision.decided_by
        captured = _captured_by(dossier)
        approver = persons[-1].strip().casefold() if persons else None
        if approver is not None and approver in {*captured, *(who.strip().casefold() for who in persons[:-1])}:
            yield alarm(f"{persons[-1]} approved what the same person captured or corrected.", of_record(each))


def _captured_by(dossier: Dossier) -> frozenset[str]:
    events = (each.event for each in dossier.own(INVOICE_NORMALIZED))
    people = (event.received.submitted_by for event in events if isinstance(event, InvoiceNormalized))
    return frozenset(who.strip().casefold() for who in people if who)
