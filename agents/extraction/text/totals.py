"""What the document asks for: the reading of its totals that closes.

net + VAT (+ charges - discounts) = gross; gross - prepaid + previous balance - withholding + rounding = payable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.text.amounts import Amount
from agents.extraction.text.closures import ZERO, Closure, Columns, best_closure, by_role, signed, sums_of
from agents.extraction.text.contradictions import FLUSH_POINTS, contradiction, is_open
from agents.extraction.text.steps import adjustments, follows, last_asked, unnamed_step

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
    sheet = by_role(amounts)
    closure = best_closure(sheet)
    gross = _gross(sheet, closure)
    payable, doubt = _payable(sheet, closure, gross)
    against = contradiction(sheet, payable.amount, payable.value) if payable is not None else ""
    if against:
        payable, doubt = None, against
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


def _payable(sheet: Columns, closure: Closure | None, gross: Evidence | None) -> tuple[Evidence | None, str]:
    """Return what is to be paid, and the doubt about it."""
    asked = sheet.pure("payable") or sheet.values("payable")
    if len(asked) > 1:
        asked = last_asked(sheet, asked) or asked
    if len(asked) > 1:
        return None, f"{len(asked)} different sums are called payable"
    if asked and closure is None and follows(sheet, asked[0]):
        return Evidence(asked[0], sheet.show(asked[0], "payable"), PROVEN), ""
    if closure is None and is_open(sheet):
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
    if closure is not None and (asked == closure.gross or asked - closure.gross in adjustments(sheet)):
        return Evidence(asked, shown, PROVEN), ""
    if gross is not None and (
        asked - gross.value in adjustments(sheet) or unnamed_step(sheet, gross.amount, gross.value, asked)
    ):
        return Evidence(asked, shown, SEEN_TWICE), ""
    if asked in totals:
        return Evidence(asked, shown, STATED), ""
    if gross is None and not totals:
        return Evidence(asked, shown, STATED if _adds_up(sheet, shown) else SINGLE), ""
    other = gross.value if gross is not None else totals[0]
    return Evidence(asked, shown, UNPROVEN), f"asked for is {asked}, the total is {other}"


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


def _prepaid(sheet: Columns, payable: Evidence | None, gross: Evidence | None) -> Evidence | None:
    """Return what was paid of this invoice; a payment of the earlier balance is none of it: 356.01 - 356.01."""
    found = _only(sheet, "prepaid")
    if found is None and payable is not None and gross is not None and sheet.roles.get("payable"):
        step = unnamed_step(sheet, gross.amount, gross.value, payable.value)
        return Evidence(step.value, step, PLAIN) if step is not None else None
    if found is None or payable is None or gross is None or payable.value != gross.value:
        return found
    return None if abs(found.value) in signed(sheet.values("previous"), 1) else found


def _only(sheet: Columns, name: str) -> Evidence | None:
    values = sheet.pure(name) or sheet.values(name)
    return Evidence(values[0], sheet.show(values[0], name), PLAIN) if len(values) == 1 else None
