"""What a sum is for, from what its row and column are called."""

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.amounts.headings import CURRENCY
from agents.extraction.text.lexicon import MONEY

# The concepts of the lexicon that speak about money, strongest first: the first one present decides.
_RANKED = (
    "cash_discount", "carry", "previous", "payable", "prepaid", "withholding", "rounding", "tax_base",
)  # fmt: skip
_PLAIN = ("discount", "charge", "vat", "gross", "net", "subtotal", "total")
# A row of these may hold net, VAT and gross side by side, told apart by the headings of the columns.
_SUMMARY_ROWS = frozenset({"total", "gross", "subtotal", "net", "payable"})
# What the last sum of such a row is for, and what those before it: `VAT 20 % of 500  100`, `11 payments of 40  -440`.
_LAST_COUNTS = {
    "vat": ("vat", "tax_base"), "tax_base": ("vat", "tax_base"),
    "prepaid": ("prepaid", "ignored"), "withholding": ("withholding", "ignored"),
}  # fmt: skip
_COLUMNS = frozenset({"net", "vat", "gross", "payable", "tax_base", "prepaid", "discount", "subtotal"})


def role(concepts: frozenset[str]) -> str | None:
    """Return the one role that a set of concepts amounts to, or None where it says nothing or contradicts itself."""
    said = concepts & MONEY
    if not said or ("ignore_amount" in said and "payable" not in said):
        return "ignored" if said else None
    for strong in _RANKED:
        if strong in said:
            return strong
    if {"net", "subtotal"} <= said:
        return "subtotal"
    if {"gross", "net"} <= said or {"gross", "vat"} <= said:
        return "ignored"  # `TVA TTC`, `Netto / Brutto`: nobody can tell which
    return next((plain for plain in _PLAIN if plain in said), None)


def row_role(amount: Amount) -> str | None:
    """Return what the amount is, as far as its row says so; None is an amount of a line item.

    `boxed` is the sum in a box that is headed `Amount`, as on a payment slip: it must agree with what is asked for.
    """
    named, headed = role(amount.row), role(amount.column)
    if named is None:
        return _in_box(amount, headed)
    if amount.prose and named != "payable":
        return "ignored"
    if amount.row_count > 1 and named in _LAST_COUNTS:
        return _LAST_COUNTS[named][0 if amount.rank == amount.row_count - 1 else 1]
    if amount.rank == 0 and amount.row_count == 1:
        return named
    if named in _SUMMARY_ROWS and headed in _COLUMNS:
        return headed
    return "ignored" if named in _SUMMARY_ROWS or amount.rank else named  # no heading tells the sums apart


def _in_box(amount: Amount, headed: str | None) -> str | None:
    """Return what a sum without a name of its own is for, where its heading stands right above it."""
    if amount.summary and amount.stacked:
        return headed
    if amount.stacked and CURRENCY in amount.column:
        return "boxed"
    if not amount.stacked or headed not in ("payable", "total", "gross"):
        return None
    if headed == "payable":
        return "payable" if amount.bare or amount.row_count == 1 else None
    return "boxed" if amount.bare and amount.single else None
