"""The sums under the lines."""

from decimal import Decimal

from app.local.samples.pages.draft import Draft, total_rows
from app.local.samples.pages.sheet import GREY

ROW = 15.0
SUMS_HEIGHT = 130.0


def box_right(draft: Draft) -> None:
    """Write the sums into a frame at the right; the last one stands out."""
    sheet, rows = draft.sheet, total_rows(draft)
    draft.make_room(len(rows) * ROW + 12)
    x0, top = sheet.left + 265, draft.y
    bottom, y = top + len(rows) * ROW + 8, top + 14
    for label, amount, asked in rows:
        if asked:
            sheet.box(x0, y - 11, sheet.right, y + 5, fill="#e4e8ee", stroke=None)
        sheet.text(x0 + 8, y, label, bold=asked)
        sheet.text(sheet.right - 8, y, draft.money(amount), bold=asked, align="right")
        y += ROW
    sheet.box(x0, top, sheet.right, bottom)
    draft.y = y + 14


def lines_right(draft: Draft) -> None:
    """Write the sums right-aligned without a frame, a double rule under the one that is asked for."""
    sheet, rows = draft.sheet, total_rows(draft)
    draft.make_room(len(rows) * ROW + 12)
    for label, amount, asked in rows:
        sheet.text(sheet.right - 110, draft.y + 4, label, align="right", bold=asked)
        sheet.text(sheet.right - 4, draft.y + 4, draft.money(amount), align="right", bold=asked)
        if asked:
            sheet.rule(sheet.right - 105, draft.y + 8, sheet.right)
            sheet.rule(sheet.right - 105, draft.y + 10, sheet.right)
        draft.y += ROW
    draft.y += 16


def with_breakdown(draft: Draft) -> None:
    """Write the VAT breakdown as a small table at the left and the sums at the right."""
    sheet, words, bill = draft.sheet, draft.words, draft.bill
    draft.make_room(SUMS_HEIGHT)
    top, columns = draft.y, (sheet.left + 4, sheet.left + 120, sheet.left + 200)
    for x, key, align in zip(columns, ("vat_rate", "vat_base", "vat_total"), ("left", "right", "right"), strict=True):
        sheet.text(x, top + 4, words.label(key), size=8, bold=True, align="right" if align == "right" else "left")
    sheet.rule(sheet.left, top + 8, sheet.left + 204, weight=0.5, colour=GREY)
    y = top + 20
    for line in bill.vat_lines():
        sheet.text(columns[0], y, f"{words.rate(line.rate)} %", size=8)
        sheet.text(columns[1], y, words.amount(line.base), size=8, align="right")
        sheet.text(columns[2], y, words.amount(line.tax), size=8, align="right")
        y += 12
    lines_right(draft)
    draft.y = max(draft.y, y + 8)


def row(draft: Draft) -> None:
    """Write the sums as one row of boxes, each amount right under its label."""
    _row(draft, apart=False)


def row_apart(draft: Draft) -> None:
    """Write the sums as one row of boxes, labels at the left edge of theirs and amounts at the right."""
    _row(draft, apart=True)


def _row(draft: Draft, *, apart: bool) -> None:
    """Write the row; what was paid or taken off stands in a line before it."""
    sheet = draft.sheet
    draft.make_room(80)
    for label, amount in [(label, amount) for label, amount, asked in total_rows(draft) if amount < 0 and not asked]:
        sheet.text(sheet.left + 4, draft.y + 4, f"{label}: {draft.money(amount)}")
        draft.y += ROW
    boxes = _boxes(draft)
    width = (sheet.right - sheet.left) / len(boxes)
    for index, (label, amount) in enumerate(boxes):
        x0, last = sheet.left + index * width, index == len(boxes) - 1
        right = x0 + width - 6
        sheet.box(x0, draft.y, x0 + width, draft.y + 34, fill="#dce6f2" if last else None)
        sheet.text(x0 + 6 if apart else right, draft.y + 12, label, size=7.5, align="left" if apart else "right")
        sheet.text(right, draft.y + 27, draft.money(amount), size=10, bold=last, align="right")
    draft.y += 54


def _boxes(draft: Draft) -> list[tuple[str, Decimal]]:
    totals, label = draft.bill.totals(), draft.words.label
    boxes = [(label("net"), totals.net), (label("vat_total"), totals.vat), (label("gross"), totals.gross)]
    payable = draft.show_payable or bool(totals.prepaid)
    return [*boxes, (label("payable"), totals.payable)] if payable else boxes
