"""What the document asks for: the reading of its totals that closes.

net + VAT (+ charges - discounts) = gross; gross - prepaid + previous balance - withholding + rounding = payable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from agents.extraction.text.amounts import Amount
from agents.extraction.text.closures import PARTS_MAX, ZERO, Closure, Columns, best_closure, by_role, signed, sums_of
from agents.extraction.text.geometry import overlap

ADJUSTMENTS_MAX = 3
# Sums of a column are flush right within this many points.
FLUSH_POINTS = 4.0
# No VAT of the world is more than this part of the total.
VAT_SHARE_MAX = Decimal("0.4")
# A slip that asks for another sum than the invoice asks for nearly the same; what is further off is something else.
NEAR_MIN = Decimal("0.8")
# The columns that hold what an item costs, and the rows that are no items.
_ITEM_COLUMNS = frozenset({"net", "total", "gross", "subtotal"})
_NO_ITEMS = ("net", "gross", "total", "subtotal", "payable", "vat", "tax_base", "prepaid", "previous", "carry", "boxed")
# What a proof is worth. At 0.9 and above the document may be paid without a question (contracts: assessment).
PROVEN, SEEN_TWICE, STATED, SINGLE, PLAIN, UNPROVEN = 0.97, 0.96, 0.94, 0.91, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value, the place that shows it, and how sure it is."""

    value: Decimal
    amount: Amount
    confidence: float


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of the document. `doubt` says in words why nobody should pay yet, or is empty."""

    payable: Evidence | None = None
    gross: Evidence | None = None
    net: Evidence | None = None
    vat: Evidence | None = None
    prepaid: Evidence | None = None
    withheld: Evidence | None = None
    rounded: Evidence | None = None
    doubt: str = ""

    @property
    def paid_in_part(self) -> bool:
        """Tell whether what was paid leads from the total to a smaller sum that is still asked for."""
        if self.payable is None or self.gross is None or self.prepaid is None:
            return False
        return self.payable.value > ZERO and self.gross.value - abs(self.prepaid.value) == self.payable.value

    @property
    def taken_off(self) -> Evidence | None:
        """Return what is paid otherwise (BT-113): a deposit, or the tax that the buyer pays to the state, or both.

        EN 16931 has no term for a tax withheld; as an amount paid it leads from the total to what is due (BR-CO-16).
        """
        if self.withheld is None or self.payable is None or self.gross is None:
            return self.prepaid
        held = abs(self.withheld.value)
        both = held + abs(self.prepaid.value) if self.prepaid is not None else held
        if self.gross.value - self.payable.value not in (held, both):
            return self.prepaid
        return Evidence(self.gross.value - self.payable.value, self.withheld.amount, self.withheld.confidence)

    @property
    def rounding(self) -> Evidence | None:
        """Return the amount that rounds what is due (BT-114), with the sign by which it does."""
        if self.rounded is None or self.payable is None or self.gross is None:
            return None
        taken = abs(self.taken_off.value) if self.taken_off is not None else ZERO
        step = self.payable.value - (self.gross.value - taken)
        if step == ZERO or abs(step) != abs(self.rounded.value):
            return None
        return Evidence(step, self.rounded.amount, self.rounded.confidence)


def add_up(amounts: Iterable[Amount]) -> Totals:
    """Return the totals that can be believed."""
    known = list(amounts)
    sheet = by_role(known)
    closure = best_closure(sheet)
    gross = _gross(sheet, closure)
    payable, doubt = _payable(sheet, closure, gross)
    if payable is not None and _is_contradicted(sheet, payable):
        payable, doubt = None, "the payment slip asks for another sum than the invoice"
    if payable is not None and _is_topped(sheet, payable):
        payable, doubt = None, "another sum without a name stands below the total"
    if payable is not None and _in_parts(known, payable.value):
        payable, doubt = None, "several sums are to be paid by a day of their own"
    return Totals(
        payable,
        gross,
        _net(sheet, closure),
        _vat(sheet, closure),
        _prepaid(sheet, payable, gross),
        _only(sheet, "withholding"),
        _only(sheet, "rounding"),
        doubt,
    )


def _follows(sheet: Columns, asked: Decimal) -> bool:
    """Tell whether net + VAT and what the document takes off lead to the sum, where no gross is printed (IRPF)."""
    steps = _adjustments(sheet)
    nets = sheet.values("net", "subtotal")
    return any(asked - net - vat in steps for net in nets for vat in sums_of(sheet.roles.get("vat", ())) if vat)


def _is_contradicted(sheet: Columns, payable: Evidence) -> bool:
    """Tell whether a box headed `Amount` asks for another sum. What stands above in the same column is an item."""
    shown = payable.amount
    return any(
        box.value != payable.value
        and (box.page != shown.page or box.line > shown.line or overlap(*box.span, *shown.span) <= 0)
        for box in sheet.roles.get("boxed", ())
    )


def _is_topped(sheet: Columns, payable: Evidence) -> bool:
    """Tell whether a sum without a name stands below that the total may be a part of, or a slip that asks otherwise.

    The first is larger and in the same column, the second stands alone where the words end.
    """
    shown = payable.amount
    return any(
        item.page == shown.page and item.line > shown.line and not item.prose
        and ((item.value > payable.value > ZERO and abs(item.right - shown.right) <= FLUSH_POINTS)
             or (item.bare and item.single and not item.row and _is_slip(sheet, item, payable.value)))
        for item in sheet.items
    )  # fmt: skip


def _is_slip(sheet: Columns, item: Amount, asked: Decimal) -> bool:
    """Tell whether the last sum of its page could be taken for what is asked for, and is told nowhere else."""
    is_near = item.value != asked and asked * NEAR_MIN <= item.value <= asked / NEAR_MIN
    others = [one for one in sheet.known if one is not item]
    return is_near and not any(
        one.value == item.value or (one.page == item.page and one.line > item.line and not one.prose) for one in others
    )


def _contradicts(sheet: Columns) -> bool:
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


def _in_parts(amounts: Iterable[Amount], payable: Decimal) -> bool:
    """Tell whether lines that name a day to pay by ask for other sums than the whole."""
    return any(one.dated and not one.prose and abs(one.value) not in (ZERO, abs(payable)) for one in amounts)


def _gross(sheet: Columns, closure: Closure | None) -> Evidence | None:
    if closure is not None:
        shown = sheet.show(closure.gross, "gross", "total", "payable")
        return Evidence(closure.gross, shown, PROVEN)
    for names, worth in ((("gross",), SINGLE), (("total",), PLAIN)):
        values = sheet.pure(*names) or sheet.values(*names)
        if len(values) == 1:
            shown = sheet.show(values[0], *names)
            return Evidence(values[0], shown, STATED if _adds_up(sheet, shown) else worth)
        if values:
            return None
    return None


def _adds_up(sheet: Columns, total: Amount) -> bool:
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
    column = sum((item.value for item in _items_above(sheet, total)), ZERO)
    return column != ZERO and (column == total.value or column in taxed)


def _items_above(sheet: Columns, total: Amount) -> Iterator[Amount]:
    """Yield the last sum of each row above the total whose column is called an amount, and whose row no part of it."""
    parts = {id(one) for name in _NO_ITEMS for one in sheet.roles.get(name, ())}
    rows = {
        item.line: item for item in sheet.known
        if item.line < total.line and not item.prose and item.column & _ITEM_COLUMNS
        and ("ignore_amount" not in item.column or "total" in item.column) and id(item) not in parts
    }  # fmt: skip
    yield from rows.values()


def _payable(sheet: Columns, closure: Closure | None, gross: Evidence | None) -> tuple[Evidence | None, str]:
    """Return what is to be paid, and the doubt about it."""
    asked = sheet.pure("payable") or sheet.values("payable")
    if len(asked) > 1:
        asked = _last_asked(sheet, asked) or asked
    if len(asked) > 1:
        return None, f"{len(asked)} different sums are called payable"
    if asked and closure is None and _follows(sheet, asked[0]):
        return Evidence(asked[0], sheet.show(asked[0], "payable"), PROVEN), ""
    if closure is None and _contradicts(sheet):
        return None, "net and VAT do not add up to the total"
    return _asked_once(sheet, closure, gross, asked[0]) if asked else _not_asked(sheet, gross)


def _not_asked(sheet: Columns, gross: Evidence | None) -> tuple[Evidence | None, str]:
    """Return what is to be paid where no sum is called so: the total, if nothing is taken off it."""
    boxed = sheet.values("boxed")
    if gross is None and len(boxed) == 1:
        return Evidence(boxed[0], sheet.show(boxed[0], "boxed"), PLAIN), ""
    if gross is None:
        rivals = sheet.values("gross") or sheet.values("total")
        return None, f"{len(rivals)} different totals" if len(rivals) > 1 else ""
    if any(value != ZERO for value in sheet.values("prepaid", "previous", "withholding")):
        return None, "something is to be deducted or added, and no sum is called payable"
    return Evidence(gross.value, gross.amount, min(gross.confidence, STATED + 0.01)), ""


def _asked_once(
    sheet: Columns, closure: Closure | None, gross: Evidence | None, asked: Decimal
) -> tuple[Evidence | None, str]:
    """Return the one sum that is called payable, as sure as the other sums make it."""
    shown = sheet.show(asked, "payable")
    totals = sheet.values("gross", "total")
    if closure is not None and (asked == closure.gross or asked - closure.gross in _adjustments(sheet)):
        return Evidence(asked, shown, PROVEN), ""
    if gross is not None and (asked - gross.value in _adjustments(sheet) or _unnamed_step(sheet, gross, asked)):
        return Evidence(asked, shown, SEEN_TWICE), ""
    if asked in totals:
        return Evidence(asked, shown, STATED), ""
    if gross is None and not totals:
        return Evidence(asked, shown, STATED if _adds_up(sheet, shown) else SINGLE), ""
    other = gross.value if gross is not None else totals[0]
    return Evidence(asked, shown, UNPROVEN), f"asked for is {asked}, the total is {other}"


def _adjustments(sheet: Columns) -> set[Decimal]:
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


def _last_asked(sheet: Columns, asked: list[Decimal]) -> list[Decimal]:
    """Return the sums that follow from another one by a named step: invoice due 100, old balance 50, to pay 150."""
    steps = _adjustments(sheet) - {ZERO}
    return [value for value in asked if any(value - other in steps for other in asked if other != value)]


def _net(sheet: Columns, closure: Closure | None) -> Evidence | None:
    if closure is not None:
        shown = sheet.show(closure.net, "net", "subtotal", "total", "tax_base")
        return Evidence(closure.net, shown, PROVEN if closure.direct else PLAIN)
    return _only(sheet, "net") or _only(sheet, "subtotal")


def _vat(sheet: Columns, closure: Closure | None) -> Evidence | None:
    if closure is not None and closure.direct:
        for amount in sheet.roles.get("vat", ()):
            if amount.value == closure.vat:
                return Evidence(closure.vat, amount, PROVEN)
        if sheet.roles.get("vat"):
            return Evidence(closure.vat, sheet.roles["vat"][-1], STATED)  # a sum of the rates, printed nowhere
    return _only(sheet, "vat")


def _unnamed_step(sheet: Columns, gross: Evidence, asked: Decimal) -> Amount | None:
    """Return the negative sum, called by no word that we know, that alone leads from the total to the sum below it."""
    shown = sheet.show(asked, "payable")
    between = [
        item for item in sheet.items
        if item.page == shown.page and gross.amount.line < item.line < shown.line and not item.prose
        and abs(item.right - shown.right) <= FLUSH_POINTS
    ]  # fmt: skip
    is_alone = len(between) == 1 and between[0].value < ZERO and gross.value + between[0].value == asked
    return between[0] if is_alone else None


def _prepaid(sheet: Columns, payable: Evidence | None, gross: Evidence | None) -> Evidence | None:
    """Return what was paid of this invoice; a payment of the earlier balance is none of it: 356.01 - 356.01."""
    found = _only(sheet, "prepaid")
    if found is None and payable is not None and gross is not None and sheet.roles.get("payable"):
        step = _unnamed_step(sheet, gross, payable.value)
        return Evidence(step.value, step, PLAIN) if step is not None else None
    if found is None or payable is None or gross is None or payable.value != gross.value:
        return found
    return None if abs(found.value) in signed(sheet.values("previous"), 1) else found


def _only(sheet: Columns, name: str) -> Evidence | None:
    values = sheet.pure(name) or sheet.values(name)
    return Evidence(values[0], sheet.show(values[0], name), PLAIN) if len(values) == 1 else None
