"""What a bank would refuse: asked before a payment is approved, and once more before its command is made.

One place for both, so that whatever is approved can also be commanded: an approval without a command would be
neither paid nor reviewed again.
"""

from schemas.accounts import claims_iban, is_iban, is_qr_iban
from schemas.characters import transliterate
from schemas.decision import ApprovedPayment
from schemas.invoice import PostalAddress
from schemas.payment import NAME_LENGTH_MAX, TOWN_LENGTH_MAX, Debtor
from schemas.rails import SCT_AMOUNT_MAX, choose_rail
from schemas.references import structured_reference


def obstacles(payment: ApprovedPayment, debtor: Debtor) -> dict[str, str]:
    """Return everything that keeps a payment from being complete, by reason code; empty for a good one.

    Codes: `DEBTOR-INCOMPLETE`, `SUPPLIER-NAME`, `SUPPLIER-ADDRESS`, `ACCOUNT-INVALID`, `AGENT-MISSING`,
    `QR-REFERENCE`, `AMOUNT-MINOR-UNITS`, `AMOUNT-MAX`.
    """
    found: dict[str, str] = {}
    if not (_is_named(debtor.name) and _is_placed(debtor.postal_address) and _is_account(debtor.account)):
        found["DEBTOR-INCOMPLETE"] = "the debtor's name, town, country or account is missing or invalid"
    if not _is_named(payment.creditor_name):
        found["SUPPLIER-NAME"] = f"{payment.supplier_id} has no name"
    if not _is_placed(payment.creditor_postal_address):
        found["SUPPLIER-ADDRESS"] = f"{payment.supplier_id} has no town or no country"
    return found | _amount_obstacles(payment, debtor) | _account_obstacles(payment, debtor)


def _amount_obstacles(payment: ApprovedPayment, debtor: Debtor) -> dict[str, str]:
    amount = payment.instructed_amount
    if not amount.is_payable():
        return {"AMOUNT-MINOR-UNITS": f"{amount.value} is not above zero and whole in units of {amount.currency}"}
    if _is_sct(payment, debtor) and amount.value > SCT_AMOUNT_MAX:
        return {"AMOUNT-MAX": f"{amount.value} is more than a SEPA credit transfer may carry"}
    return {}


def _account_obstacles(payment: ApprovedPayment, debtor: Debtor) -> dict[str, str]:
    account = payment.creditor_account
    if not _is_account(account):
        return {"ACCOUNT-INVALID": f"{account!r} is no account"}
    found: dict[str, str] = {}
    if payment.creditor_agent is None and not _is_sct(payment, debtor):
        found["AGENT-MISSING"] = "outside SEPA the creditor's bank (BIC) must be named"
    reference = structured_reference(payment.remittance_reference or "", account)
    if is_qr_iban(account) and (reference is None or reference.type != "QRR"):
        found["QR-REFERENCE"] = "a QR-IBAN takes payments with a QR reference only"
    return found


def _is_sct(payment: ApprovedPayment, debtor: Debtor) -> bool:
    return choose_rail(payment.instructed_amount.currency, debtor.account, payment.creditor_account) == "SCT"


def _is_account(identifier: str) -> bool:
    return is_iban(identifier) if claims_iban(identifier) else bool(identifier.strip())


def _is_named(name: str) -> bool:
    return bool(transliterate(name, NAME_LENGTH_MAX))


def _is_placed(address: PostalAddress) -> bool:
    return bool(address.country and transliterate(address.town or "", TOWN_LENGTH_MAX))
