"""An approved decision and the paying party to a payment command. A replay gives the same bytes."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from agents.payment.calendar import requested_execution_date
from agents.payment.characters import transliterate
from agents.payment.rail import CHARGE_BEARERS, choose_rail
from agents.payment.remittance import remittance
from schemas.accounts import claims_iban, iban_fault, is_qr_iban
from schemas.codec import encode
from schemas.decision import ApprovedPayment, Decision
from schemas.identifiers import command_id, uetr
from schemas.invoice import PostalAddress
from schemas.payment import NAME_LENGTH_MAX, Debtor, PaymentInitiated, PaymentParty, Rail

# Makes a detached JWS over the canonical bytes, or None where no key is set up. Must be deterministic (EdDSA is).
Signer = Callable[[bytes], str | None]
# The largest sum of a SEPA Credit Transfer (EPC130-08, AT-T002).
SCT_AMOUNT_MAX = Decimal("999999999.99")
# ISO 20022 PostalAddress24: StrtNm Max70Text, PstCd Max16Text, TwnNm Max35Text.
STREET_LENGTH_MAX, POST_CODE_LENGTH_MAX, TOWN_LENGTH_MAX = 70, 16, 35
SIGNATURE = frozenset({"signature"})


class Incomplete(NamedTuple):
    """Why no command can be made of an approval: sorted machine codes, and what is wrong. The payment must be held."""

    reasons: tuple[str, ...]
    detail: str

    @property
    def reason(self) -> str:
        """Return the first reason."""
        return self.reasons[0]


def command(decided: Decision, debtor: Debtor, signer: Signer) -> PaymentInitiated | Incomplete:
    """Return the command that an approval releases, signed.

    Reasons of an incomplete one: `NOT-APPROVED`, `DEBTOR-ADDRESS`, `DEBTOR-NAME`, `DEBTOR-ACCOUNT`,
    `CREDITOR-ADDRESS`, `CREDITOR-NAME`, `CREDITOR-ACCOUNT`, `CREDITOR-AGENT`, `AMOUNT-MINOR-UNITS`, `AMOUNT-MAX`,
    `QR-REFERENCE`.
    """
    payment = decided.payment
    if decided.outcome != "approve" or payment is None:
        return Incomplete(("NOT-APPROVED",), f"the decision is {decided.outcome}")
    rail = choose_rail(payment.instructed_amount.currency, debtor.account, payment.creditor_account)
    wrong = _obstacles(payment, debtor, rail)
    if wrong:
        return Incomplete(tuple(sorted(wrong)), " ".join(wrong[code] for code in sorted(wrong)))
    unsigned = _unsigned(decided, payment, debtor, rail)
    return unsigned.model_copy(update={"signature": signer(signing_bytes(unsigned))})


def signing_bytes(initiated: PaymentInitiated) -> bytes:
    """Return what the signature is made over: the canonical bytes of the command without its member `signature`."""
    return encode(initiated, without=SIGNATURE)


def _unsigned(decided: Decision, payment: ApprovedPayment, debtor: Debtor, rail: Rail) -> PaymentInitiated:
    identity = command_id(decided.tenant, payment.supplier_id, payment.invoice_number, revision=payment.revision)
    amount = payment.instructed_amount
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
        creditor_account=payment.creditor_account,
        creditor_agent=payment.creditor_agent,
        instructed_amount=amount.model_copy(update={"value": amount.in_minor_units()}),
        requested_execution_date=requested_execution_date(decided.decided_at, payment.payment_due_date),
        rail=rail,
        charge_bearer=CHARGE_BEARERS[rail],
        remittance_information=remittance(
            payment.remittance_reference, payment.invoice_number, payment.creditor_account
        ),
        evidence_digest=decided.evidence_digest,
        release=decided.release,
    )


def _obstacles(payment: ApprovedPayment, debtor: Debtor, rail: Rail) -> dict[str, str]:
    """Return each thing that a bank would refuse, by its code."""
    wrong: dict[str, str] = {}
    amount = payment.instructed_amount
    if not amount.is_payable():
        wrong["AMOUNT-MINOR-UNITS"] = "The sum is not above zero and whole in the currency's minor units."
    if rail == "SCT" and amount.value > SCT_AMOUNT_MAX:
        wrong["AMOUNT-MAX"] = "The sum is above what a SEPA credit transfer may carry."
    if claims_iban(debtor.account) and iban_fault(debtor.account):
        wrong["DEBTOR-ACCOUNT"] = "Our own account is not a valid IBAN."
    wrong |= _party_obstacles("DEBTOR", debtor.name, debtor.postal_address)
    wrong |= _party_obstacles("CREDITOR", payment.creditor_name, payment.creditor_postal_address)
    return wrong | _account_obstacles(payment, rail)


def _account_obstacles(payment: ApprovedPayment, rail: Rail) -> dict[str, str]:
    account = payment.creditor_account
    if claims_iban(account) and iban_fault(account):
        return {"CREDITOR-ACCOUNT": "The creditor's account is not a valid IBAN."}
    wrong: dict[str, str] = {}
    if rail == "CROSS_BORDER" and payment.creditor_agent is None:
        wrong["CREDITOR-AGENT"] = "A cross-border payment needs the BIC of the creditor's bank."
    told = remittance(payment.remittance_reference, payment.invoice_number, account)
    if claims_iban(account) and is_qr_iban(account) and told.structured_type != "QRR":
        wrong["QR-REFERENCE"] = "A Swiss QR-IBAN takes payments with a QR reference only."
    return wrong


def _party_obstacles(role: str, name: str, address: PostalAddress) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not transliterate(name, NAME_LENGTH_MAX):
        wrong[f"{role}-NAME"] = f"The {role.lower()} has no name."
    if not (address.country and transliterate(address.town or "", TOWN_LENGTH_MAX)):
        wrong[f"{role}-ADDRESS"] = f"The {role.lower()}'s address has no town or no country."
    return wrong


def _party(name: str, address: PostalAddress) -> PaymentParty:
    limits = {"street": STREET_LENGTH_MAX, "post_code": POST_CODE_LENGTH_MAX, "town": TOWN_LENGTH_MAX}
    lines = {line: transliterate(getattr(address, line) or "", longest) or None for line, longest in limits.items()}
    return PaymentParty(
        name=transliterate(name, NAME_LENGTH_MAX), postal_address=PostalAddress(country=address.country, **lines)
    )
