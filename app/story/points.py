"""One value that was read, in one line: what it is, where it stands, how certain it is, and what agrees."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from app.story import words
from app.story.masking import Mask
from schemas.evidence import ExtractedInvoice, Field, FieldName
from schemas.money import parse_money

# UNTDID 1001 and 4461: only codes that stand on many invoices are put into words; the others are numbers to anybody.
_TYPES = {"380": "commercial invoice", "381": "credit note", "384": "corrected invoice", "326": "partial invoice"}
_MEANS = {
    "30": "credit transfer", "31": "debit transfer", "42": "payment to a bank account", "48": "card",
    "49": "direct debit", "57": "standing agreement", "58": "SEPA credit transfer", "59": "SEPA direct debit",
}  # fmt: skip
T = TypeVar("T")

_CODES = {"invoice_type_code": _TYPES, "payment_means_type_code": _MEANS}


class Points:
    """The values of one document; what all of them share is said once."""

    def __init__(self, read: ExtractedInvoice, mask: Mask) -> None:
        """Look at what the values have in common."""
        self._read = read
        self._mask = mask
        stated = [field for field in read.fields.values() if field.value is not None]
        self._source: str | None = _only([field.source for field in stated])
        self._certain = _only([field.confidence for field in stated])
        self._has_boxes = any(field.box is not None for field in stated)

    def common(self) -> str:
        """Return what is true of every value, to be said before them; empty where they have nothing in common."""
        certain = f", each {words.percent(self._certain)} certain" if self._certain is not None else ""
        told = f" All values were read from {words.source(self._source)}{certain}." if self._source else ""
        boxes = " Places are in points: from left to right × from top to bottom." if self._has_boxes else ""
        return told + boxes

    def of(self, name: FieldName) -> str:
        """Return the line of one value."""
        field, label = self._read.field(name), words.term(name)
        if field.value is None:
            return f"{label}: the document does not say"
        printed = f", printed as {self._mask(words.quoted(field.raw))}" if field.raw and self._differs(field) else ""
        whence = "; ".join(self._whence(field))
        return f"{label}: {self._value(name, field.value)}{printed}{f' ({whence})' if whence else ''}"

    def _value(self, name: FieldName, value: str) -> str:
        """Return a value readably: a sum with its currency, a date in words, a code with its meaning."""
        money = parse_money(value) if "amount" in name or name.startswith("sum_") else None
        if money is not None:
            return words.money(money, self._read.value("invoice_currency_code"))
        if name.endswith("_date"):
            return _day(value)
        meaning = _CODES.get(name, {}).get(value)
        text = self._mask(" ".join(value.split()))
        shown = text if len(text) <= words.QUOTED_CHARACTERS_MAX else text[: words.QUOTED_CHARACTERS_MAX - 1] + "…"
        return f"{shown} ({meaning})" if meaning else shown

    @staticmethod
    def _differs(field: Field) -> bool:
        """Tell whether the print is worth showing: blanks alone are not."""
        return "".join((field.raw or "").split()) != "".join((field.value or "").split())

    def _whence(self, field: Field) -> list[str]:
        told = [words.source(field.source)] if field.source is not None and self._source is None else []
        told += [_place(field)] if field.page is not None else []
        told += [f"{words.percent(field.confidence)} certain"] if self._certain is None else []
        if field.agrees:
            say = "says" if len(field.agrees) == 1 else "say"
            told.append(f"{words.listed(map(words.source, field.agrees))} {say} the same")
        return told


def _only(values: Sequence[T | None]) -> T | None:
    """Return the one value that all have, or None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _day(value: str) -> str:
    try:
        return words.day(date.fromisoformat(value))
    except ValueError:
        return value


def _place(field: Field) -> str:
    if field.box is None:
        return f"page {field.page}"
    left, top, right, bottom = (f"{edge:.0f}" for edge in field.box)
    return f"page {field.page}, {left}–{right} × {top}–{bottom}"
