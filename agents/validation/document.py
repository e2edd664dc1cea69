"""What kind of document it is, and whether its values hang together."""

from datetime import timedelta

from stdnum.ch import vat as ch_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.no import mva as no_mva

from agents.validation.currencies import CURRENCIES
from agents.validation.rule import CLEAN, Findings, distinct, each, finding
from schemas.evidence import Lane
from schemas.invoice import Invoice, Party
from tables.names import fold_name
from tables.suppliers import compact

# UNTDID 1001 codes by which something is to be paid (EN 16931 BT-3): invoices, partial, prepaid, self-billed,
# metered, factored, hire, lease, consignment and construction invoices, and debit notes. 202 to 204 and 211 are what a
# builder asks for by the work done so far; issuers use them for partial invoices, which EN 16931 allows.
_INVOICE_TYPES = frozenset(
    {"80", "82", "84", "202", "203", "204", "211", "295", "326", "331", "380", "383", "384", "385", "386", "387", "388"}
    | {"389", "390", "393", "394", "395", "527", "575", "623", "633", "780", "875", "876", "877"}
)
# Pro-forma invoices, and invoices for bookkeeping only: they look like one and ask for nothing.
_NO_INVOICE_TYPES = frozenset({"310", "325", "751"})
_CORRECTED_INVOICE = "384"
# Longer terms than a year are a misread year; a due date is never before the invoice.
TERM_MAX = timedelta(days=366)


def credit_note(invoice: Invoice, lane: Lane) -> Findings:
    """A credit note is never paid."""
    del lane
    code = invoice.invoice_type_code
    return finding("CREDIT-NOTE", "error", f"type {code}", "invoice_type_code") if invoice.is_credit_note() else CLEAN


def not_an_invoice(invoice: Invoice, lane: Lane) -> Findings:
    """A pro-forma invoice asks for no payment."""
    del lane
    code = invoice.invoice_type_code
    return (
        finding("NOT-AN-INVOICE", "error", f"type {code}", "invoice_type_code") if code in _NO_INVOICE_TYPES else CLEAN
    )


def type_unusual(invoice: Invoice, lane: Lane) -> Findings:
    """A type that is neither invoice nor credit note is looked at by a person."""
    del lane
    code = invoice.invoice_type_code
    known = code is None or code in _INVOICE_TYPES or code in _NO_INVOICE_TYPES or invoice.is_credit_note()
    return CLEAN if known else finding("TYPE-UNUSUAL", "error", f"type {code}", "invoice_type_code")


def corrected_invoice(invoice: Invoice, lane: Lane) -> Findings:
    """A corrected invoice replaces one that may have been paid: a person tells what is still owed."""
    del lane
    if invoice.invoice_type_code != _CORRECTED_INVOICE:
        return CLEAN
    return finding("CORRECTED-INVOICE", "warning", f"corrects {invoice.preceding_invoice_reference or 'an invoice'}")


def nothing_due(invoice: Invoice, lane: Lane) -> Findings:
    """Only a sum above zero is paid."""
    del lane
    amount = invoice.amount_payable()
    if amount is None or amount > 0:
        return CLEAN
    return finding("NOTHING-DUE", "error", f"{amount} is to be paid", "amount_due_for_payment")


def amount_ambiguous(invoice: Invoice, lane: Lane) -> Findings:
    """What the instalments ask for is the sum to pay, or each of them offers the whole of it in another way."""
    del lane
    amounts = [i.amount for i in invoice.payment_instructions if i.amount is not None]
    payable = invoice.amount_payable()
    if not amounts or payable is None or sum(amounts) == payable or set(amounts) == {payable}:
        return CLEAN
    return finding(
        "AMOUNT-AMBIGUOUS", "error", f"{sum(amounts)} in instalments, {payable} to pay", "amount_due_for_payment"
    )


def instalments(invoice: Invoice, lane: Lane) -> Findings:
    """A sum that is split is not paid at once without a person's word."""
    del lane
    amounts = [i.amount for i in invoice.payment_instructions if i.amount is not None]
    if len(amounts) < 2 or set(amounts) == {invoice.amount_payable()}:
        return CLEAN
    return finding("INSTALMENTS", "warning", f"{len(amounts)} instalments", "amount_due_for_payment")


def payee_not_seller(invoice: Invoice, lane: Lane) -> Findings:
    """Somebody else than the seller is to be paid (BG-10): a factor, or somebody who wants to be one."""
    del lane
    payee = invoice.payee
    if payee is None or not _stated(payee) or _same(payee, invoice.seller):
        return CLEAN
    return finding("PAYEE-NOT-SELLER", "warning", f"{payee.name or 'the payee'} is not the seller", "payee_name")


def vat_id_invalid(invoice: Invoice, lane: Lane) -> Findings:
    """VAT ids have their country's check digits."""
    del lane
    stated = distinct((invoice.seller.vat_identifier, invoice.buyer.vat_identifier))
    faults = {number: None if _is_vat(compact(number)) else "wrong form or check digits" for number in stated}
    return each("VAT-ID-INVALID", "warning", faults, "seller_vat_identifier", "buyer_vat_identifier")


def currency_unknown(invoice: Invoice, lane: Lane) -> Findings:
    """The currency is one that ISO 4217 lists as money."""
    del lane
    code = invoice.invoice_currency_code
    known = code is None or code in CURRENCIES
    return CLEAN if known else finding("CURRENCY-UNKNOWN", "error", f"{code} is no currency", "invoice_currency_code")


def due_date_implausible(invoice: Invoice, lane: Lane) -> Findings:
    """The due date lies between the issue date and a year later."""
    del lane
    issued, due = invoice.invoice_issue_date, invoice.payment_due_date
    if issued is None or due is None or timedelta(0) <= due - issued <= TERM_MAX:
        return CLEAN
    return finding("DUE-DATE-IMPLAUSIBLE", "warning", f"issued {issued}, due {due}", "payment_due_date")


def _stated(party: Party) -> bool:
    return any((party.name, party.vat_identifier, party.legal_registration_identifier))


def _same(payee: Party, seller: Party) -> bool:
    """Tell whether all that the payee states is what the seller states."""
    pairs = (
        (fold_name(payee.name or ""), fold_name(seller.name or "")),
        (compact(payee.vat_identifier), compact(seller.vat_identifier)),
        (compact(payee.legal_registration_identifier), compact(seller.legal_registration_identifier)),
    )
    return all(mine in {"", theirs} for mine, theirs in pairs)


def _is_vat(number: str) -> bool:
    """Tell whether a VAT id may be right; of a country whose rule is not known it may."""
    country = number[:2]
    if country == "GB":
        return bool(gb_vat.is_valid(number))
    if country == "CH":
        return any(ch_vat.is_valid(number + suffix) for suffix in ("", "MWST"))
    if country == "NO":
        return bool(no_mva.is_valid(number) or no_mva.is_valid(number + "MVA"))
    return bool(eu_vat.is_valid(number)) if country.lower() in {*eu_vat.MEMBER_STATES, "el", "xi"} else True
