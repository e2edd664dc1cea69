"""The items above a total: their amounts, in its own column, sum up to it, or they prove nothing."""

from collections.abc import Iterator
from decimal import Decimal

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.totals.closures import ZERO, Columns, sums_of
from agents.extraction.text.totals.contradictions import FLUSH_POINTS

# The columns that hold what an item costs, and the rows that are no items.
_ITEM_COLUMNS = frozenset({"net", "total", "gross", "subtotal"})
_NO_ITEMS = ("net", "gross", "total", "subtotal", "payable", "vat", "tax_base", "prepaid", "previous", "carry", "boxed")


def adds_up(sheet: Columns, total: Amount) -> bool:
    """Tell whether the amounts of the items above, in the total's own column, sum up to it, be it with the VAT."""
    above = [
        item.value
        for item in sheet.items
        if abs(item.right - total.right) <= FLUSH_POINTS and item.line < total.line and not item.prose
    ]
    running, sums = ZERO, []
    for value in reversed(above):
        running += value
        sums.append(running)
    taxed = {total.value - vat for vat in sums_of(sheet.roles.get("vat", ())) if vat != ZERO}
    if total.value in sums[1:] or (len(above) == 1 and above[0] == total.value) or taxed.intersection(sums):
        return True
    if taxed.intersection(_ragged_sums(sheet, total)):
        return True
    column = sum((item.value for item in _items_above(sheet, total)), ZERO)
    return column != ZERO and (column == total.value or column in taxed)


def _ragged_sums(sheet: Columns, total: Amount) -> Iterator[Decimal]:
    """Yield what the last sums of the lines above add up to, from the nearest up: a letter sets them in no column."""
    last = {item.line: item for item in sheet.items if item.line < total.line and item.page == total.page}
    running = ZERO
    for line in sorted(last, reverse=True):
        running += last[line].value
        yield running


def _items_above(sheet: Columns, total: Amount) -> Iterator[Amount]:
    """Yield the last sum of each row above the total whose column is called an amount, and whose row no part of it."""
    parts = {id(one) for name in _NO_ITEMS for one in sheet.roles.get(name, ())}
    rows = {
        item.line: item for item in sheet.known
        if item.line < total.line and not item.prose and item.column & _ITEM_COLUMNS
        and ("ignore_amount" not in item.column or "total" in item.column) and id(item) not in parts
    }  # fmt: skip
    yield from rows.values()
