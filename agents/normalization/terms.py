"""The fields of an extracted invoice, asked for by name and kind; what does not parse is noted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from agents.normalization import values
from schemas.evidence import ExtractedInvoice, FieldName
from schemas.finding import Finding

V = TypeVar("V")


class Terms:
    """Answers with typed values and collects a finding for each that is there and cannot be understood."""

    def __init__(self, extracted: ExtractedInvoice) -> None:
        """Name the document that is asked."""
        self._extracted = extracted
        self._findings: dict[str, Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return one finding for each name that did not parse."""
        return tuple(self._findings.values())

    def text(self, name: FieldName) -> str | None:
        """Return free text."""
        return self.take(name, self._extracted.value(name), values.text)

    def code(self, name: FieldName) -> str | None:
        """Return an identifier or code."""
        return self.take(name, self._extracted.value(name), values.code)

    def money(self, name: FieldName) -> Decimal | None:
        """Return a sum."""
        return self.take(name, self._extracted.value(name), values.money)

    def day(self, name: FieldName) -> date | None:
        """Return a date."""
        return self.take(name, self._extracted.value(name), values.day)

    def currency(self, name: FieldName) -> str | None:
        """Return a currency code."""
        return self.take(name, self._extracted.value(name), values.currency)

    def country(self, name: FieldName) -> str | None:
        """Return a country code."""
        return self.take(name, self._extracted.value(name), values.country)

    def take(self, name: FieldName, value: str | None, parse: Callable[[str], V | None]) -> V | None:
        """Return what a value means; an empty one is absent, one that means nothing is a finding."""
        if value is None or not value.strip():
            return None
        parsed = parse(value)
        if parsed is None:
            message = f"not understood: {value[:80]!r}"
            finding = Finding(rule="VALUE-UNPARSABLE", severity="error", message=message, fields=(name,))
            self._findings.setdefault(name, finding)
        return parsed
