"""Which payment an approval releases: to whom, on which account, how much. Or what stands in its way."""

from datetime import date

from schemas.accounts import bic_fault, claims_iban, iban_fault
from schemas.decision import ApprovedPayment
from schemas.events import InvoiceValidated
from schemas.finding import Finding
from schemas.identifiers import fold_number, invoice_key
from schemas.invoice import Invoice, PaymentInstruction
from schemas.means import means_kind
from schemas.money import Amount
from schemas.payment import Debtor
from schemas.supplier import Supplier

# Means by which money may move, be it after a person's look (contracts: payment.initiated).
_MOVABLE = frozenset({"transfer", "review", "unstated"})


def choose_account(invoice: Invoice, supplier: Supplier) -> str | None:
    """Return the account to pay on: the only offered one that is verified for the supplier, else the only offered one.

    None where none or several are left: ambiguous is never guessed.
    """
    offered = _offered(invoice)
    verified = tuple(account for account in offered if supplier.account(account) is not None)
    left = verified or offered
    return left[0] if len(left) == 1 else None


def compose(validated: InvoiceValidated, debtor: Debtor | None, revision: int) -> ApprovedPayment | tuple[Finding, ...]:
    """Return the payment, or every obstacle that no approval can lift."""
    obstacles = _obstacles(validated, debtor)
    if obstacles:
        return tuple(Finding(rule=rule, severity="error", message=message) for rule, message in obstacles.items())
    invoice, match = validated.normalized.invoice, validated.match
    assert match is not None, "an unknown supplier is an obstacle"
    account, amount = choose_account(invoice, match.supplier), _amount(invoice)
    assert account is not None, "so is a missing account"
    assert amount is not None, "so is a missing sum"
    assert invoice.invoice_number is not None, "so is a missing number"
    instructions = _instructions(invoice, account)
    return ApprovedPayment(
        supplier_id=match.supplier.supplier_id,
        invoice_number=invoice.invoice_number,
        creditor_name=match.supplier.name,
        creditor_postal_address=match.supplier.postal_address,
        creditor_account=account,
        creditor_agent=_agent(match.supplier, account, instructions),
        instructed_amount=amount.model_copy(update={"value": amount.in_minor_units()}),
        payment_due_date=invoice.payment_due_date or _first_due(instructions),
        remittance_reference=_reference(instructions),
        revision=revision,
    )


def _obstacles(validated: InvoiceValidated, debtor: Debtor | None) -> dict[str, str]:
    """Return each obstacle by its rule, with what is wrong."""
    invoice, match, amount = validated.normalized.invoice, validated.match, _amount(validated.normalized.invoice)
    found: dict[str, str] = {}
    if debtor is None:
        found["DEBTOR-MISSING"] = f"tenant {validated.normalized.received.tenant} has no account to pay from"
    if not fold_number(invoice.invoice_number or ""):
        found["NUMBER-MISSING"] = "no invoice number (BT-1)"
    if invoice.invoice_currency_code is None:
        found["CURRENCY-MISSING"] = "no currency (BT-5)"
    if invoice.amount_payable() is None:
        found["AMOUNT-MISSING"] = "no amount due (BT-115)"
    if amount is not None:
        found |= _amount_obstacles(amount)
    return found | (
        {"SUPPLIER-UNKNOWN": "no supplier of the reference data fits"}
        if match is None
        else _supplier_obstacles(validated, match.supplier, debtor)
    )


def _amount_obstacles(amount: Amount) -> dict[str, str]:
    if amount.value <= 0:
        return {"NOTHING-DUE": f"{amount.value} {amount.currency} is to be paid"}
    if not amount.is_payable():
        return {"AMOUNT-MINOR-UNITS": f"{amount.value} is not whole in the minor units of {amount.currency}"}
    return {}


def _supplier_obstacles(validated: InvoiceValidated, supplier: Supplier, debtor: Debtor | None) -> dict[str, str]:
    normalized = validated.normalized
    found: dict[str, str] = {}
    if not supplier.active:
        found["SUPPLIER-INACTIVE"] = f"{supplier.supplier_id} is not active"
    if not supplier.postal_address.is_structured():
        found["SUPPLIER-ADDRESS"] = f"{supplier.supplier_id} has no town or no country"
    number = normalized.invoice.invoice_number
    if number and normalized.invoice_key != invoice_key(normalized.received.tenant, supplier.supplier_id, number):
        found["KEY-STALE"] = f"the key was made before {supplier.supplier_id} was recognised"
    return found | _account_obstacles(normalized.invoice, supplier, debtor)


def _account_obstacles(invoice: Invoice, supplier: Supplier, debtor: Debtor | None) -> dict[str, str]:
    account, offered = choose_account(invoice, supplier), _offered(invoice)
    if not offered:
        return {"ACCOUNT-MISSING": "no account (BT-84) that may be paid on"}
    if account is None:
        return {"ACCOUNT-AMBIGUOUS": f"{len(offered)} accounts, and not exactly one is verified"}
    if claims_iban(account) and (fault := iban_fault(account)):
        return {"ACCOUNT-INVALID": fault}
    own = {invoice.debited_account_identifier, debtor.account if debtor else None}
    return {"ACCOUNT-OWN": "the account is the debtor's own"} if account in own else {}


def _offered(invoice: Invoice) -> tuple[str, ...]:
    """Return the accounts that come with a means by which money may move, each once."""
    movable = (i for i in invoice.payment_instructions if means_kind(i.payment_means_type_code) in _MOVABLE)
    accounts = (instruction.payment_account_identifier for instruction in movable)
    return tuple(dict.fromkeys(account for account in accounts if account))


def _instructions(invoice: Invoice, account: str) -> tuple[PaymentInstruction, ...]:
    return tuple(i for i in invoice.payment_instructions if i.payment_account_identifier == account)


def _amount(invoice: Invoice) -> Amount | None:
    value, currency = invoice.amount_payable(), invoice.invoice_currency_code
    return None if value is None or currency is None else Amount(value=value, currency=currency)


def _agent(supplier: Supplier, account: str, instructions: tuple[PaymentInstruction, ...]) -> str | None:
    """Return the BIC that was vouched for, else the document's one if it fits the account's country, else None."""
    verified = supplier.account(account)
    if verified is not None and verified.service_provider_identifier:
        return verified.service_provider_identifier
    stated = {i.payment_service_provider_identifier for i in instructions if i.payment_service_provider_identifier}
    fitting = [bic for bic in stated if bic_fault(bic) is None and bic[4:6] == account[:2]]
    return fitting[0] if len(fitting) == 1 else None


def _reference(instructions: tuple[PaymentInstruction, ...]) -> str | None:
    stated = {i.remittance_information for i in instructions if i.remittance_information}
    return stated.pop() if len(stated) == 1 else None


def _first_due(instructions: tuple[PaymentInstruction, ...]) -> date | None:
    return min((i.payment_due_date for i in instructions if i.payment_due_date), default=None)
