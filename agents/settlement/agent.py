"""The settlement stage: what the engines say of our commands, brought back to the documents that they pay.

Three topics keyed by the command id meet here: what was issued, what the engines report, and who asks for a
cancellation. The agents share one window, so that one command is in one hand at a time.
"""

from functools import partial
from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window, Written
from agents.settlement.settlement import feedback, fold, may_cancel, settle
from agents.stage import Stage
from schemas.payment import CancellationRequested, PaymentIssued, PaymentStatusReported
from schemas.topics import FEEDBACK_RECORDED, PAYMENT_CANCELLATION, PAYMENT_ISSUED, PAYMENT_STATUS
from tables.keyed import Keyed
from tables.settlements import PaymentFile

UNKNOWN_TENANT = "default"


class Memory(Protocol):
    """The table of the stage, and the broker's word for what was written to it."""

    settlements: Keyed[PaymentFile]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def issuing(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.issued`: now early reports find their document."""

    async def step(arrival: Arrival[PaymentIssued]) -> Effects:
        issued = arrival.event
        file = memory.settlements.get(issued.command_id) or PaymentFile()
        state, reason = fold(file.state, file.reason_code, file.early)
        known = file.model_copy(update={"issued": issued, "state": state, "reason_code": reason, "early": ()})
        return _told(known, "issued", memory, issued.command_id, silent=state == "payment_initiated")

    return Stage("issuing", PAYMENT_ISSUED, PaymentIssued, step, _about_issued, ports, window, answers=False).agent()


def settlement(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.status`."""

    async def step(arrival: Arrival[PaymentStatusReported]) -> Effects:
        report = arrival.event
        file = memory.settlements.get(report.command_id) or PaymentFile()
        if file.issued is None:
            return _told(file.with_early(report), "early", memory, report.command_id, silent=True)
        state, verdict = settle(file.state, report)
        changed = verdict == "changed"
        reason = report.reason_code if changed else file.reason_code
        known = file.model_copy(update={"state": state, "reason_code": reason})
        lesson = feedback(file.issued, report) if changed else None
        then = (Emission(FEEDBACK_RECORDED, lesson.document_id, lesson),) if lesson else ()
        alarm = ("STATUS-CONTRADICTION", report.status) if verdict == "contradiction" else ()
        silent = not (changed or alarm)
        return _told(known, verdict, memory, report.command_id, silent=silent, then=then, alarm=alarm)

    return Stage(
        "settlement", PAYMENT_STATUS, PaymentStatusReported, step, _about, ports, window, answers=False
    ).agent()


def cancellation(ports: Ports, window: Window, memory: Memory) -> Agent:
    """Return the agent that reads `payment.cancellation`: a wish, until the engine confirms it."""

    async def step(arrival: Arrival[CancellationRequested]) -> Effects:
        asked = arrival.event
        file = memory.settlements.get(asked.command_id) or PaymentFile()
        if not may_cancel(file.state):
            return _told(file, "too_late", memory, asked.command_id, silent=True, actor=asked.requested_by)
        known = file.model_copy(update={"cancellation_requested_by": asked.requested_by})
        silent = file.issued is None
        return _told(known, "cancel_requested", memory, asked.command_id, silent=silent, actor=asked.requested_by)

    return Stage(
        "cancellation", PAYMENT_CANCELLATION, CancellationRequested, step, _about, ports, window, answers=False
    ).agent()


def _told(
    file: PaymentFile,
    outcome: str,
    memory: Memory,
    command_id: str,
    *,
    silent: bool,
    then: tuple[Emission, ...] = (),
    alarm: tuple[str, ...] = (),
    actor: str | None = None,
) -> Effects:
    """Return the effects of a file's new state; `silent` where the document's status stays as it is."""
    issued = file.issued
    subject = (
        Subject(issued.tenant, issued.document_id, issued.invoice_key, command_id)
        if issued
        else Subject(UNKNOWN_TENANT, command_id=command_id)
    )
    wanted = file.cancellation_requested_by is not None and file.state == "payment_initiated"
    told = (*((file.reason_code,) if file.reason_code else ()), *(("CANCEL-REQUESTED",) if wanted else ()), *alarm)
    return Effects(
        subject,
        outcome,
        None if silent else file.state,
        told,
        command_ids=(command_id,),
        actor=actor,
        correlation_id=issued.correlation_id if issued else None,
        then=then,
        remember=partial(_remember, memory, command_id, file),
    )


async def _remember(memory: Memory, command_id: str, file: PaymentFile, _written: tuple[Written, ...]) -> None:
    memory.settlements.put(command_id, file)
    await memory.confirmed()


def _about_issued(event: PaymentIssued) -> Subject:
    return Subject(event.tenant, event.document_id, event.invoice_key, event.command_id)


def _about(event: PaymentStatusReported | CancellationRequested) -> Subject:
    return Subject(UNKNOWN_TENANT, command_id=event.command_id)
