"""Line items (BG-25) of a table whose headings we know, where the arithmetic proves every one of them.

A row is an item where its numbers hold a quantity, a price and an amount, in the order of the headings, with quantity
times price the amount. The items are the document's where they add up to a sum of lines that it
states. Where either fails,
there are no lines: half of them, or wrong ones, would be worse than none. Nothing of a payment rests on them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from agents.extraction.draft import LINES_MAX
from agents.extraction.text.amounts import notation
from agents.extraction.text.columns import column_names
from agents.extraction.text.layout import Cell, Layout, Line
from agents.extraction.text.lexicon import tokens
from schemas.invoice import InvoiceLine

CENT = Decimal("0.01")
# A row of more numbers than these is no row of items (dates, meter readings); it bounds the search for the three.
NUMBERS_MAX = 12
_THREE = ["amount", "price", "quantity"]
_CENTS = frozenset({-2, -3, -4})
ITEM_NAME_LENGTH_MAX = 120
# VAT rates in Europe end at 27 %; a greater percentage is a discount or a share.
RATE_MAX = Decimal(27)
# Headings may be broken over so many lines: `Unit` above `price`.
HEADING_LINES_MAX = 2
# A column's name has at most so many words: `Cena jednostkowa netto` has three.
NAME_WORDS_MAX = 3
_KNOWN_MIN = 3
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_LETTERS_MIN = 2


@dataclass(frozen=True, slots=True)
class _Heading:
    """The name of a column, and the middle of it in points from the left."""

    column: str
    middle: float


Order = tuple[_Heading, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The headings of a table from left to right, and the last line on which they stand."""

    headings: tuple[_Heading, ...]
    last_line: int

    def orders(self) -> tuple[Order, ...]:
        """Return in which orders quantity, price and amount may stand: several, where two columns are amounts."""
        return tuple(three for three in combinations(self._resolved(), 3) if sorted(h.column for h in three) == _THREE)

    def is_known(self) -> bool:
        """Tell whether enough of the headings are understood."""
        return len({heading.column for heading in self.headings}) >= _KNOWN_MIN and bool(self.orders())

    def _resolved(self) -> Iterator[_Heading]:
        """Yield the headings with those decided that depend on the others.

        `Hours, Rate, Amount` has a rate for a price, `Amount, Product, Price, Total` an amount for a quantity.
        """
        columns = [heading.column for heading in self.headings]
        first_amount = columns.index("amount") if "quantity" not in columns and columns.count("amount") > 1 else -1
        for index, heading in enumerate(self.headings):
            if index == first_amount:
                yield replace(heading, column="quantity")
            elif heading.column == "either" and "price" not in columns:
                yield replace(heading, column="price")
            else:
                yield heading


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    has_cents: bool
    middle: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """Quantity, price and amount of a row, and how far they stand from their headings, in points."""

    quantity: Decimal
    price: Decimal
    amount: Decimal
    distance: float


def find_lines(layout: Layout, sums: Collection[Decimal]) -> tuple[InvoiceLine, ...]:
    """Return the items, or none where they are not proven.

    Args:
        layout: the document.
        sums: what the document states as its total without VAT (BT-109) or as the sum of its lines (BT-106); the items
            must add up to one of them.
    """
    found = list(_rows(layout, _tables(layout))) if sums else []
    if not 0 < len(found) <= LINES_MAX or sum(item.invoice_line_net_amount or 0 for item in found) not in sums:
        return ()
    return tuple(item.model_copy(update={"line_identifier": str(i)}) for i, item in enumerate(found, start=1))


def _tables(layout: Layout) -> list[_Table]:
    """Return the headings of tables of items, in reading order; a table may be headed anew on each page."""
    found: list[_Table] = []
    named = [_headings(line) for line in layout.lines]
    for line in layout.lines:
        if found and line.index <= found[-1].last_line:
            continue
        for end in range(line.index + 1, min(line.index + HEADING_LINES_MAX, len(named)) + 1):
            headings = (heading for one in named[line.index : end] for heading in one)
            table = _Table(tuple(sorted(headings, key=lambda heading: heading.middle)), end - 1)
            if table.is_known():
                found.append(table)
                break
    return found


def _headings(line: Line) -> tuple[_Heading, ...]:
    """Return what a line names as columns; a line with sums in it is no heading."""
    found = tuple(heading for cell in line.cells for heading in _names(cell))
    return () if found and any(number.has_cents for number in _row_numbers(line, None)) else found


