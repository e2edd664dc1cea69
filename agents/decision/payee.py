"""Which payment an approval releases: to whom, on which account, how much. Or what stands in its way."""

from datetime import date

from schemas.accounts import bic_fault
from schemas.completeness import obstacles
from schemas.decision import ApprovedPayment
from schemas.events import InvoiceValidated
from schemas.finding import Finding
from schemas.identifiers import fold_number, invoice_key
from schemas.invoice import Invoice, PaymentInstruction
from schemas.means import is_movable
from schemas.money import Amount
from schemas.payment import Debtor
from schemas.supplier import Supplier


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
    wrong = _missing(validated.normalized.invoice, debtor) | _barred(validated, debtor)
    if not wrong:
        assert debtor is not None, "a missing debtor is an obstacle"
        payment = _payment(validated, revision)
        wrong = obstacles(payment, debtor)
        if not wrong:
            return payment
    return tuple(Finding(rule=rule, severity="error", message=message) for rule, message in wrong.items())


def _payment(validated: InvoiceValidated, revision: int) -> ApprovedPayment:
    invoice, match = validated.normalized.invoice, validated.match
    assert match is not None, "an unknown supplier is an obstacle"
    account, amount = choose_account(invoice, match.supplier), _amount(invoice)
    assert account is not None, "so is an account that is missing or not decided"
    assert amount is not None, "so is a missing sum or currency"
    instructions = tuple(i for i in invoice.payment_instructions if i.payment_account_identifier == account)
    return ApprovedPayment(
        supplier_id=match.supplier.supplier_id,
        invoice_number=invoice.invoice_number or "",
        creditor_name=match.supplier.name,
        creditor_postal_address=match.supplier.postal_address,
        creditor_account=account,
        creditor_agent=_agent(match.supplier, account, instructions),
        instructed_amount=amount,
        payment_due_date=invoice.payment_due_date or _first_due(instructions),
        remittance_reference=_reference(instructions),
        revision=revision,
    )


def _missing(invoice: Invoice, debtor: Debtor | None) -> dict[str, str]:
    """Return what a payment cannot do without, by its rule."""
    value = invoice.amount_payable()
    lacking = {
        "DEBTOR-MISSING": ("the tenant has no account to pay from", debtor is None),
        "NUMBER-MISSING": ("no invoice number (BT-1)", not fold_number(invoice.invoice_number or "")),
        "CURRENCY-MISSING": ("no currency (BT-5)", invoice.invoice_currency_code is None),
        "AMOUNT-MISSING": ("no amount due (BT-115)", value is None),
        "NOTHING-DUE": (f"{value} is to be paid", value is not None and value <= 0),
    }
    return {rule: message for rule, (message, lacks) in lacking.items() if lacks}


def _barred(validated: InvoiceValidated, debtor: Debtor | None) -> dict[str, str]:
    """Return why this supplier cannot be paid by this document, by its rule."""
    normalized, match = validated.normalized, validated.match
    if match is None:
        return {"SUPPLIER-UNKNOWN": "no supplier of the reference data fits"}
    supplier, found = match.supplier, dict[str, str]()
    if not supplier.active:
        found["SUPPLIER-INACTIVE"] = f"{supplier.supplier_id} is not active"
    own_key = invoice_key(normalized.received.tenant, supplier.supplier_id, normalized.invoice.invoice_number or "")
    if normalized.invoice_key != own_key:
        found["KEY-STALE"] = f"the key is not that of {supplier.supplier_id} and this number"
    return found | _account_barred(normalized.invoice, supplier, debtor)


def _account_barred(invoice: Invoice, supplier: Supplier, debtor: Debtor | None) -> dict[str, str]:
    account, offered = choose_account(invoice, supplier), _offered(invoice)
    if not offered:
        return {"ACCOUNT-MISSING": "no account (BT-84) that may be paid on"}
    if account is None:
        return {"ACCOUNT-AMBIGUOUS": f"{len(offered)} accounts, and not exactly one is verified"}
    own = {invoice.debited_account_identifier, debtor.account if debtor else None}
    return {"ACCOUNT-OWN": "the account is the debtor's own"} if account in own else {}


def _offered(invoice: Invoice) -> tuple[str, ...]:
    """Return the accounts that come with a means by which money may move, each once."""
    movable = (i for i in invoice.payment_instructions if is_movable(i.payment_means_type_code))
    accounts = (instruction.payment_account_identifier for instruction in movable)
    return tuple(dict.fromkeys(account for account in accounts if account))


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
