"""What the document asks for: the reading of its totals that closes.

net + VAT (+ charges - discounts) = gross; gross - prepaid + previous balance - withholding + rounding = payable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from agents.extraction.text.amounts import Amount
from agents.extraction.text.roles import row_role

ZERO = Decimal(0)
# Rows of one role; a bill with more VAT rates or deposits than this is not added up.
PARTS_MAX = 8
ADJUSTMENTS_MAX = 3
# Distinct values of one role that are tried against each other.
VALUES_MAX = 24
# Sums of a column are flush right within this many points.
FLUSH_POINTS = 4.0
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
    doubt: str = ""


@dataclass(slots=True)
class _Sheet:
    """Amounts by role, in reading order."""

    roles: dict[str, list[Amount]] = field(default_factory=dict)
    items: list[Amount] = field(default_factory=list)

    def values(self, *names: str) -> list[Decimal]:
        """Return the distinct values of these roles, rows that are called nothing else first."""
        found = sorted((a for name in names for a in self.roles.get(name, ())), key=lambda a: not a.pure)
        return list(dict.fromkeys(amount.value for amount in found))[:VALUES_MAX]

    def pure(self, *names: str) -> list[Decimal]:
        """Return the distinct values of rows that are called by these names and nothing else."""
        found = [a for name in names for a in self.roles.get(name, ()) if a.pure]
        return list(dict.fromkeys(amount.value for amount in found))[:VALUES_MAX]

    def show(self, value: Decimal, *names: str) -> Amount:
        """Return the amount that shows a value, preferring the roles in their order."""
        every = [a for name in names for a in self.roles.get(name, ())] + self.items
        return next(amount for amount in every if amount.value == value)


@dataclass(frozen=True, slots=True)
class _Closure:
    """One reading in which net + VAT = gross, exactly. `direct` ones need no charge and no discount."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    direct: bool


def add_up(amounts: Iterable[Amount]) -> Totals:
    """Return the totals that can be believed."""
    known = list(amounts)
    sheet = _sheet(known)
    closure = _best(sheet)
    gross = _gross(sheet, closure)
    payable, doubt = _payable(sheet, closure, gross)
    if payable is not None and any(value != payable.value for value in sheet.values("boxed")):
        payable, doubt = None, "the payment slip asks for another sum than the invoice"
    if payable is not None and _in_parts(known, payable.value):
        payable, doubt = None, "several sums are to be paid by a day of their own"
    return Totals(payable, gross, _net(sheet, closure), _vat(sheet, closure), _prepaid(sheet), doubt)


def _in_parts(amounts: Iterable[Amount], payable: Decimal) -> bool:
    """Tell whether lines that name a day to pay by ask for other sums than the whole."""
    return any(one.dated and not one.prose and abs(one.value) not in (ZERO, abs(payable)) for one in amounts)


def _sheet(amounts: Iterable[Amount]) -> _Sheet:
    sheet = _Sheet()
    for amount in amounts:
        found = row_role(amount)
        if found is None:
            sheet.items.append(amount)
        else:
            sheet.roles.setdefault(found, []).append(amount)
    return sheet


def _closures(sheet: _Sheet) -> Iterator[_Closure]:
    """Yield every reading of the labelled rows that closes."""
    vats = _sums(sheet.roles.get("vat", ()))
    extra = {ZERO, *_signed(sheet.values("charge"), 1), *_signed(sheet.values("discount"), -1)}
    untaxed = set(sheet.values("net", "subtotal"))
    for gross in sheet.values("gross", "total", "payable"):
        for net in sheet.values("net", "subtotal", "total", "tax_base"):
            for more in extra:
                vat = gross - net - more
                if vat in vats and (vat != ZERO or net in untaxed):
                    yield _Closure(net, vat, gross, direct=more == ZERO)


def _sums(amounts: Iterable[Amount]) -> set[Decimal]:
    """Return every sum of some of the amounts, each printed row once."""
    parts = list(dict.fromkeys((amount.line, amount.value) for amount in amounts))[:PARTS_MAX]
    sums = {ZERO} if not parts else set()
    for count in range(1, len(parts) + 1):
        sums |= {sum((value for _, value in chosen), ZERO) for chosen in combinations(parts, count)}
    return sums


def _signed(values: Iterable[Decimal], sign: int) -> set[Decimal]:
    return {sign * abs(value) for value in values if value != ZERO}


def _best(sheet: _Sheet) -> _Closure | None:
    """Return the closure over the largest sum: those of single VAT rates are parts of it."""
    found = list(_closures(sheet)) or list(_table_closures(sheet))
    shown = {amount.value for amount in sheet.roles.get("vat", ())}
    return max(found, key=lambda c: (abs(c.gross), c.vat in shown, c.direct, abs(c.net)), default=None)


