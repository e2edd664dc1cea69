"""The review stage: a person's act brings a held invoice back into the chain, under the key that it has now."""

from functools import partial
from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window, Written
from agents.review.lessons import lessons
from agents.review.review import Refusal, readmit
from agents.stage import Stage
from schemas.codec import encode
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceNormalized
from schemas.identifiers import digest
from schemas.topics import FEEDBACK_RECORDED, INVOICE_NORMALIZED, REVIEW_SUBMITTED
from tables.invoices import Act, InvoiceRecord, held_key
from tables.keyed import Keyed
from tables.reference import Reference
from tables.releases import Running


class Memory(Protocol):
    """The tables that the decision stage writes; both stages share a window, so that no key is in two hands."""

    invoices: Keyed[InvoiceRecord]
    held: Keyed[InvoiceNormalized]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def review(ports: Ports, window: Window, memory: Memory, reference: Reference) -> Agent:
    """Return the agent that reads `review.submitted`.

    A person's act is judged by what is in force when it comes, whatever release had held the document.
    """

    async def step(arrival: Arrival[ReviewSubmitted]) -> Effects:
        submitted, subject, release = arrival.event, about(arrival.event), arrival.running.name
        record = memory.invoices.get(submitted.invoice_key) or InvoiceRecord()
        before = record.act(arrival.place.where)
        if before is not None:
            return Effects(
                subject,
                before.outcome,
                reasons=before.reasons,
                actor=submitted.reviewer,
                also_read=before.read,
                standing=before.written,
                links=record.seen_in(submitted.document_id),
                release=before.release,
            )
        waiting = held_key(submitted.invoice_key, submitted.document_id)
        held = memory.held.get(waiting)
        match readmit(submitted, held, record, await reference.directory()):
            case Refusal(reason=reason, detail=detail):
                act = Act(place=arrival.place.where, outcome="refused", reasons=(reason,), release=release)
                return Effects(
                    subject,
                    "refused",
                    None,
                    (reason,),
                    detail,
                    actor=submitted.reviewer,
                    links=record.seen_in(submitted.document_id),
                    remember=partial(keep, memory, submitted, record.with_act(act)),
                )
            case InvoiceNormalized() as readmitted:
                normalized = readmitted.model_copy(update={"release": release})
                then = going_on(submitted, held, normalized, record)
                act = Act(
                    place=arrival.place.where,
                    outcome=submitted.action,
                    read=(digest(encode(held)),) if held else (),
                    written=tuple(digest(encode(emission.event)) for emission in then),
                    release=release,
                )
                has_left = normalized.invoice_key != submitted.invoice_key
                kept = record.with_departure(normalized) if has_left else record
                return Effects(
                    subject,
                    submitted.action,
                    actor=submitted.reviewer,
                    also_read=act.read,
                    links=record.seen_in(submitted.document_id),
                    then=then,
                    remember=partial(keep, memory, submitted, kept.with_act(act)),
                )

    async def under(event: ReviewSubmitted) -> Running:
        return await ports.releases.choose(event.document_id)

    return Stage(
        "review", REVIEW_SUBMITTED, ReviewSubmitted, step, about, ports, window, answers=False, under=under
    ).agent()


def going_on(
    submitted: ReviewSubmitted, held: InvoiceNormalized | None, after: InvoiceNormalized, record: InvoiceRecord
) -> tuple[Emission, ...]:
    """Return the document as it comes back into the chain, and what the act teaches."""
    learned = lessons(submitted, held or after, after, record.latest(submitted.document_id))
    return (
        Emission(INVOICE_NORMALIZED, after.invoice_key, after),
        *(Emission(FEEDBACK_RECORDED, lesson.document_id, lesson) for lesson in learned),
    )


async def keep(
    memory: Memory, submitted: ReviewSubmitted, record: InvoiceRecord, _written: tuple[Written, ...]
) -> None:
    """Write down what the act led to, and then that the invoice waits here no more if it has left."""
    memory.invoices.put(submitted.invoice_key, record)
    await memory.confirmed()
    if record.departed(submitted.document_id):
        memory.held.remove(held_key(submitted.invoice_key, submitted.document_id))
        await memory.confirmed()


def about(event: ReviewSubmitted) -> Subject:
    """Name whom the event concerns."""
    return Subject(event.tenant, event.document_id, event.invoice_key)
