"""What one record does to the file of its command: weighed once, and remembered for when it comes again."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from agents.effects import Arrival, Ports
from agents.settlement.settlement import may_cancel, settle
from schemas.payment import CancellationRequested, PaymentStatusReported
from tables.settlements import PaymentFile, Settlements

# What speaks of a command that may not be known yet.
S = TypeVar("S", PaymentStatusReported, CancellationRequested)


class Weighed(NamedTuple):
    """The file after a record, how the record fitted, and the release that dealt with it."""

    file: PaymentFile
    outcome: str
    release: str


class Memory(Protocol):
    """The table of the stage, and the broker's word for what was written to it."""

    settlements: Settlements

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far."""


async def weigh(
    ports: Ports, memory: Memory, arrival: Arrival[S], fit: Callable[[PaymentFile, S], tuple[PaymentFile, str]]
) -> Weighed | None:
    """Return what a record leads to: by `fit` the first time, what it led to then when it comes again.

    None where too many commands are waited for already that nobody is known to have issued.
    """
    command_id, place = arrival.event.command_id, arrival.place.where
    file = memory.settlements.get(command_id) or PaymentFile()
    if file.issued is None and not memory.settlements.has_room_for(command_id):
        return None
    before, release = file.applied_at(place), await _release(ports, file, place)
    if before:
        return Weighed(file, before.outcome, release)
    known, outcome = fit(file, arrival.event)
    return Weighed(known.with_applied(place, outcome, str(arrival.place.trace), release), outcome, release)


async def _release(ports: Ports, file: PaymentFile, place: str) -> str:
    """Return the release that our word of the command names, and of what came before our word the active one.

    A record that comes again was dealt with by the release of then.
    """
    applied = file.applied_at(place)
    if applied is not None and applied.release is not None:
        return applied.release
    if file.issued is None:
        return ports.releases.active.name
    return (await ports.releases.named(file.issued.release, file.issued.document_id)).name


def reported(file: PaymentFile, report: PaymentStatusReported) -> tuple[PaymentFile, str]:
    """Return the file after a report that comes for the first time, and how the report fitted."""
    if file.issued is None:
        return file.with_early(report), "early"
    after = settle(file.state, report)
    reason = report.reason_code if after.verdict == "changed" else file.reason_code
    return file.model_copy(update={"state": after.state, "reason_code": reason}), after.verdict


def asked_for(file: PaymentFile, asked: CancellationRequested) -> tuple[PaymentFile, str]:
    """Return the file after a wish that comes for the first time, and whether it can be passed on."""
    if file.issued is not None and file.issued.tenant != asked.tenant:
        return file, "refused"
    if not may_cancel(file.state):
        return file, "too_late"
    wish = {"cancellation_requested_by": asked.requested_by, "cancellation_tenant": asked.tenant}
    return file.model_copy(update=wish), "cancel_requested"
