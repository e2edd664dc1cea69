"""The lines of an invoice as a table that may run over several pages."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.local.samples.bill import ZERO, BillLine
from app.local.samples.pages.draft import Draft
from app.local.samples.pages.sheet import GREY, Align

ROW = 17.0
# A page ends early enough to carry the sum over.
CARRY = 34.0


@dataclass(frozen=True)
class Column:
    """One column: the key of its heading, its share of the width, and what stands in it."""

    key: str
    share: float
    align: Align
    value: Callable[[Draft, int, BillLine], str]


POSITION = Column("position", 0.07, "left", lambda _, index, __: str(index))
DESCRIPTION = Column("description", 0.43, "left", lambda _, __, line: line.name)
QUANTITY = Column("quantity", 0.10, "right", lambda draft, _, line: draft.words.quantity(line.quantity))
UNIT = Column("unit", 0.08, "left", lambda draft, _, line: draft.words.language.units[line.unit])
PRICE = Column("unit_price", 0.16, "right", lambda draft, _, line: draft.words.amount(line.unit_price))
RATE = Column("vat_rate", 0.10, "right", lambda draft, _, line: f"{draft.words.rate(line.vat_rate)} %")
AMOUNT = Column("amount", 0.17, "right", lambda draft, _, line: draft.words.amount(line.net_amount))
MONEY = Column("amount", 0.19, "right", lambda draft, _, line: draft.money(line.net_amount))

FULL = (POSITION, DESCRIPTION, QUANTITY, UNIT, PRICE, RATE, AMOUNT)
SHORT = (DESCRIPTION, QUANTITY, PRICE, AMOUNT)
RATED = (DESCRIPTION, QUANTITY, PRICE, RATE, MONEY)
QUANTITY_FIRST = (QUANTITY, UNIT, DESCRIPTION, PRICE, AMOUNT)


@dataclass(frozen=True)
class Table:
    """A way to draw the lines; calling it draws them."""

    columns: tuple[Column, ...]
    ruled: bool = False
    zebra: bool = False
    tinted_head: bool = False

    def __call__(self, draft: Draft) -> None:
        """Draw heading and rows, with the sum carried over at each page break."""
        self._heading(draft)
        carried = ZERO
        for index, line in enumerate(draft.bill.lines, start=1):
            if draft.y + ROW + CARRY > 770:
                self._carry(draft, carried)
            self._row(draft, index, line)
            carried += line.net_amount
        draft.sheet.rule(draft.sheet.left, draft.y - 10, draft.sheet.right)
        draft.y += 8

    def _spans(self, draft: Draft) -> list[tuple[Column, float, float]]:
        """Return each column with its left and right x, the shares scaled to the width of the sheet."""
        sheet, whole = draft.sheet, sum(column.share for column in self.columns)
        spans, x = [], sheet.left
        for column in self.columns:
            width = (sheet.right - sheet.left) * column.share / whole
            spans.append((column, x + 4, x + width - 4))
            x += width
        return spans

    def _heading(self, draft: Draft) -> None:
        sheet, y = draft.sheet, draft.y
        if self.tinted_head:
            sheet.box(sheet.left, y - 11, sheet.right, y + 6, fill="#e4e8ee", stroke=None)
        for column, x0, x1 in self._spans(draft):
            words = draft.words.label(column.key)
            sheet.text(x1 if column.align == "right" else x0, y, words, size=8, bold=True, align=column.align)
        sheet.rule(sheet.left, y + 6, sheet.right, weight=0.8)
        draft.y += ROW + 3

    def _row(self, draft: Draft, index: int, line: BillLine) -> None:
        sheet, y = draft.sheet, draft.y
        if self.zebra and index % 2 == 0:
            sheet.box(sheet.left, y - 11, sheet.right, y + 6, fill="#f4f4f4", stroke=None)
        for column, x0, x1 in self._spans(draft):
            words = column.value(draft, index, line)
            sheet.text(x1 if column.align == "right" else x0, y, words, align=column.align)
        draft.y += ROW
        if line.allowance:
            self._allowance(draft, line.allowance)
        if self.ruled:
            sheet.rule(sheet.left, draft.y - 11, sheet.right, weight=0.25, colour=GREY)

    def _allowance(self, draft: Draft, allowance: Decimal) -> None:
        """Write what was taken off the line under its description."""
        x0 = next(x for column, x, _ in self._spans(draft) if column.key == "description")
        words = f"{draft.words.language.allowances[0]}: -{draft.words.amount(allowance)}"
        draft.sheet.text(x0 + 8, draft.y - 5, words, size=7.5, colour=GREY)
        draft.y += 8

    def _carry(self, draft: Draft, carried: Decimal) -> None:
        """Write the sum so far at the foot of the page and at the head of the next."""
        sheet = draft.sheet
        sheet.text(sheet.left + 4, draft.y, draft.words.label("carried_over"), bold=True)
        sheet.text(sheet.right - 4, draft.y, draft.words.amount(carried), align="right", bold=True)
        sheet.new_page()
        draft.y = 70
        self._heading(draft)
        sheet.text(sheet.left + 4, draft.y, draft.words.label("brought_forward"), bold=True)
        sheet.text(sheet.right - 4, draft.y, draft.words.amount(carried), align="right", bold=True)
        draft.y += ROW
