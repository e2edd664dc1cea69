"""The settlement stage: what the engines say of our commands, brought back to the documents that they pay.

Three topics keyed by the command id meet here: what was issued, what the engines report, and who asks for a
cancellation. The agents share one window, so that one command is in one hand at a time.
"""

from dataclasses import replace
from functools import partial

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Retelling, Subject, Window, Written
from agents.settlement.settlement import feedback, fold, lessons
from agents.settlement.weighing import Memory, asked_for, reported, weigh
from agents.stage import Stage
from schemas.codec import encode
from schemas.identifiers import digest
from schemas.payment import CancellationRequested, PaymentIssued, PaymentStatusReported
from schemas.topics import FEEDBACK_RECORDED, PAYMENT_CANCELLATION, PAYMENT_ISSUED, PAYMENT_STATUS
from tables.releases import Running
from tables.settlements import PaymentFile

UNKNOWN_TENANT = "default"


def issuing(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.issued`: now early reports find their document."""

    async def step(arrival: Arrival[PaymentIssued]) -> Effects:
        issued = arrival.event
        file = memory.settlements.get(issued.command_id) or PaymentFile()
        state, reason = fold(file.state, file.reason_code, file.early)
        learned = tuple(
            Emission(FEEDBACK_RECORDED, lesson.document_id, lesson)
            for lesson in lessons(issued, file.state, file.early)
        )
        known = file.model_copy(
            update={
                "issued": file.issued or issued,  # the first word of a command, as everywhere
                "traceparent": file.traceparent or str(arrival.place.trace),
                "state": state,
                "reason_code": reason,
                "early": (),
                "lessons": (*file.lessons, *(digest(encode(emission.event)) for emission in learned)),
            }
        )
        silent = state == "payment_initiated" and not known.is_wanted_back()
        told = _told(known, "issued", memory, issued.command_id, silent=silent, then=learned)
        return replace(told, standing=file.lessons, links=file.reported_early_in(), release=arrival.running.name)

    async def under(event: PaymentIssued) -> Running:
        return await ports.releases.named(event.release, event.document_id)

    return Stage(
        "issuing", PAYMENT_ISSUED, PaymentIssued, step, _about_issued, ports, window, answers=False, under=under
    ).agent()


def settlement(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.status`."""

    async def step(arrival: Arrival[PaymentStatusReported]) -> Effects:
        report = arrival.event
        weighed = await weigh(ports, memory, arrival, reported)
        if weighed is None:
            return _stranger(report)
        file, outcome, release = weighed
        # one that came early was weighed when our own word of the command came
        lesson = feedback(file.issued, report, outcome) if file.issued and outcome != "early" else None
        told = _told(
            file,
            outcome,
            memory,
            report.command_id,
            place=arrival.place.where,
            silent=outcome not in {"changed", "contradiction"},
            reasons=(*((report.reason_code,) if report.reason_code else ()), *_alarm(outcome, report)),
            alarm=_alarm(outcome, report),
            then=(Emission(FEEDBACK_RECORDED, lesson.document_id, lesson),) if lesson else (),
        )
        return replace(told, release=release)

    return Stage(
        "settlement", PAYMENT_STATUS, PaymentStatusReported, step, _about, ports, window, answers=False
    ).agent()


def cancellation(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.cancellation`: a wish, until the engine confirms it."""

    async def step(arrival: Arrival[CancellationRequested]) -> Effects:
        asked = arrival.event
        weighed = await weigh(ports, memory, arrival, asked_for)
        if weighed is None:
            return _stranger(asked)
        file, outcome, release = weighed
        told = _told(
            file,
            outcome,
            memory,
            asked.command_id,
            place=arrival.place.where,
            silent=outcome != "cancel_requested" or file.issued is None,
            actor=asked.requested_by,
        )
        return replace(told, release=release)

    return Stage(
        "cancellation", PAYMENT_CANCELLATION, CancellationRequested, step, _about, ports, window, answers=False
    ).agent()


def _alarm(outcome: str, report: PaymentStatusReported) -> tuple[str, ...]:
    return ("STATUS-CONTRADICTION", report.status) if outcome == "contradiction" else ()


def _told(
    file: PaymentFile,
    outcome: str,
    memory: Memory,
    command_id: str,
    *,
    place: str | None = None,
    silent: bool,
    reasons: tuple[str, ...] = (),
    alarm: tuple[str, ...] = (),
    then: tuple[Emission, ...] = (),
    actor: str | None = None,
) -> Effects:
    """Return the effects of an event: the audit's words are the event's own, the status is what the file says now.

    `silent` leaves the document's status as it is. What came early stays, for the audit, nobody's.
    """
    applied = file.applied_at(place) if place else None
    issued = None if applied is not None and applied.early else file.issued
    subject = (
        Subject(issued.tenant, issued.document_id, issued.invoice_key, command_id)
        if issued
        else Subject(UNKNOWN_TENANT, command_id=command_id)
    )
    wanted = ("CANCEL-REQUESTED",) if file.is_wanted_back() else ()
    now = (*((file.reason_code,) if file.reason_code else ()), *wanted, *alarm)
    return Effects(
        subject,
        outcome,
        reasons=reasons,
        command_ids=(command_id,),
        actor=actor,
        correlation_id=issued.correlation_id if issued else None,
        links=(file.traceparent,) if file.traceparent else (),
        then=then,
        retelling=None if silent else Retelling(file.state, now, "", ()),
        remember=partial(_remember, memory, command_id, file),
    )


def _stranger(event: PaymentStatusReported | CancellationRequested) -> Effects:
    """Park what speaks of a command that is not known, where too many such are remembered already."""
    detail = f"Nothing is known of the command {event.command_id}, and too many such are waiting."
    reason = "COMMAND-UNKNOWN"
    return Effects(_about(event), "parked", reasons=(reason,), explanation=detail, park=reason)


async def _remember(memory: Memory, command_id: str, file: PaymentFile, _written: tuple[Written, ...]) -> None:
    memory.settlements.put(command_id, file)
    await memory.confirmed()


def _about_issued(event: PaymentIssued) -> Subject:
    return Subject(event.tenant, event.document_id, event.invoice_key, event.command_id)


def _about(event: PaymentStatusReported | CancellationRequested) -> Subject:
    return Subject(UNKNOWN_TENANT, command_id=event.command_id)
