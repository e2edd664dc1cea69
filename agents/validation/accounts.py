"""Rules about accounts and banks. An official validator passes NL00RABO9999999999; these do not."""

from agents.validation.rule import CLEAN, Findings, distinct, each, finding
from schemas.accounts import bic_fault, claims_iban, iban_fault, method_fault
from schemas.evidence import Lane
from schemas.invoice import Invoice
from schemas.means import is_movable
from schemas.references import reference_fault

_ACCOUNT = "payment_account_identifier"
# Banks of these countries keep accounts with the IBANs of another (ISO 13616 registry, notes to FR, GB and FI).
_IBAN_COUNTRIES = {
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"), "FR"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    "AX": "FI",
}


def account_invalid(invoice: Invoice, lane: Lane) -> Findings:
    """What looks like an IBAN has its country's length, its check digits and its national check digits."""
    del lane
    ibans = [account for account in invoice.payee_accounts() if claims_iban(account)]
    return each("ACCOUNT-INVALID", "error", {iban: iban_fault(iban) for iban in ibans}, _ACCOUNT)


def account_check_method(invoice: Invoice, lane: Lane) -> Findings:
    """What its bank's own method of check digits says of a German account informs, and is no doubt."""
    del lane
    ibans = [account for account in invoice.payee_accounts() if claims_iban(account)]
    return each("ACCOUNT-CHECK-METHOD", "info", {iban: method_fault(iban) for iban in ibans}, _ACCOUNT)


def account_not_iban(invoice: Invoice, lane: Lane) -> Findings:
    """An account without check digits is not proven by the document."""
    del lane
    faults = {account: None if claims_iban(account) else "no IBAN" for account in invoice.payee_accounts()}
    return each("ACCOUNT-NOT-IBAN", "warning", faults, _ACCOUNT)


def account_ambiguous(invoice: Invoice, lane: Lane) -> Findings:
    """A document that may be paid by transfer names one account."""
    del lane
    movable = (i for i in invoice.payment_instructions if is_movable(i.payment_means_type_code))
    accounts = distinct(instruction.payment_account_identifier for instruction in movable)
    if len(accounts) < 2:
        return CLEAN
    return finding("ACCOUNT-AMBIGUOUS", "error", f"{len(accounts)} accounts: {', '.join(accounts)}", _ACCOUNT)


def account_own(invoice: Invoice, lane: Lane) -> Findings:
    """The account to be debited (BT-91) is the buyer's and never the payee's (BT-84)."""
    del lane
    if invoice.debited_account_identifier not in invoice.payee_accounts():
        return CLEAN
    return finding("ACCOUNT-OWN", "error", "the payee's account is the buyer's own", _ACCOUNT)


def bic_invalid(invoice: Invoice, lane: Lane) -> Findings:
    """A bank identifier is an ISO 9362 BIC. Within SEPA the IBAN alone decides, so that a wrong one only informs."""
    del lane
    bics = distinct(i.payment_service_provider_identifier for i in invoice.payment_instructions)
    return each("BIC-INVALID", "warning", {bic: bic_fault(bic) for bic in bics}, "payment_service_provider_identifier")


def bic_mismatch(invoice: Invoice, lane: Lane) -> Findings:
    """The bank sits in the country of the IBAN: where it does not, one of the two was changed or misread."""
    del lane
    faults = {}
    for instruction in invoice.payment_instructions:
        account, bic = (
            instruction.payment_account_identifier or "",
            instruction.payment_service_provider_identifier or "",
        )
        if claims_iban(account) and bic_fault(bic) is None and _iban_country(bic[4:6]) != account[:2]:
            faults[bic] = f"the account is in {account[:2]}"
    return each("BIC-MISMATCH", "warning", faults, "payment_service_provider_identifier")


def reference_invalid(invoice: Invoice, lane: Lane) -> Findings:
    """A reference that claims to be structured has its check digits."""
    del lane
    faults = {
        reference: reference_fault(reference, instruction.payment_account_identifier or "")
        for instruction in invoice.payment_instructions
        if (reference := instruction.remittance_information)
    }
    return each("REFERENCE-INVALID", "warning", faults, "remittance_information")


def _iban_country(country: str) -> str:
    return _IBAN_COUNTRIES.get(country, country)
