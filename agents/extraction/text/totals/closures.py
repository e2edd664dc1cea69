"""Sums by what they are for, and the readings of them in which net + VAT = gross."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.totals.roles import row_role

ZERO = Decimal(0)
# Rows of one role; a bill with more VAT rates or deposits than this is not added up.
PARTS_MAX = 8
# Distinct values of one role that are tried against each other.
VALUES_MAX = 24


@dataclass(slots=True)
class Columns:
    """Amounts by role, in reading order."""

    roles: dict[str, list[Amount]] = field(default_factory=dict)
    items: list[Amount] = field(default_factory=list)
    known: list[Amount] = field(default_factory=list)

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
class Closure:
    """One reading in which net + VAT = gross, exactly. `direct` ones need no charge and no discount."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    direct: bool


def by_role(amounts: Iterable[Amount]) -> Columns:
    """Return the amounts sorted by what their rows call them."""
    sheet = Columns()
    for amount in amounts:
        found = row_role(amount)
        if found is None:
            sheet.items.append(amount)
        else:
            sheet.roles.setdefault(found, []).append(amount)
        sheet.known.append(amount)
    _demote(sheet)
    return sheet


def _demote(sheet: Columns) -> None:
    """Take the rows of a table whose column is called `to pay` for items, where rows are called so as well."""
    named = [one for name in ("gross", "total", "payable") for one in sheet.roles.get(name, ()) if one.row]
    asked = sheet.roles.get("payable", [])
    rows = [one for one in asked if not one.row and not one.bare and all(one.value != other.value for other in named)]
    if named and rows:
        sheet.roles["payable"] = [one for one in asked if one not in rows]
        sheet.items.extend(rows)


def _closures(sheet: Columns) -> Iterator[Closure]:
    """Yield every reading of the labelled rows that closes."""
    vats = sums_of(sheet.roles.get("vat", ()))
    extra = {ZERO, *signed(sheet.values("charge"), 1), *signed(sheet.values("discount"), -1)}
    untaxed = set(sheet.values("net", "subtotal"))
    for gross in sheet.values("gross", "total", "payable"):
        for net in sheet.values("net", "subtotal", "total", "tax_base"):
            for more in extra:
                vat = gross - net - more
                if vat in vats and (vat != ZERO or net in untaxed):
                    yield Closure(net, vat, gross, direct=more == ZERO)


def sums_of(amounts: Iterable[Amount]) -> set[Decimal]:
    """Return every sum of some of the amounts, each printed row once."""
    parts = list(dict.fromkeys((amount.line, amount.value) for amount in amounts))[:PARTS_MAX]
    sums = {ZERO} if not parts else set()
    for count in range(1, len(parts) + 1):
        sums |= {sum((value for _, value in chosen), ZERO) for chosen in combinations(parts, count)}
    return sums


def signed(values: Iterable[Decimal], sign: int) -> set[Decimal]:
    """Return the values that are not zero, all with this sign: a deposit is printed with or without its minus."""
    return {sign * abs(value) for value in values if value != ZERO}


def best_closure(sheet: Columns) -> Closure | None:
    """Return the closure over the largest sum: those of single VAT rates are parts of it."""
    found = list(_closures(sheet)) or list(_table_closures(sheet))
    shown = {amount.value for amount in sheet.roles.get("vat", ())}
    return max(found, key=lambda c: (abs(c.gross), c.vat in shown, c.direct, abs(c.net)), default=None)


def _table_closures(sheet: Columns) -> Iterator[Closure]:
    """Yield closures of rows that only their columns name, where the last row adds up the ones above."""
    rows: dict[int, dict[str, Amount]] = {}
    for amount in sheet.items:
        for name in amount.column & {"net", "subtotal", "vat", "gross", "total", "tax_base"}:
            rows.setdefault(amount.line, {})[name] = amount
    closing = [found for row in rows.values() if (found := _closing(row)) is not None]
    if closing and (len(closing) == 1 or sum(gross.value for *_, gross in closing[:-1]) == closing[-1][2].value):
        net, vat, gross = closing[-1]
        for name, amount in (("net", net), ("vat", vat), ("gross", gross)):
            sheet.roles.setdefault(name, []).append(amount)
        yield Closure(net.value, vat.value, gross.value, direct=True)


def _closing(row: dict[str, Amount]) -> tuple[Amount, Amount, Amount] | None:
    """Return net, VAT and gross of a row, if it has all three and they close."""
    net = row.get("net") or row.get("subtotal") or row.get("tax_base")
    vat, gross = row.get("vat"), row.get("gross") or row.get("total")
    if net is None or vat is None or gross is None or net.value + vat.value != gross.value:
        return None
    return net, vat, gross