def _table_closures(sheet: _Sheet) -> Iterator[_Closure]:
    """Yield closures of rows that only their columns name, where the last row adds up the ones above."""
    rows: dict[int, dict[str, Amount]] = {}
    for amount in sheet.items:
        for name in amount.column & {"net", "vat", "gross", "tax_base"}:
            rows.setdefault(amount.line, {})[name] = amount
    closing = [row for row in rows.values() if _closes(row)]
    if closing and (len(closing) == 1 or sum(_gross_of(row) for row in closing[:-1]) == _gross_of(closing[-1])):
        last = closing[-1]
        sheet.roles.setdefault("gross", []).append(last["gross"])
        sheet.roles.setdefault("vat", []).append(last["vat"])
        base = last.get("net") or last["tax_base"]
        sheet.roles.setdefault("net", []).append(base)
        yield _Closure(base.value, last["vat"].value, last["gross"].value, direct=True)


def _gross_of(row: dict[str, Amount]) -> Decimal:
    return row["gross"].value


def _closes(row: dict[str, Amount]) -> bool:
    base = row.get("net") or row.get("tax_base")
    if base is None or "vat" not in row or "gross" not in row:
        return False
    return base.value + row["vat"].value == row["gross"].value


def _gross(sheet: _Sheet, closure: _Closure | None) -> Evidence | None:
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


def _adds_up(sheet: _Sheet, total: Amount) -> bool:
    """Tell whether the amounts of the items above, in the total's own column, sum up to it."""
    above = [
        item.value
        for item in sheet.items
        if abs(item.right - total.right) <= FLUSH_POINTS and item.line < total.line and not item.prose
    ]
    running, sums = ZERO, []
    for value in reversed(above):
        running += value
        sums.append(running)
    return total.value in sums[1:] or (len(above) == 1 and above[0] == total.value)


def _payable(sheet: _Sheet, closure: _Closure | None, gross: Evidence | None) -> tuple[Evidence | None, str]:
    """Return what is to be paid, and the doubt about it."""
    asked = sheet.pure("payable") or sheet.values("payable")
    if len(asked) > 1:
        asked = _last_asked(sheet, asked) or asked
    if len(asked) > 1:
        return None, f"{len(asked)} different sums are called payable"
    if asked:
        return _asked_once(sheet, closure, gross, asked[0])
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
    sheet: _Sheet, closure: _Closure | None, gross: Evidence | None, asked: Decimal
) -> tuple[Evidence | None, str]:
    shown = sheet.show(asked, "payable")
    totals = sheet.values("gross", "total")
    if closure is not None and (asked == closure.gross or asked - closure.gross in _adjustments(sheet)):
        return Evidence(asked, shown, PROVEN), ""
    if gross is not None and asked - gross.value in _adjustments(sheet):
        return Evidence(asked, shown, SEEN_TWICE), ""
    if asked in totals:
        return Evidence(asked, shown, STATED), ""
    if gross is None and not totals:
        return Evidence(asked, shown, STATED if _adds_up(sheet, shown) else SINGLE), ""
    other = gross.value if gross is not None else totals[0]
    return Evidence(asked, shown, UNPROVEN), f"asked for is {asked}, the total is {other}"


def _adjustments(sheet: _Sheet) -> set[Decimal]:
    """Return every difference between gross and payable that the document explains."""
    steps = [
        *_signed(sheet.values("prepaid"), -1),
        *_signed(sheet.values("withholding"), -1),
        *(value for value in sheet.values("previous") if value != ZERO),
        *(value for value in sheet.values("rounding") if value != ZERO),
    ][:PARTS_MAX]
    sums = {ZERO}
    for count in range(1, min(ADJUSTMENTS_MAX, len(steps)) + 1):
        sums |= {sum(chosen, ZERO) for chosen in combinations(steps, count)}
    return sums


def _last_asked(sheet: _Sheet, asked: list[Decimal]) -> list[Decimal]:
    """Return the sums that follow from another one by a named step: invoice due 100, old balance 50, to pay 150."""
    steps = _adjustments(sheet) - {ZERO}
    return [value for value in asked if any(value - other in steps for other in asked if other != value)]


def _net(sheet: _Sheet, closure: _Closure | None) -> Evidence | None:
    if closure is not None:
        shown = sheet.show(closure.net, "net", "subtotal", "total", "tax_base")
        return Evidence(closure.net, shown, PROVEN if closure.direct else PLAIN)
    return _only(sheet, "net") or _only(sheet, "subtotal")


def _vat(sheet: _Sheet, closure: _Closure | None) -> Evidence | None:
    if closure is not None and closure.direct:
        for amount in sheet.roles.get("vat", ()):
            if amount.value == closure.vat:
                return Evidence(closure.vat, amount, PROVEN)
        if sheet.roles.get("vat"):
            return Evidence(closure.vat, sheet.roles["vat"][-1], STATED)  # a sum of the rates, printed nowhere
    return _only(sheet, "vat")


def _prepaid(sheet: _Sheet) -> Evidence | None:
    return _only(sheet, "prepaid")


def _only(sheet: _Sheet, name: str) -> Evidence | None:
    values = sheet.pure(name) or sheet.values(name)
    return Evidence(values[0], sheet.show(values[0], name), PLAIN) if len(values) == 1 else None
