"""What a document truly says, term by term, in the canonical form of schemas/evidence.py."""

from decimal import Decimal

from app.local.samples.bill import Bill
from app.local.samples.fatturapa import METHODS
from app.local.samples.sample import Truth


def _amount(amount: Decimal) -> str | None:
    return str(amount) if amount else None


def header(bill: Bill) -> Truth:
    """Return what every form of the bill says, pages too."""
    totals, account = bill.totals(), bill.account
    return {
        "invoice_number": bill.number,
        "invoice_issue_date": bill.issue_date.isoformat(),
        "invoice_type_code": bill.type_code,
        "invoice_currency_code": bill.currency,
        "payment_due_date": bill.due_date.isoformat(),
        "seller_name": bill.seller.name,
        "seller_vat_identifier": bill.seller.vat_identifier,
        "seller_legal_registration_identifier": bill.seller.registration_identifier,
        "buyer_name": bill.buyer.name,
        "buyer_vat_identifier": bill.buyer.vat_identifier,
        "remittance_information": bill.reference,
        "payment_account_identifier": account.iban if account else None,
        "payment_service_provider_identifier": account.bic if account else None,
        "invoice_total_amount_without_vat": str(totals.net),
        "invoice_total_vat_amount": str(totals.vat),
        "invoice_total_amount_with_vat": str(totals.gross),
        "amount_due_for_payment": str(totals.payable),
    }


def structured(bill: Bill) -> Truth:
    """Return what UBL and CII say: the header with its codes and the sums that lead to the total."""
    totals = bill.totals()
    return {
        **header(bill),
        "payment_means_type_code": bill.means,
        "purchase_order_reference": bill.purchase_order,
        "payee_name": bill.payee.name if bill.payee else None,
        "debited_account_identifier": bill.debited_account,
        "sum_of_invoice_line_net_amount": str(totals.line_sum),
        "sum_of_allowances_on_document_level": _amount(totals.allowances),
        "sum_of_charges_on_document_level": _amount(totals.charges),
        "paid_amount": _amount(totals.prepaid),
    }


def fatturapa(bill: Bill) -> Truth:
    """Return what FatturaPA says: it has no payment reference and no company register in what we write."""
    return {
        **header(bill),
        "payment_means_type_code": METHODS[bill.means],
        "purchase_order_reference": bill.purchase_order,
        "remittance_information": None,
        "seller_legal_registration_identifier": None,
    }


def zugferd(bill: Bill) -> Truth:
    """Return what ZUGFeRD 1.0 says in what we write: no order, no register, no buyer's account; each sum, even zero."""
    totals = bill.totals()
    return {
        **structured(bill),
        "purchase_order_reference": None,
        "seller_legal_registration_identifier": None,
        "debited_account_identifier": None,
        "sum_of_allowances_on_document_level": str(totals.allowances),
        "sum_of_charges_on_document_level": str(totals.charges),
        "paid_amount": str(totals.prepaid),
    }
