"""Values by their place: what stands behind, right of or below a label that somebody has shown, and the other way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from agents.extraction.text.accounts.iban import is_valid, length_of
from agents.extraction.text.accounts.printed import Printed, find_accounts
from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.beside import Beside, cells_below, stretch
from agents.extraction.text.currencies import code_of, is_currency_word
from agents.extraction.text.dates import Dated, is_date
from agents.extraction.text.geometry import overlap
from agents.extraction.text.identifiers import Identifier, vat_identifiers
from agents.extraction.text.labels import Label, Labels, spelled
from agents.extraction.text.layout import Cell, Layout, Placed, box_of
from schemas.evidence import Box, FieldName
from schemas.money import plain
from schemas.release import LABEL_LENGTH_MAX, Anchor, Direction, Zone

DATES: frozenset[FieldName] = frozenset({"invoice_issue_date", "payment_due_date"})
AMOUNTS: frozenset[FieldName] = frozenset({
    "amount_due_for_payment", "invoice_total_amount_with_vat", "invoice_total_amount_without_vat",
    "invoice_total_vat_amount", "paid_amount", "rounding_amount", "sum_of_invoice_line_net_amount",
})  # fmt: skip
NAMES: frozenset[FieldName] = frozenset({"seller_name", "buyer_name", "payee_name", "payment_account_name"})
VAT: frozenset[FieldName] = frozenset({"seller_vat_identifier", "buyer_vat_identifier"})
NUMBERS: frozenset[FieldName] = frozenset({
    "invoice_number", "purchase_order_reference", "buyer_reference", "remittance_information",
    "seller_legal_registration_identifier", "buyer_legal_registration_identifier",
    "seller_tax_registration_identifier", "preceding_invoice_reference",
})  # fmt: skip
CENT = Decimal("0.01")
WHOLE: Zone = (0.0, 0.0, 1.0, 1.0)
# A label has at most this many words.
LABEL_WORDS_MAX = 6
# Between the label and its value lie at most so many characters: a currency, a mark.
BETWEEN_CHARACTERS_MAX = 12
_NUMBER = re.compile(r"(?:[A-Za-z]{1,8}[-/.]? )?[^\W_][\w./\\\-–+:#&]*")
_MONEY = re.compile(r"\d{1,3}(?:[., ]\d{3})*[.,]\d{2}$")
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")
_TRAILING = ".,;:)]}-–'\""


_T = TypeVar("_T", bound=Placed)


@dataclass(frozen=True, slots=True)
class Value:
    """A value in its canonical form, and where it stands."""

    value: str
    raw: str
    page: int
    box: Box


@dataclass(frozen=True)
class Readings:
    """What is known of a document's visible words before anything is remembered."""

    layout: Layout
    labels: Labels
    amounts: tuple[Amount, ...]
    dates: tuple[Dated, ...]

    @cached_property
    def accounts(self) -> tuple[Printed, ...]:
        """Return the accounts whose check digits hold."""
        return tuple(one for one in find_accounts(self.layout, self.labels) if one.valid)

    @cached_property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Return the VAT ids."""
        return tuple(vat_identifiers(self.layout, self.labels))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A label by which a value can be found on a page, and where the value's middle is, as shares of the page."""

    label: str
    direction: Direction
    x: float
    y: float


def values(readings: Readings, anchor: Anchor) -> list[Value]:
    """Return the different values that an anchor finds: more than one is none."""
    found: dict[str, Value] = {}
    for label in _named(readings.layout, tuple(anchor.label.split(" "))):
        for place in _places(readings.layout, label, anchor.direction):
            value = value_at(readings, place, anchor.field)
            if value is not None and _is_within(readings.layout, value, anchor.zone):
                found.setdefault(value.value, value)
    return list(found.values())


def sightings(readings: Readings, field: FieldName, right: str) -> list[Sighting]:
    """Return the labels by which the right value, and no other, is found on the pages."""
    found: dict[tuple[str, Direction], Sighting] = {}
    for cell in readings.layout.cells():
        at = _begins(readings, cell, field, right)
        if at is None:
            continue
        for label, direction in _callers(readings.layout, cell, at):
            anchor = Anchor(layout="", field=field, label=label, direction=direction, zone=WHOLE)
            told = values(readings, anchor)
            if [one.value for one in told] == [right]:
                found.setdefault((label, direction), Sighting(label, direction, *_middle(readings.layout, told[0])))
    return list(found.values())


def value_at(readings: Readings, place: Beside, field: FieldName) -> Value | None:
    """Return the value of the field's type with which a stretch of text begins; None where it begins otherwise."""
    if field in DATES:
        day = _first(place, readings.dates)
        return _value(day.value.isoformat(), day) if day is not None and day.value is not None else None
    if field in AMOUNTS:
        amount = _first(place, readings.amounts)
        return _value(plain(amount.value.quantize(CENT)), amount) if amount is not None else None
    if field == "payment_account_identifier":
        account = _first(place, readings.accounts)
        return _value(account.value, account) if account is not None else None
    if field in VAT:
        identifier = _first(place, readings.identifiers)
        return _value(identifier.value, identifier) if identifier is not None else None
    return _worded(place, field)


