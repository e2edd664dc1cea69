"""The decision stage: approve, hold or reject, with what is already known of the invoice."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from agents.decision.decision import decide
from agents.effects import Agent, Arrival, Effects, Emission, Ports, Retelling, Subject, Window, Written
from agents.stage import Stage
from schemas.decision import Decision
from schemas.events import DocumentState, InvoiceNormalized, InvoiceValidated, PaymentDecided
from schemas.payment import Debtor
from schemas.policy import Policy
from schemas.topics import INVOICE_NORMALIZED, INVOICE_VALIDATED, PAYMENT_DECIDED
from tables.invoices import InvoiceRecord, held_key
from tables.keyed import Keyed
from tables.releases import Running

STATES: Mapping[str, DocumentState] = {"approve": "approved", "hold": "held", "reject": "rejected"}


class Memory(Protocol):
    """The tables of the stage, and the broker's word for what was written to them."""

    invoices: Keyed[InvoiceRecord]
    held: Keyed[InvoiceNormalized]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def decision(ports: Ports, window: Window, memory: Memory, debtors: Mapping[str, Debtor], policy: Policy) -> Agent:
    """Return the agent that reads `invoice.validated`. `policy` is the code's, for a release without one of its own."""

    async def step(arrival: Arrival[InvoiceValidated]) -> Effects:
        validated, normalized, running = arrival.event, arrival.event.normalized, arrival.running
        record, place = known(memory, normalized), arrival.place.where
        before, elsewhere = record.answer_at(place), gone(record, normalized)
        if before is None and elsewhere is not None:
            return Effects(about(validated), "moved", reasons=("MOVED",), then=(follow(elsewhere),))
        own = before or decide(
            validated,
            record,
            policy=running.bundle.policy or policy,
            debtor=debtors.get(normalized.received.tenant),
            release=running.name,
            is_withdrawn=running.is_withdrawn,
        )
        stands = standing(record, normalized, own)
        decided = before or stands
        return Effects(
            about(validated),
            decided.outcome,
            STATES[decided.outcome],
            decided.reasons,
            decided.explanation,
            actor=decided.decided_by[-1] if decided.decided_by else None,
            then=(heard(arrival, decided),),
            remember=None if before else partial(keep, memory, record, arrival, decided),
            retelling=retold(arrival, decided, stands, elsewhere),
            release=decided.release,
        )

    async def under(event: InvoiceValidated) -> Running:
        return await ports.releases.named(event.release, event.normalized.document_id)

    return Stage("decision", INVOICE_VALIDATED, InvoiceValidated, step, about, ports, window, under=under).agent()


def known(memory: Memory, normalized: InvoiceNormalized) -> InvoiceRecord:
    """Return what is known of the invoice; a person's act may have brought the document (back) to this key.

    Only once: the act's record, delivered again after the document has left, brings nothing back.
    """
    record, review = memory.invoices.get(normalized.invoice_key) or InvoiceRecord(), normalized.review
    if review is None or review.invoice_key == normalized.invoice_key:
        return record
    is_new = record.answer(normalized.document_id, normalized.received.analysis, review.review_id) is None
    return record.with_arrival(normalized.document_id) if is_new else record


def gone(record: InvoiceRecord, normalized: InvoiceNormalized) -> InvoiceNormalized | None:
    """Return the document as a person's act took it to another key, where the same reading of it comes here again.

    It follows the first one, so that the decision under its own key is told last.
    """
    departed = record.departed(normalized.document_id)
    same = departed is not None and departed.received.analysis == normalized.received.analysis
    return departed if same else None


def follow(departed: InvoiceNormalized) -> Emission:
    """Return the document once more as it left for its own key."""
    return Emission(INVOICE_NORMALIZED, departed.invoice_key, departed)


def standing(record: InvoiceRecord, normalized: InvoiceNormalized, decided: Decision) -> Decision:
    """Return the decision that stands: `decided`, unless its event was answered before and a person acted since."""
    answered = record.answer(normalized.document_id, normalized.received.analysis, review_id(normalized))
    latest = record.latest(normalized.document_id)
    return decided if answered is None or latest is None or latest == decided else latest


def heard(arrival: Arrival[InvoiceValidated], decision: Decision) -> Emission:
    """Return what the next stage hears."""
    event = PaymentDecided(decision=decision, correlation_id=arrival.place.envelope.correlation_id)
    return Emission(PAYMENT_DECIDED, arrival.event.normalized.invoice_key, event)


def retold(
    arrival: Arrival[InvoiceValidated], decided: Decision, stands: Decision, elsewhere: InvoiceNormalized | None
) -> Retelling | None:
    """Return what holds now, where the event's own answer does not: the document has left, or a person acted since."""
    if elsewhere is not None:
        return Retelling(None, (), "", (follow(elsewhere),))
    if stands == decided:
        return None
    told = (heard(arrival, stands),)
    return Retelling(STATES[stands.outcome], stands.reasons, stands.explanation, told, stands.release)


async def keep(
    memory: Memory,
    record: InvoiceRecord,
    arrival: Arrival[InvoiceValidated],
    decided: Decision,
    _written: tuple[Written, ...],
) -> None:
    """Write down the answer, and the invoice for as long as it waits for a person.

    What was answered before is kept already, and the waiting invoice may be a corrected one by now. The invoice is
    kept before the answer: between the two the event may be delivered again, and finds it unanswered.
    """
    normalized, place = arrival.event.normalized, arrival.place
    analysis, review = normalized.received.analysis, review_id(normalized)
    waiting = held_key(normalized.invoice_key, normalized.document_id)
    if record.answer(normalized.document_id, analysis, review) is None and decided.outcome == "hold":
        memory.held.put(waiting, normalized)
        await memory.confirmed()
    answered = record.with_answer(
        decided, analysis=analysis, review_id=review, place=place.where, traceparent=str(place.trace)
    )
    memory.invoices.put(normalized.invoice_key, answered)
    if decided.outcome != "hold":
        memory.held.remove(waiting)
    await memory.confirmed()


def review_id(normalized: InvoiceNormalized) -> str | None:
    """Return the id of the act that brought the invoice here, if one did."""
    return normalized.review.review_id if normalized.review else None


def about(event: InvoiceValidated) -> Subject:
    """Name whom the event concerns."""
    normalized = event.normalized
    return Subject(normalized.received.tenant, normalized.document_id, normalized.invoice_key)
