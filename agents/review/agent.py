"""The review stage: a person's act brings a held invoice back into the chain, under the key that it has now."""

from dataclasses import replace
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
        submitted = arrival.event
        record = memory.invoices.get(submitted.invoice_key) or InvoiceRecord()
        before = record.act(arrival.place.where)
        if before is not None:
            return replace(told(submitted, record, before), standing=before.written)
        held = memory.held.get(held_key(submitted.invoice_key, submitted.document_id))
        match readmit(submitted, held, record, await reference.directory()):
            case Refusal() as refusal:
                effects, kept = refused(arrival, record, refusal)
            case InvoiceNormalized() as readmitted:
                effects, kept = going_on(arrival, held, readmitted, record)
        return replace(effects, remember=partial(keep, memory, submitted, kept))

    async def under(event: ReviewSubmitted) -> Running:
        return await ports.releases.choose(event.document_id)

    return Stage(
        "review", REVIEW_SUBMITTED, ReviewSubmitted, step, about, ports, window, answers=False, under=under
    ).agent()


def told(submitted: ReviewSubmitted, record: InvoiceRecord, act: Act) -> Effects:
    """Return what the audit entry of an act says, whether the act is new or its record is delivered again."""
    return Effects(
        about(submitted),
        act.outcome,
        reasons=act.reasons,
        actor=submitted.reviewer,
        also_read=act.read,
        links=record.seen_in(submitted.document_id),
        release=act.release,
    )


def refused(
    arrival: Arrival[ReviewSubmitted], record: InvoiceRecord, refusal: Refusal
) -> tuple[Effects, InvoiceRecord]:
    """Return the effects of an act that leads to nothing, and the record that remembers it."""
    release = arrival.running.name
    act = Act(place=arrival.place.where, outcome="refused", reasons=(refusal.reason,), release=release)
    return replace(told(arrival.event, record, act), explanation=refusal.detail), record.with_act(act)


def going_on(
    arrival: Arrival[ReviewSubmitted],
    held: InvoiceNormalized | None,
    readmitted: InvoiceNormalized,
    record: InvoiceRecord,
) -> tuple[Effects, InvoiceRecord]:
    """Return the effects of an act that leads on, with the document under its key of now, and the record after it."""
    submitted, release = arrival.event, arrival.running.name
    after = readmitted.model_copy(update={"release": release})
    learned = lessons(submitted, held or after, after, record.latest(submitted.document_id))
    then = (
        Emission(INVOICE_NORMALIZED, after.invoice_key, after),
        *(Emission(FEEDBACK_RECORDED, lesson.document_id, lesson) for lesson in learned),
    )
    act = Act(
        place=arrival.place.where,
        outcome=submitted.action,
        read=(digest(encode(held)),) if held else (),
        written=tuple(digest(encode(emission.event)) for emission in then),
        release=release,
    )
    kept = record.with_departure(after) if after.invoice_key != submitted.invoice_key else record
    return replace(told(submitted, record, act), then=then), kept.with_act(act)


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
