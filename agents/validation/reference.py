"""An invoice against the reference data: is this the supplier, may it be paid, and is this account its own."""

from rapidfuzz import fuzz

from agents.validation.rule import CLEAN, Findings, finding
from schemas.invoice import Invoice
from schemas.supplier import Supplier, SupplierMatch
from tables.names import fold_name
from tables.suppliers import Directory, compact

# Below it two names are not two spellings of one: a part of the name is enough ("Dupont" for "Dupont Transports").
NAME_LIKENESS_MIN = 80.0


def validate_against(
    invoice: Invoice, match: SupplierMatch | None, directory: Directory, *, tenant: str, own_accounts: frozenset[str]
) -> Findings:
    """Return what the reference data has to say.

    Args:
        invoice: the normalized invoice.
        match: the supplier that the directory found for it.
        directory: the suppliers of every tenant.
        tenant: whose suppliers are looked at.
        own_accounts: the accounts that the tenant pays from, compact.
    """
    accounts = (*_account_own(invoice, own_accounts), *_account_of_another(invoice, match, directory, tenant))
    if match is None:
        unknown = finding("SUPPLIER-UNKNOWN", "error", "no supplier fits by VAT id, registration, account or name")
        return (*unknown, *accounts)
    supplier = match.supplier
    return (
        *_supplier_conflict(invoice, match, directory),
        *_supplier_inactive(supplier),
        *_supplier_address(supplier),
        *_supplier_weak(invoice, match),
        *accounts,
        *_account_new(invoice, supplier),
        *_amount_limit(invoice, supplier),
    )


def _supplier_conflict(invoice: Invoice, match: SupplierMatch, directory: Directory) -> Findings:
    others = directory.contradictions(invoice, match)
    if not others:
        return CLEAN
    return finding("SUPPLIER-CONFLICT", "error", f"matched {match.supplier.supplier_id}, but also {', '.join(others)}")


def _supplier_inactive(supplier: Supplier) -> Findings:
    return CLEAN if supplier.active else finding("SUPPLIER-INACTIVE", "error", f"{supplier.supplier_id} is not active")


def _supplier_address(supplier: Supplier) -> Findings:
    if supplier.postal_address.is_structured():
        return CLEAN
    return finding("SUPPLIER-ADDRESS", "error", f"{supplier.supplier_id} has no town or no country")


def _supplier_weak(invoice: Invoice, match: SupplierMatch) -> Findings:
    """Judge a match by how it was made: a VAT id is one company's, numbers of registers and names are many's."""
    seller, supplier = invoice.seller, match.supplier
    alike = _is_alike(seller.name, supplier)
    if match.matched_by == "vat_identifier":
        return CLEAN if alike else finding("SUPPLIER-NAME-DIFFERS", "warning", f"{seller.name} is not {supplier.name}")
    stated, known = compact(seller.vat_identifier), compact(supplier.vat_identifier)
    if stated and known and stated != known:
        return finding("SUPPLIER-MISMATCH", "error", f"VAT id {stated} is not {known}", "seller_vat_identifier")
    if not alike:
        return finding("SUPPLIER-MISMATCH", "error", f"{seller.name} is not {supplier.name}", "seller_name")
    return finding("SUPPLIER-BY-NAME", "error", f"score {match.score:.2f}") if match.matched_by == "name" else CLEAN


def _is_alike(name: str | None, supplier: Supplier) -> bool:
    """Tell whether a name may be the supplier's; no name contradicts nothing."""
    folded = fold_name(name or "")
    known = (fold_name(spelling) for spelling in (supplier.name, *supplier.aliases))
    return not folded or any(fuzz.token_set_ratio(folded, spelling) >= NAME_LIKENESS_MIN for spelling in known)


def _account_own(invoice: Invoice, own_accounts: frozenset[str]) -> Findings:
    own = [account for account in invoice.payee_accounts() if account in own_accounts]
    return finding("ACCOUNT-OWN", "error", f"{own[0]} is our own", "payment_account_identifier") if own else CLEAN


def _account_new(invoice: Invoice, supplier: Supplier) -> Findings:
    """Tell of accounts that nobody vouched for, unless the document offers a verified one beside them."""
    accounts = invoice.payee_accounts()
    if not accounts or any(supplier.account(account) for account in accounts):
        return CLEAN
    known = ", ".join(account.identifier for account in supplier.accounts) or "none"
    message = f"{', '.join(accounts)}; verified for {supplier.supplier_id}: {known}"
    return finding("ACCOUNT-NEW", "error", message, "payment_account_identifier")


def _account_of_another(invoice: Invoice, match: SupplierMatch | None, directory: Directory, tenant: str) -> Findings:
    own = frozenset(account.identifier for account in match.supplier.accounts) if match else frozenset()
    others = [account for account in invoice.payee_accounts() if account not in own]
    owners = {account: directory.account_owners(account, tenant) for account in others}
    told = [f"{account} is verified for {', '.join(ids)}" for account, ids in owners.items() if ids]
    if not told:
        return CLEAN
    return finding("ACCOUNT-OF-ANOTHER-SUPPLIER", "error", "; ".join(told), "payment_account_identifier")


def _amount_limit(invoice: Invoice, supplier: Supplier) -> Findings:
    amount, limit = invoice.amount_payable(), supplier.amount_limit
    if amount is None or limit is None or amount <= limit:
        return CLEAN
    return finding("AMOUNT-LIMIT", "error", f"{amount} is above {limit}", "amount_due_for_payment")
