"""What the stages were given then beside their events: who pays, the signatures, the supplier of the moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.payment.command import Signer
from app.dossier import Dossier, Event, Exhibit
from schemas.events import InvoiceNormalized, InvoiceValidated
from schemas.payment import Debtor, PaymentInitiated
from schemas.supplier import Supplier
from schemas.topics import INVOICE_VALIDATED, PAYMENT_INITIATED


@dataclass(frozen=True)
class Payers:
    """The debtor of each tenant as it was, and where that is known from."""

    debtors: Mapping[str, Debtor]
    notes: tuple[str, ...] = ()


def debtors_then(dossier: Dossier, settings: Mapping[str, Debtor]) -> Payers:
    """Return the debtors of the settings, and of a tenant that has paid this document the one that its command names.

    Decisions do not carry the debtor. Where no command was sent, the settings of now have to do.
    """
    commands = [each.event for each in dossier.own(PAYMENT_INITIATED) if isinstance(each.event, PaymentInitiated)]
    paid = {command.tenant: _debtor(command) for command in commands[:1]}
    notes = tuple(f"the debtor of tenant {tenant} as its command names it" for tenant in paid)
    return Payers({**settings, **paid}, notes or ("the debtor as the settings have it now",))


def _debtor(command: PaymentInitiated) -> Debtor:
    return Debtor(
        name=command.debtor.name,
        account=command.debtor_account,
        agent=command.debtor_agent,
        postal_address=command.debtor.postal_address,
    )


def recorded_signer(dossier: Dossier) -> Signer:
    """Return what gives each command the signature that it has: the private key is no part of a replay.

    So the signed record comes out with the same bytes exactly if what was signed does.
    """
    signatures: dict[str, str | None] = {}
    for each in dossier.exhibits:
        if isinstance(each.event, PaymentInitiated):
            signatures.setdefault(each.event.command_id, each.event.signature)

    def sign(content: bytes) -> str | None:
        unsigned: Any = json.loads(content)
        return signatures.get(unsigned["command_id"])

    return sign


def matched_then(dossier: Dossier, event: Event) -> Supplier | None:
    """Return the supplier that the stage found, as the validated record carries it; None where it found none."""
    written = [dossier.of_digest(name) for name in event.testimony.entry.written]
    found = next((each.event for each in written if each is not None), None)
    if isinstance(found, InvoiceValidated):
        return found.match.supplier if found.match else None
    if not isinstance(found, InvoiceNormalized) or found.supplier_id is None:
        return None
    matches = (_match(each) for each in dossier.own(INVOICE_VALIDATED))
    return next((match for match in matches if match is not None and match.supplier_id == found.supplier_id), None)


def _match(exhibit: Exhibit) -> Supplier | None:
    event = exhibit.event
    return event.match.supplier if isinstance(event, InvoiceValidated) and event.match else None
