"""What on the page speaks against the sum that is asked for: another box, another sum below, parts of it by days."""

from decimal import Decimal

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.geometry import overlap
from agents.extraction.text.totals.closures import ZERO, Columns

# Sums of a column are flush right within this many points.
FLUSH_POINTS = 4.0
# No VAT of the world is more than this part of the total.
VAT_SHARE_MAX = Decimal("0.4")
# A slip that asks for another sum than the invoice asks for nearly the same; what is further off is something else.
NEAR_MIN = Decimal("0.8")

# A row that is called so below the sum asked for tells what that is made of.
_EXPLAINED = ("net", "vat", "tax_base", "subtotal", "previous", "rounding", "carry", "cash_discount", "ignored")
# Rows that close a column; between others two parts of the sum may stand.
_CLOSING = frozenset({"total", "gross", "payable"})


def contradiction(sheet: Columns, shown: Amount, asked: Decimal) -> str:
    """Return in words what speaks against a sum to pay, or nothing.

    Args:
        sheet: the amounts by role.
        shown: where the sum stands.
        asked: the sum.
    """
    if _is_contradicted(sheet, shown, asked):
        return "the payment slip asks for another sum than the invoice"
    if _is_topped(sheet, shown, asked):
        return "another sum without a name stands below the total"
    if asked != ZERO and any(one.value == ZERO for one in sheet.roles.get("payable", ())):
        return "nothing is called payable as well"
    if _leads_on(sheet, shown, asked):
        return "what nobody names leads from the sum to another one below it"
    if _in_parts(sheet, asked):
        return "several sums are to be paid by a day of their own"
    return ""


def is_open(sheet: Columns) -> bool:
    """Tell whether net, VAT and total are all stated, VAT between the two, and no reading of them closes."""
    totals = [one for name in ("gross", "total", "payable") for one in sheet.roles.get(name, ())]
    nets = [one for name in ("net", "subtotal") for one in sheet.roles.get(name, ()) if one.pure]
    vats = [one for one in sheet.roles.get("vat", ()) if one.pure and one.value != ZERO]
    if {one.value for one in nets} & {one.value for one in totals}:
        return False  # nothing is added: the VAT is told for information
    return any(
        net.page == vat.page == total.page
        and min(net.line, total.line) <= vat.line <= max(net.line, total.line)
        and abs(vat.value) < VAT_SHARE_MAX * abs(total.value)
        for net in nets for vat in vats for total in totals
    )  # fmt: skip


def _is_contradicted(sheet: Columns, shown: Amount, asked: Decimal) -> bool:
    """Tell whether a box headed `Amount` asks for another sum. What stands above in the same column is an item."""
    return any(
        box.value != asked and (box.page != shown.page or box.line > shown.line or overlap(*box.span, *shown.span) <= 0)
        for box in sheet.roles.get("boxed", ())
    )


def _is_topped(sheet: Columns, shown: Amount, asked: Decimal) -> bool:
    """Tell whether a sum without a name stands below that the total may be a part of, or a slip that asks otherwise.

    The first is larger and in the same column, the second stands alone where the words end.
    """
    return any(
        item.page == shown.page and item.line > shown.line and not item.prose
        and ((item.value > asked > ZERO and abs(item.right - shown.right) <= FLUSH_POINTS)
             or (item.bare and item.single and not item.row and _is_slip(sheet, item, asked)))
        for item in sheet.items
    )  # fmt: skip


def _is_slip(sheet: Columns, item: Amount, asked: Decimal) -> bool:
    """Tell whether the last sum of its page could be taken for what is asked for, and is told nowhere else."""
    is_near = item.value != asked and asked * NEAR_MIN <= item.value <= asked / NEAR_MIN
    others = [one for one in sheet.known if one is not item]
    return is_near and not any(
        one.value == item.value or (one.page == item.page and one.line > item.line and not one.prose) for one in others
    )


def _leads_on(sheet: Columns, shown: Amount, asked: Decimal) -> bool:
    """Tell whether a sum without a name leads from the one asked for to a third, all in a column: 99, less 30, 69."""
    below = [
        one for one in sheet.known
        if one.page == shown.page and one.line > shown.line and not one.prose
        and overlap(*one.span, *shown.span) > 0
    ]  # fmt: skip
    known = {id(one) for name in _EXPLAINED for one in sheet.roles.get(name, ())}
    steps = [one for one in below if one.value != ZERO and id(one) not in known]
    return any(
        step.line < led.line and led.value > ZERO and abs(asked - led.value) == abs(step.value)
        and (_is_taken_off(step) or led.row & _CLOSING)
        for step in steps for led in below if id(led) not in known
    )  # fmt: skip


def _is_taken_off(step: Amount) -> bool:
    """Tell whether a sum is printed as one that is taken off: with its minus, or in brackets as accountants do."""
    return step.value < ZERO or step.raw.startswith("(")


def _in_parts(sheet: Columns, asked: Decimal) -> bool:
    """Tell whether lines that name a day to pay by ask for other sums than the whole."""
    return any(one.dated and not one.prose and abs(one.value) not in (ZERO, abs(asked)) for one in sheet.known)
