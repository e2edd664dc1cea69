"""The decision stage: approve, hold or reject, with what is already known of the invoice."""

from collections.abc import Mapping
from typing import Protocol

from agents.decision.decision import decide
from agents.decision.policy import Policy
from agents.effects import Agent, Arrival, Effects, Emission, Ports, Retelling, Subject, Window, Written
from agents.stage import Stage
from schemas.decision import Decision
from schemas.events import DocumentState, InvoiceNormalized, InvoiceValidated, PaymentDecided
from schemas.payment import Debtor
from schemas.topics import INVOICE_VALIDATED, PAYMENT_DECIDED
from tables.invoices import InvoiceRecord, held_key
from tables.keyed import Keyed

STATES: Mapping[str, DocumentState] = {"approve": "approved", "hold": "held", "reject": "rejected"}


class Memory(Protocol):
    """The tables of the stage, and the broker's word for what was written to them."""

    invoices: Keyed[InvoiceRecord]
    held: Keyed[InvoiceNormalized]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def decision(ports: Ports, window: Window, memory: Memory, debtors: Mapping[str, Debtor], policy: Policy) -> Agent:
    """Return the agent that reads `invoice.validated`."""

    async def step(arrival: Arrival[InvoiceValidated]) -> Effects:
        validated, normalized = arrival.event, arrival.event.normalized
        record = known(memory, normalized)
        decided = decide(
            validated, record, policy=policy, debtor=debtors.get(normalized.received.tenant), release=ports.release
        )
        stands = standing(record, normalized, decided)

        async def remember(_written: tuple[Written, ...]) -> None:
            if stands is decided:
                keep(memory, record, normalized, decided)
            await memory.confirmed()

        def heard(decision: Decision) -> Emission:
            event = PaymentDecided(decision=decision, correlation_id=arrival.place.envelope.correlation_id)
            return Emission(PAYMENT_DECIDED, normalized.invoice_key, event)

        return Effects(
            about(validated),
            decided.outcome,
            STATES[decided.outcome],
            decided.reasons,
            decided.explanation,
            actor=decided.decided_by[-1] if decided.decided_by else None,
            then=(heard(decided),),
            remember=remember,
            retelling=None
            if stands is decided
            else Retelling(STATES[stands.outcome], stands.reasons, stands.explanation, (heard(stands),)),
        )

    return Stage("decision", INVOICE_VALIDATED, InvoiceValidated, step, about, ports, window).agent()


def known(memory: Memory, normalized: InvoiceNormalized) -> InvoiceRecord:
    """Return what is known of the invoice; a correction may have brought the document back to this key."""
    record = memory.invoices.get(normalized.invoice_key) or InvoiceRecord()
    corrects = normalized.review is not None and normalized.review.action == "correct"
    return record.with_arrival(normalized.document_id) if corrects else record


def standing(record: InvoiceRecord, normalized: InvoiceNormalized, decided: Decision) -> Decision:
    """Return the decision that stands: `decided`, unless its event was answered before and a person acted since."""
    answered = record.answer(normalized.document_id, normalized.received.analysis, review_id(normalized))
    latest = record.latest(normalized.document_id)
    return decided if answered is None or latest is None or latest == decided else latest


def keep(memory: Memory, record: InvoiceRecord, normalized: InvoiceNormalized, decided: Decision) -> None:
    """Write down the answer, and the invoice for as long as it waits for a person."""
    answered = record.with_answer(decided, analysis=normalized.received.analysis, review_id=review_id(normalized))
    memory.invoices.put(normalized.invoice_key, answered)
    waiting = held_key(normalized.invoice_key, normalized.document_id)
    if decided.outcome == "hold":
        memory.held.put(waiting, normalized)
    else:
        memory.held.remove(waiting)


def review_id(normalized: InvoiceNormalized) -> str | None:
    """Return the id of the act that brought the invoice here, if one did."""
    return normalized.review.review_id if normalized.review else None


def about(event: InvoiceValidated) -> Subject:
    """Name whom the event concerns."""
    normalized = event.normalized
    return Subject(normalized.received.tenant, normalized.document_id, normalized.invoice_key)
