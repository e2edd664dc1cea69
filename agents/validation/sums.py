"""The arithmetic of EN 16931: BR-CO-10 and 13 to 17, exact in Decimal.

Issuers round in different places. A difference within the slack is told as a warning, a greater one is an error. A
sum is checked only where everything that it is made of is known; what the standard lets an issuer leave out counts as
not there in a structured lane, and as unknown on a page.
"""

from decimal import Decimal

from agents.validation.rule import CLEAN, STRUCTURED_LANES, Findings, finding
from schemas.evidence import Lane
from schemas.finding import Severity
from schemas.invoice import DocumentTotals, Invoice, VatBreakdown
from schemas.money import Money

# What rounding may cost (Peppol BIS 3 allows 0.02 on a sum; each rounded line or VAT rate half a cent, told as one).
SLACK = Decimal("0.02")
SLACK_EACH = Decimal("0.01")
# By what a VAT amount may miss its taxable amount times its rate: it is often the sum of VAT amounts rounded line by
# line. The official rules of UBL and CII allow it, and so does Italy's (control 00421).
VAT_SLACK = Decimal(1)
# Of a rate of nothing no line has cents to round; the rules let the VAT round to a whole nothing.
VAT_SLACK_OF_NOTHING = Decimal("0.49")
PERCENT = Decimal(100)
ZERO = Decimal(0)


def br_co_10(invoice: Invoice, lane: Lane) -> Findings:
    """BT-106 = sum of the line net amounts BT-131."""
    del lane
    totals, lines = invoice.totals, [line.invoice_line_net_amount for line in invoice.lines]
    stated, computed = totals.sum_of_invoice_line_net_amount, _sum(lines)
    if stated != computed and computed is not None and computed == _gross_by_sum(totals):
        message = f"the lines come to {computed}, which is the total with VAT, and {stated} is stated"
        return finding("BR-CO-10", "warning", message, "sum_of_invoice_line_net_amount")
    return _compare("BR-CO-10", stated, computed, len(lines), "sum_of_invoice_line_net_amount")


def _gross_by_sum(totals: DocumentTotals) -> Money | None:
    """Return the total with VAT where the sum of the lines, without allowances, and the VAT make it exactly.

    Older programs of shops state their lines with VAT: every sum that is paid is proven all the same.
    """
    net, vat, gross = (
        totals.invoice_total_amount_without_vat, totals.invoice_total_vat_amount, totals.invoice_total_amount_with_vat
    )  # fmt: skip
    proven = vat and net == totals.sum_of_invoice_line_net_amount and gross == _sum([net, vat])
    return gross if proven else None


def br_co_13(invoice: Invoice, lane: Lane) -> Findings:
    """BT-109 = BT-106 - allowances BT-107 + charges BT-108."""
    totals = invoice.totals
    allowances = _optional(totals.sum_of_allowances_on_document_level, lane)
    charges = _optional(totals.sum_of_charges_on_document_level, lane)
    net = _sum([totals.sum_of_invoice_line_net_amount, _minus(allowances), charges])
    return _compare("BR-CO-13", totals.invoice_total_amount_without_vat, net, 1, "invoice_total_amount_without_vat")


def br_co_14(invoice: Invoice, lane: Lane) -> Findings:
    """BT-110 = sum of the VAT amounts BT-117 of the breakdown."""
    del lane
    taxes = [breakdown.vat_category_tax_amount for breakdown in invoice.vat_breakdown]
    return _compare(
        "BR-CO-14", invoice.totals.invoice_total_vat_amount, _sum(taxes), len(taxes), "invoice_total_vat_amount"
    )


def br_co_15(invoice: Invoice, lane: Lane) -> Findings:
    """BT-112 = BT-109 + BT-110."""
    totals = invoice.totals
    gross = _sum([totals.invoice_total_amount_without_vat, _optional(totals.invoice_total_vat_amount, lane)])
    return _compare("BR-CO-15", totals.invoice_total_amount_with_vat, gross, 1, "invoice_total_amount_with_vat")


def br_co_16(invoice: Invoice, lane: Lane) -> Findings:
    """BT-115 = BT-112 - prepaid BT-113 + rounding BT-114.

    On a page too, what is not read counts as not there: a sum to pay that is not the total needs its explanation.
    """
    del lane
    totals = invoice.totals
    due = _sum(
        [totals.invoice_total_amount_with_vat, _minus(totals.paid_amount or ZERO), totals.rounding_amount or ZERO]
    )
    return _compare("BR-CO-16", totals.amount_due_for_payment, due, 1, "amount_due_for_payment")


def br_co_17(invoice: Invoice, lane: Lane) -> Findings:
    """BT-117 = BT-116 x BT-119 of each VAT rate; on a page the three may come from different rows, so not there."""
    if lane not in STRUCTURED_LANES:
        return CLEAN
    wrong = [fault for breakdown in invoice.vat_breakdown if (fault := _vat_fault(breakdown))]
    return finding("BR-CO-17", "error", "; ".join(wrong), "invoice_total_vat_amount") if wrong else CLEAN


def _vat_fault(breakdown: VatBreakdown) -> str | None:
    taxable, tax = breakdown.vat_category_taxable_amount, breakdown.vat_category_tax_amount
    rate = breakdown.vat_category_rate
    if taxable is None or tax is None or rate is None:
        return None
    due = taxable * rate / PERCENT
    slack = VAT_SLACK if rate else VAT_SLACK_OF_NOTHING
    return None if abs(tax - due) <= slack else f"{tax} is stated, {rate} % of {taxable} is {due:.2f}"


def _optional(amount: Money | None, lane: Lane) -> Money | None:
    return ZERO if amount is None and lane in STRUCTURED_LANES else amount


def _minus(amount: Money | None) -> Money | None:
    return None if amount is None else -amount


def _sum(amounts: list[Money | None]) -> Money | None:
    """Return the sum, or None where a part is unknown or there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if known and len(known) == len(amounts) else None


def _compare(rule: str, stated: Money | None, computed: Money | None, roundings: int, field: str) -> Findings:
    if stated is None or computed is None or stated == computed:
        return CLEAN
    slack = max(SLACK, SLACK_EACH * roundings)
    severity: Severity = "warning" if abs(stated - computed) <= slack else "error"
    return finding(rule, severity, f"{stated} is stated, {computed} follows from its parts", field)