def _names(cell: Cell) -> Iterator[_Heading]:
    """Yield the columns that a cell names, the longest names first: a cell may hold several, or a part of one."""
    words = [(token, (word.left + word.right) / 2) for word in cell.words for token in tokens(word.text)]
    names, at = column_names(), 0
    while at < len(words):
        for length in range(min(NAME_WORDS_MAX, len(words) - at), 0, -1):
            column = names.get(tuple(token for token, _ in words[at : at + length]))
            if column is not None:
                yield _Heading(column, (words[at][1] + words[at + length - 1][1]) / 2)
                at += length
                break
        else:
            at += 1


def _rows(layout: Layout, tables: list[_Table]) -> Iterator[InvoiceLine]:
    """Yield the item of each row below the headings that is one."""
    mark = notation.decimal_mark(n.digits for cell in layout.cells() for n in notation.written(cell.text))
    starts = {table.last_line + 1: table for table in tables}
    current: _Table | None = None
    for above, line, below in zip((None, *layout.lines), layout.lines, (*layout.lines[1:], None), strict=False):
        current = starts.get(line.index, current)
        item = _item(line, (above, below), current, mark) if current else None
        if item is not None:
            yield item


def _item(line: Line, around: tuple[Line | None, Line | None], table: _Table, mark: str | None) -> InvoiceLine | None:
    """Return the item that a row is, if it is one; `around` are the lines above and below it."""
    numbers = _row_numbers(line, mark)
    if not _KNOWN_MIN <= len(numbers) <= NUMBERS_MAX:
        return None
    percents = [Decimal(found.replace(",", ".")) for cell in line.cells for found in _PERCENT.findall(cell.text)]
    allowance = _allowance(around[1], mark)
    readings = [
        reading
        for order in table.orders()
        for chosen in combinations(numbers, 3)
        if (reading := _proven(order, chosen, allowance)) is not None
    ]
    if not readings:
        return None
    best = min(readings, key=lambda reading: reading.distance)
    return InvoiceLine(
        item_name=_name(line, around[0]),
        invoiced_quantity=best.quantity,
        item_net_price=best.price,
        invoiced_item_vat_rate=percents[0] if len(percents) == 1 and percents[0] <= RATE_MAX else None,
        invoice_line_net_amount=best.amount,
    )


def _row_numbers(line: Line, mark: str | None) -> list[_Number]:
    return [number for cell in line.cells for number in _numbers(cell, mark)]


def _allowance(below: Line | None, mark: str | None) -> Decimal | None:
    """Return what the line below a row takes off it: one negative sum and no other number."""
    numbers = _row_numbers(below, mark) if below else []
    return numbers[0].value if len(numbers) == 1 and numbers[0].value < 0 else None


def _numbers(cell: Cell, mark: str | None) -> Iterator[_Number]:
    for found in notation.written(cell.text):
        value = notation.parse(found.digits, mark)
        if value is not None:
            words = cell.span(found.start, found.end)
            signed = -value if found.negative else value
            yield _Number(signed, value.as_tuple().exponent in _CENTS, (words[0].left + words[-1].right) / 2)


def _proven(order: Order, chosen: tuple[_Number, ...], allowance: Decimal | None) -> _Reading | None:
    """Return the reading where three numbers are an item: money has cents, and the amount follows."""
    named = {heading.column: number for heading, number in zip(order, chosen, strict=True)}
    quantity, price, amount = named["quantity"], named["price"], named["amount"]
    if not (price.has_cents and amount.has_cents) or not quantity.value or not amount.value:
        return None
    missing = amount.value - quantity.value * price.value
    if abs(missing) >= CENT and (allowance is None or abs(missing - allowance) >= CENT):
        return None
    distance = sum(abs(heading.middle - number.middle) for heading, number in zip(order, chosen, strict=True))
    return _Reading(quantity.value, price.value, amount.value, distance)


def _name(line: Line, before: Line | None) -> str | None:
    """Return the row's longest words; where it has none, those right above it."""
    for candidate in (line, before):
        texts = [cell.text for cell in candidate.cells if _is_words(cell.text)] if candidate else []
        if texts:
            return max(texts, key=len)[:ITEM_NAME_LENGTH_MAX]
    return None


def _is_words(text: str) -> bool:
    """Tell whether a cell is words: more letters than a unit has."""
    return sum(character.isalpha() for character in text) > _LETTERS_MIN
