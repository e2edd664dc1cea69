"""What the document asks for: the reading of its totals that closes.

net + VAT (+ charges - discounts) = gross; gross - prepaid + previous balance - withholding + rounding = payable.
"""

from collections.abc import Iterable

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.totals.closures import Closure, Columns, best_closure, by_role, signed
from agents.extraction.text.totals.contradictions import contradiction
from agents.extraction.text.totals.evidence import PLAIN, PROVEN, SINGLE, STATED, Evidence, Totals
from agents.extraction.text.totals.items import adds_up
from agents.extraction.text.totals.payable import payable_of
from agents.extraction.text.totals.steps import unnamed_step


def add_up(amounts: Iterable[Amount]) -> Totals:
    """Return the totals that can be believed."""
    sheet = by_role(amounts)
    closure = best_closure(sheet)
    gross = _gross(sheet, closure)
    payable, doubt = payable_of(sheet, closure, gross)
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
            return Evidence(values[0], shown, STATED if adds_up(sheet, shown) else worth)
        if values:
            return None
    return None


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
