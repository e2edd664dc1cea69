"""The review stage: a person's act brings a held invoice back into the chain, under the key that it has now."""

from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window, Written
from agents.review.review import Refusal, readmit
from agents.stage import Stage
from schemas.codec import encode
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceNormalized
from schemas.identifiers import digest
from schemas.topics import INVOICE_NORMALIZED, REVIEW_SUBMITTED
from tables.invoices import InvoiceRecord, held_key
from tables.keyed import Keyed
from tables.reference import Reference


class Memory(Protocol):
    """The tables that the decision stage writes; both stages share a window, so that no key is in two hands."""

    invoices: Keyed[InvoiceRecord]
    held: Keyed[InvoiceNormalized]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def review(ports: Ports, window: Window, memory: Memory, reference: Reference) -> Agent:
    """Return the agent that reads `review.submitted`."""

    async def step(arrival: Arrival[ReviewSubmitted]) -> Effects:
        submitted, subject = arrival.event, about(arrival.event)
        record = memory.invoices.get(submitted.invoice_key) or InvoiceRecord()
        waiting = held_key(submitted.invoice_key, submitted.document_id)
        held = memory.held.get(waiting)
        match readmit(submitted, held, record, await reference.directory()):
            case Refusal(reason=reason, detail=detail):
                return Effects(subject, "refused", None, (reason,), detail, actor=submitted.reviewer)
            case InvoiceNormalized() as normalized:

                async def remember(_written: tuple[Written, ...]) -> None:
                    if normalized.invoice_key != submitted.invoice_key:
                        memory.invoices.put(submitted.invoice_key, record.with_departure(submitted.document_id))
                        memory.held.remove(waiting)
                    await memory.confirmed()

                emission = Emission(INVOICE_NORMALIZED, normalized.invoice_key, normalized)
                return Effects(
                    subject,
                    submitted.action,
                    actor=submitted.reviewer,
                    also_read=(digest(encode(held)),) if held else (),
                    then=(emission,),
                    remember=remember,
                )

    return Stage("review", REVIEW_SUBMITTED, ReviewSubmitted, step, about, ports, window, answers=False).agent()


def about(event: ReviewSubmitted) -> Subject:
    """Name whom the event concerns."""
    return Subject(event.tenant, event.document_id, event.invoice_key)
