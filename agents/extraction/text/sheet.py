"""The sheet on which a reader writes down what it found: one value a field, with its evidence, and its doubts."""

from schemas.base import TEXT_LENGTH_MAX, Code
from schemas.evidence import Box, CreditTransfer, ExtractedInvoice, Field, FieldName
from schemas.finding import Finding, Severity
from schemas.invoice import InvoiceLine, VatBreakdown


class Sheet:
    """Collects fields and findings of one document. The first value of a field stays."""

    def __init__(self, confidence_max: float) -> None:
        """Cap every confidence, for layers of text that were not set by the issuer."""
        self._confidence_max = confidence_max
        self._fields: dict[FieldName, Field] = {}
        self._findings: dict[str, Finding] = {}
        self._transfers: list[CreditTransfer] = []

    def put(self, name: FieldName, value: str | None, raw: str, page: int, box: Box, confidence: float) -> None:
        """Write down a value; None says that something stands there which cannot be believed."""
        self._fields.setdefault(name, self._field(value, raw, page, box, confidence))

    def correct(self, name: FieldName, value: str, raw: str, page: int, box: Box, confidence: float) -> None:
        """Write down a value in place of the one that is there."""
        self._fields[name] = self._field(value, raw, page, box, confidence)

    def _field(self, value: str | None, raw: str, page: int, box: Box, confidence: float) -> Field:
        sure = round(min(confidence, self._confidence_max), 3) if value is not None else 0.0
        return Field(value=value, raw=raw[:TEXT_LENGTH_MAX], confidence=sure, page=page, box=box, source="text")

    def find(self, rule: str, message: str, *fields: FieldName, severity: Severity = "error") -> None:
        """Note a finding; the first of a rule stays."""
        self._findings.setdefault(rule, Finding(rule=rule, severity=severity, message=message, fields=fields))

    def offer(self, transfer: CreditTransfer) -> None:
        """Note a way to pay that the document offers."""
        self._transfers.append(transfer)

    def offer_also(self, transfer: CreditTransfer) -> None:
        """Note a way to pay, unless its account is offered already."""
        if all(known.account_identifier != transfer.account_identifier for known in self._transfers):
            self._transfers.append(transfer)

    def value(self, name: FieldName) -> str | None:
        """Return what is written down for a field."""
        found = self._fields.get(name)
        return found.value if found is not None else None

    def confidence(self, name: FieldName) -> float:
        """Return how sure the field's value is; 0 where none is written down."""
        found = self._fields.get(name)
        return found.confidence if found is not None else 0.0

    def rules(self) -> frozenset[str]:
        """Return the rules noted so far."""
        return frozenset(self._findings)

    def named_by(self, rule: str) -> tuple[str, ...]:
        """Return the fields that a rule has named; none where it was not noted."""
        found = self._findings.get(rule)
        return found.fields if found is not None else ()

    def finished(
        self,
        media_type: str,
        pages: int,
        lines: tuple[InvoiceLine, ...] = (),
        breakdown: tuple[VatBreakdown, ...] = (),
        layout: Code | None = None,
    ) -> ExtractedInvoice:
        """Return everything as one immutable value; `layout` is the sketch of the pages."""
        return ExtractedInvoice(
            lane="text",
            media_type=media_type,
            pages=pages,
            fields=self._fields,
            credit_transfers=tuple(self._transfers),
            vat_breakdown=breakdown,
            lines=lines,
            findings=tuple(self._findings.values()),
            layout=layout,
        )
