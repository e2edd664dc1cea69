"""The steps from the total with VAT to the sum to pay: deposits, earlier balances, tax withheld, roundings."""

from decimal import Decimal
from itertools import combinations

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.totals.closures import PARTS_MAX, ZERO, Columns, signed, sums_of
from agents.extraction.text.totals.contradictions import FLUSH_POINTS

ADJUSTMENTS_MAX = 3


def adjustments(sheet: Columns) -> set[Decimal]:
    """Return every difference between gross and payable that the document explains."""
    steps = [
        *signed(sheet.values("prepaid"), -1),
        *signed(sheet.values("withholding"), -1),
        *(value for value in sheet.values("previous") if value != ZERO),
        *(value for value in sheet.values("rounding") if value != ZERO),
    ][:PARTS_MAX]
    sums = {ZERO}
    for count in range(1, min(ADJUSTMENTS_MAX, len(steps)) + 1):
        sums |= {sum(chosen, ZERO) for chosen in combinations(steps, count)}
    return sums


def last_asked(sheet: Columns, asked: list[Decimal]) -> list[Decimal]:
    """Return the sums that follow from another one by a named step: invoice due 100, old balance 50, to pay 150."""
    steps = adjustments(sheet) - {ZERO}
    return [value for value in asked if any(value - other in steps for other in asked if other != value)]


def unnamed_step(sheet: Columns, total: Amount, gross: Decimal, asked: Decimal) -> Amount | None:
    """Return the negative sum, called by no word that we know, that alone leads from the total to the sum below it."""
    shown = sheet.show(asked, "payable")
    between = [
        item for item in sheet.items
        if item.page == shown.page and total.line < item.line < shown.line and not item.prose
        and abs(item.right - shown.right) <= FLUSH_POINTS
    ]  # fmt: skip
    is_alone = len(between) == 1 and between[0].value < ZERO and gross + between[0].value == asked
    return between[0] if is_alone else None


def follows(sheet: Columns, asked: Decimal) -> bool:
    """Tell whether net + VAT and what the document takes off lead to the sum, where no gross is printed (IRPF)."""
    steps = adjustments(sheet)
    nets = sheet.values("net", "subtotal")
    return any(asked - net - vat in steps for net in nets for vat in sums_of(sheet.roles.get("vat", ())) if vat)
