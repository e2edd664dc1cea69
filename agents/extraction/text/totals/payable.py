"""What is to be paid (BT-115): the sum that is called so, or the total where none is; and the doubt about it."""

from decimal import Decimal

from agents.extraction.text.totals.closures import ZERO, Closure, Columns
from agents.extraction.text.totals.contradictions import is_open
from agents.extraction.text.totals.evidence import PLAIN, PROVEN, SEEN_TWICE, SINGLE, STATED, UNPROVEN, Evidence
from agents.extraction.text.totals.items import adds_up
from agents.extraction.text.totals.steps import adjustments, follows, last_asked, unnamed_step


def payable_of(sheet: Columns, closure: Closure | None, gross: Evidence | None) -> tuple[Evidence | None, str]:
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
        return Evidence(asked, shown, STATED if adds_up(sheet, shown) else SINGLE), ""
    other = gross.value if gross is not None else totals[0]
    return Evidence(asked, shown, UNPROVEN), f"asked for is {asked}, the total is {other}"
