"""Payment commands: look, list, ask for one to be stopped."""

from fastapi import APIRouter

from agents.settlement.settlement import may_cancel
from app.api.access import Authorized
from app.api.keys import Principal
from app.api.parameters import PAGE_LIMIT_DEFAULT, CommandPath, Cursor, Limit
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem
from app.readmodel.views import PaymentView
from schemas.base import Record, Text
from schemas.payment import CancellationRequested
from schemas.topics import PAYMENT_CANCELLATION

router = APIRouter(prefix="/v1/payments", tags=["payments"])


class PaymentPage(Record):
    """Some payment commands, and the cursor of the next page."""

    items: tuple[PaymentView, ...]
    next: str | None = None


class Cancellation(Record):
    """Why a payment is to be stopped."""

    reason: Text = ""


class CancellationAsked(Record):
    """A wish to stop a payment is on its way to the engine; only the engine's word ends the payment."""

    command_id: str
    requested_by: str


@router.get("")
async def list_payments(
    ports: PortsOf, principal: Authorized, cursor: Cursor = None, limit: Limit = PAGE_LIMIT_DEFAULT
) -> PaymentPage:
    """Return payment commands, the newest first."""
    page = await ports.read_model.payments(principal.tenant, cursor=cursor, limit=limit)
    return PaymentPage(items=page.items, next=page.cursor)


@router.get("/{command_id}")
async def show(ports: PortsOf, principal: Authorized, command_id: CommandPath) -> PaymentView:
    """Return one payment command, and what the engine says of it."""
    return await _known_payment(ports, principal, command_id)


@router.post("/{command_id}/cancel", status_code=202)
async def cancel(
    ports: PortsOf, principal: Authorized, command_id: CommandPath, wish: Cancellation | None = None
) -> CancellationAsked:
    """Ask for a command to be withdrawn, as long as no engine has accepted it. To ask twice is to ask once."""
    payment = await _known_payment(ports, principal, command_id)
    if not may_cancel(payment.state):
        raise Problem("payment-accepted", f"The payment is {payment.state}.", state=payment.state)
    asked = CancellationRequested(
        command_id=command_id,
        tenant=principal.tenant,
        requested_by=principal.name,
        reason=wish.reason if wish else "",
        requested_at=ports.now(),
    )
    published = await ports.publisher.publish(PAYMENT_CANCELLATION, asked)
    await ports.projected(PAYMENT_CANCELLATION, published)
    return CancellationAsked(command_id=command_id, requested_by=principal.name)


async def _known_payment(ports: Ports, principal: Principal, command_id: str) -> PaymentView:
    payment = await ports.read_model.payment(principal.tenant, command_id)
    if payment is None:
        raise Problem("not-found", "No payment of that id is known.")
    return payment