def _worded(place: Beside, field: FieldName) -> Value | None:
    """Return a name, a code or a number: what has no reader of its own."""
    text = place.text
    if field in NAMES:
        return _stretch_of(place, text, text) if any(map(str.isalpha, text)) else None
    first = text.split(" ", 1)[0].strip("()[].,:;")
    if field == "invoice_currency_code":
        code = code_of(first)
        return _stretch_of(place, first, code) if code else None
    if field == "payment_service_provider_identifier":
        bank = _BIC.match(first)
        return _stretch_of(place, first, first) if bank and length_of(bank[1]) is not None else None
    match = _NUMBER.match(text) if field in NUMBERS and not is_date(text) else None
    value = match.group().rstrip(_TRAILING) if match else ""
    if not any(map(str.isdigit, value)) or _MONEY.match(value) or is_valid(re.sub(r"\W", "", value).upper()):
        return None
    return _stretch_of(place, value, value)


def _first(place: Beside, found: Iterable[_T]) -> _T | None:
    """Return what stands first at or right behind the beginning of a stretch."""
    if not place.text:
        return None
    left = place.words(1)[0].left
    behind = [one for one in found if one.cell is place.cell and one.words[0].left >= left - 0.5]
    near = min(behind, key=lambda one: one.words[0].left, default=None)
    if near is None:
        return None
    between = sum(word.left < near.words[0].left - 0.5 for word in place.words(BETWEEN_CHARACTERS_MAX + 1))
    return near if between <= 1 else None


def _value(value: str, at: Placed) -> Value:
    return Value(value, at.raw, at.page, at.box)


def _stretch_of(place: Beside, raw: str, value: str) -> Value:
    return Value(value, raw, place.cell.page, box_of(place.words(len(raw))))


def _named(layout: Layout, wanted: tuple[str, ...]) -> Iterator[Label]:
    """Yield where the folded words of a label stand in one cell, one behind another."""
    for cell in layout.cells():
        stream = _stream(cell)
        words = tuple(token for token, _, _ in stream)
        for at in range(len(words) - len(wanted) + 1):
            if words[at : at + len(wanted)] == wanted:
                start, end = stream[at][1], stream[at + len(wanted) - 1][2]
                span = cell.span(start, end)
                yield Label(frozenset(), cell, start, end, span[0].left, span[-1].right, len(wanted))


def _places(layout: Layout, label: Label, direction: Direction) -> Iterator[Beside]:
    match direction:
        case "inline":
            yield stretch(label.cell, label.end, "behind")
        case "right":
            cells = layout.lines[label.line].cells
            after = cells[cells.index(label.cell) + 1 :][:1]
            yield from (stretch(cell, 0, "right") for cell in after)
        case "below":
            yield from (stretch(cell, 0, "below") for cell in cells_below(layout, label))


def _stream(cell: Cell) -> list[tuple[str, int, int]]:
    return [
        (token, cell.starts[index] + start, cell.starts[index] + end)
        for index, word in enumerate(cell.words)
        for token, start, end in spelled(word.text)
    ]


def _begins(readings: Readings, cell: Cell, field: FieldName, right: str) -> int | None:
    """Return at which character of a cell the right value begins, or None."""
    starts = (
        start
        for start in reversed(cell.starts)
        if (value := value_at(readings, stretch(cell, start, "behind"), field)) is not None and value.value == right
    )
    return next(starts, None)


def _callers(layout: Layout, cell: Cell, at: int) -> Iterator[tuple[str, Direction]]:
    """Yield what may name a value that begins at a character of a cell: words before it, left of it, above it."""
    before = [token for token, _, end in _stream(cell) if end <= at]
    if before:
        yield from ((label, "inline") for label in _labels(before))
        return
    line = layout.lines[cell.line]
    index = line.cells.index(cell)
    if index:
        yield from ((label, "right") for label in _labels(_tokens(line.cells[index - 1])))
    for above in layout.lines[max(cell.line - 3, 0) : cell.line]:
        for other in above.cells:
            if other.page == cell.page and overlap(other.left, other.right, cell.left, cell.right) > 0:
                yield from ((label, "below") for label in _labels(_tokens(other)))


def _tokens(cell: Cell) -> list[str]:
    return [token for token, _, _ in _stream(cell)]


def _labels(tokens: list[str]) -> Iterator[str]:
    """Yield the last words of a text without digits, as one label, if they are one: a currency names nothing."""
    last: list[str] = []
    for token in reversed(tokens[-LABEL_WORDS_MAX:]):
        if any(map(str.isdigit, token)) or is_currency_word(token.upper()):
            break
        last.insert(0, token)
    label = " ".join(last)
    if any(map(str.isalpha, label)) and len(label) <= LABEL_LENGTH_MAX:
        yield label


def _middle(layout: Layout, value: Value) -> tuple[float, float]:
    """Return the middle of a value as shares of its page."""
    width, height = layout.sizes[value.page]
    left, top, right, bottom = value.box
    return _share((left + right) / 2, width), _share((top + bottom) / 2, height)


def _share(part: float, whole: float) -> float:
    return round(min(max(part / (whole or 1.0), 0.0), 1.0), 4)


def _is_within(layout: Layout, value: Value, zone: Zone) -> bool:
    x, y = _middle(layout, value)
    left, top, right, bottom = zone
    return left <= x <= right and top <= y <= bottom
