"""An approved decision and the paying party to a payment command. A replay gives the same bytes."""

from collections.abc import Callable
from typing import NamedTuple

from agents.payment.calendar import requested_execution_date
from agents.payment.remittance import remittance
from schemas.characters import transliterate
from schemas.codec import encode
from schemas.completeness import obstacles
from schemas.decision import ApprovedPayment, Decision
from schemas.identifiers import command_id, uetr
from schemas.invoice import PostalAddress
from schemas.payment import (
    NAME_LENGTH_MAX,
    POST_CODE_LENGTH_MAX,
    STREET_LENGTH_MAX,
    TOWN_LENGTH_MAX,
    Debtor,
    PaymentInitiated,
    PaymentParty,
)
from schemas.rails import CHARGE_BEARERS, choose_rail

# Makes a detached JWS over the canonical bytes, or None where no key is set up. Must be deterministic (EdDSA is).
Signer = Callable[[bytes], str | None]
SIGNATURE = frozenset({"signature"})


class Incomplete(NamedTuple):
    """Why no command can be made: sorted machine codes, and what is wrong. The payment must be held."""

    reasons: tuple[str, ...]
    detail: str

    @property
    def reason(self) -> str:
        """Return the first reason."""
        return self.reasons[0]


def command(decided: Decision, debtor: Debtor, signer: Signer) -> PaymentInitiated | Incomplete:
    """Return the command that an approval releases, signed.

    A decision that approves nothing is `Incomplete` by `NOT-APPROVED`. Whatever else may be missing is asked before
    an approval is given (schemas/completeness.py), so that only a debtor changed since can make one incomplete.
    """
    payment = decided.payment
    if decided.outcome != "approve" or payment is None:
        return Incomplete(("NOT-APPROVED",), f"the decision is {decided.outcome}")
    wrong = obstacles(payment, debtor)
    if wrong:
        return Incomplete(tuple(sorted(wrong)), "; ".join(wrong[code] for code in sorted(wrong)))
    unsigned = _unsigned(decided, payment, debtor)
    return unsigned.model_copy(update={"signature": signer(signing_bytes(unsigned))})


def signing_bytes(initiated: PaymentInitiated) -> bytes:
    """Return what the signature is made over: the canonical bytes of the command without its member `signature`."""
    return encode(initiated, without=SIGNATURE)


def _unsigned(decided: Decision, payment: ApprovedPayment, debtor: Debtor) -> PaymentInitiated:
    identity = command_id(decided.tenant, payment.supplier_id, payment.invoice_number, revision=payment.revision)
    amount, account = payment.instructed_amount, payment.creditor_account
    rail = choose_rail(amount.currency, debtor.account, account)
    return PaymentInitiated(
        command_id=identity,
        end_to_end_identification=identity,
        uetr=uetr(identity),
        tenant=decided.tenant,
        document_id=decided.document_id,
        invoice_key=decided.invoice_key,
        supplier_id=payment.supplier_id,
        debtor=_party(debtor.name, debtor.postal_address),
        debtor_account=debtor.account,
        debtor_agent=debtor.agent,
        creditor=_party(payment.creditor_name, payment.creditor_postal_address),
        creditor_account=account,
        creditor_agent=payment.creditor_agent,
        instructed_amount=amount.model_copy(update={"value": amount.in_minor_units()}),
        requested_execution_date=requested_execution_date(decided.decided_at, payment.payment_due_date),
        rail=rail,
        charge_bearer=CHARGE_BEARERS[rail],
        remittance_information=remittance(payment.remittance_reference, payment.invoice_number, account),
        evidence_digest=decided.evidence_digest,
        release=decided.release,
    )


def _party(name: str, address: PostalAddress) -> PaymentParty:
    limits = {"street": STREET_LENGTH_MAX, "post_code": POST_CODE_LENGTH_MAX, "town": TOWN_LENGTH_MAX}
    lines = {line: transliterate(getattr(address, line) or "", longest) or None for line, longest in limits.items()}
    return PaymentParty(
        name=transliterate(name, NAME_LENGTH_MAX), postal_address=PostalAddress(country=address.country, **lines)
    )
