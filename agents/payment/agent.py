"""The payment stage: an approved decision becomes a command, once. Check, emit, await, record."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window, Written
from agents.payment.command import Incomplete, Signer, command
from agents.stage import Stage
from schemas.decision import Decision
from schemas.events import PaymentDecided
from schemas.identifiers import invoice_key
from schemas.payment import Debtor, PaymentInitiated, PaymentIssued
from schemas.topics import PAYMENT_DECIDED, PAYMENT_INITIATED, PAYMENT_ISSUED
from tables.payments import IssuedCommand, Payments
from tables.releases import Running


class Ledger(Protocol):
    """What has been issued, complete for a partition before it is worked on."""

    async def payments(self, partition: int) -> Payments:
        """Return the commands issued, once the partition's tail of `payment.initiated` has been read."""

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


def payment(ports: Ports, window: Window, ledger: Ledger, debtors: Mapping[str, Debtor], sign: Signer) -> Agent:
    """Return the agent that reads `payment.decided`.

    A command is a function of its decision, its release included; so all that is said of it names the decision's.
    """

    async def step(arrival: Arrival[PaymentDecided]) -> Effects:
        decided, subject = arrival.event.decision, about(arrival.event)
        debtor = debtors.get(decided.tenant)
        if decided.outcome != "approve" or debtor is None:
            return Effects(subject, "nothing_to_pay", release=decided.release)
        match command(decided, debtor, sign):
            case Incomplete(reasons=reasons, detail=detail):
                return Effects(subject, "incomplete", "held", reasons, detail, release=decided.release)
            case PaymentInitiated() as initiated:
                if not is_at_home(decided):
                    detail = "The supplier changed meanwhile."
                    return Effects(subject, "misplaced", "held", ("KEY-STALE",), detail, release=decided.release)
                payments = await ledger.payments(arrival.place.partition)
                return initiate(arrival, initiated, payments, ledger.confirmed)

    async def under(event: PaymentDecided) -> Running:
        return await ports.releases.named(event.decision.release, event.decision.document_id)

    return Stage("payment", PAYMENT_DECIDED, PaymentDecided, step, about, ports, window, under=under).agent()


def is_at_home(decided: Decision) -> bool:
    """Tell whether the decision lies under the one key of its command id.

    One command id must never be worked on in two partitions. The key and the id are functions of the same supplier
    and number; where they are not, the supplier was recognised later than the key was made.
    """
    paid = decided.payment
    return paid is not None and decided.invoice_key == invoice_key(
        decided.tenant, paid.supplier_id, paid.invoice_number
    )


def initiate(
    arrival: Arrival[PaymentDecided],
    initiated: PaymentInitiated,
    payments: Payments,
    confirmed: Callable[[], Awaitable[None]],
) -> Effects:
    """Return the effects of a complete command: it is written unless one of its id stands on the ledger."""
    decided = arrival.event.decision
    subject = Subject(decided.tenant, decided.document_id, decided.invoice_key, initiated.command_id)
    issued = payments.issued(initiated.command_id)
    if issued is not None and issued.document_id != decided.document_id:
        detail = f"The invoice is paid already, by the document {issued.document_id}."
        return Effects(subject, "duplicate", "rejected", ("DUPLICATE",), detail, release=decided.release)
    first = Emission(PAYMENT_INITIATED, initiated.command_id, initiated, partition=arrival.place.partition)
    route = PaymentIssued(
        command_id=initiated.command_id,
        tenant=decided.tenant,
        document_id=decided.document_id,
        invoice_key=decided.invoice_key,
        release=decided.release,
        issued_at=decided.decided_at,
        correlation_id=arrival.event.correlation_id,
        supplier_id=initiated.supplier_id,
        instructed_amount=initiated.instructed_amount,
    )
    return Effects(
        subject,
        "initiated",
        "payment_initiated",
        command_ids=(initiated.command_id,),
        first=() if issued else (first,),
        standing=(issued.digest,) if issued else (),
        then=(Emission(PAYMENT_ISSUED, initiated.command_id, route),),
        remember=partial(_remember, payments, arrival.place.partition, initiated.command_id, decided, confirmed),
        release=decided.release,
    )


async def _remember(
    payments: Payments,
    partition: int,
    command_id: str,
    decided: Decision,
    confirmed: Callable[[], Awaitable[None]],
    written: tuple[Written, ...],
) -> None:
    for place in written:  # one, or none where the ledger had it already
        payments.remember(
            IssuedCommand(
                command_id=command_id,
                document_id=decided.document_id,
                digest=place.digest,
                partition=place.partition,
                offset=place.offset,
            )
        )
    in_table = payments.written(partition)
    await confirmed()
    payments.advance(partition, in_table)
    await confirmed()


def about(event: PaymentDecided) -> Subject:
    """Name whom the event concerns."""
    decision = event.decision
    return Subject(decision.tenant, decision.document_id, decision.invoice_key)
