"""What a reader has found so far: fields with their evidence, and its doubts."""

from collections.abc import Iterable

from agents.extraction import values
from agents.extraction.official.submission import Submission
from agents.extraction.values import Canonical
from schemas.evidence import PAYMENT_CRITICAL, CreditTransfer, ExtractedInvoice, Field, FieldName, Lane, Source
from schemas.finding import Finding, Severity
from schemas.invoice import InvoiceLine, VatBreakdown

# An invoice of more lines fits no message; it is then read without any, because half of the lines add up to nothing.
LINES_MAX = 1_000
VAT_BREAKDOWN_MAX = 200
CREDIT_TRANSFERS_MAX = 50
FINDINGS_MAX = 100
RAW_LENGTH_MAX = 500  # enough to find it again in the document

# A value of these that cannot be understood makes the document doubtful; the others are left out with a warning.
_MATTERS: frozenset[FieldName] = frozenset({
    *PAYMENT_CRITICAL,
    "invoice_issue_date",
    "payment_due_date",
    "invoice_total_amount_without_vat",
    "invoice_total_vat_amount",
    "invoice_total_amount_with_vat",
    "paid_amount",
    "rounding_amount",
})  # fmt: skip


class Draft:
    """Collects the values of one document; `finished` makes them immutable."""

    def __init__(self, source: Source, confidence: float) -> None:
        """Name the source and how far its values can be trusted."""
        self.fields: dict[FieldName, Field] = {}
        self.transfers: list[CreditTransfer] = []
        self.vat_breakdown: list[VatBreakdown] = []
        self.lines: list[InvoiceLine] = []
        self.submission: Submission | None = None  # what the official rules are to see, where it was XML
        self._findings: list[Finding] = []
        self._source = source
        self._confidence = confidence

    def put(self, name: FieldName, raw: str | None, canonical: Canonical = values.code) -> str | None:
        """Take a value where there is one; return its canonical form. The first value of a name stays."""
        if raw is None or name in self.fields:
            return None
        value = canonical(raw)
        kept = raw[:RAW_LENGTH_MAX]
        confidence = self._confidence if value is not None else 0.0
        self.fields[name] = Field(value=value, raw=kept, confidence=confidence, source=self._source)
        if value is None:
            self._not_understood(name, kept)
        return value

    def put_one(self, name: FieldName, raws: Iterable[str], canonical: Canonical, doubt: str) -> str | None:
        """Take a value that a document can have only once: two different ones are none, and a doubt."""
        found = list(raws)
        if len({canonical(raw) for raw in found}) < 2:
            return self.put(name, next(iter(found), None), canonical)
        self.fields[name] = Field(raw=" | ".join(found)[:RAW_LENGTH_MAX], source=self._source)
        self.find(doubt, f"the document gives {len(found)} different values", name)
        return None

    def value(self, name: FieldName) -> str | None:
        """Return the canonical value found so far."""
        field = self.fields.get(name)
        return field.value if field else None

    def find(self, rule: str, message: str, *fields: FieldName, severity: Severity = "error") -> None:
        """Note a doubt, once."""
        finding = Finding(rule=rule, severity=severity, message=message, fields=fields)
        if finding not in self._findings and len(self._findings) < FINDINGS_MAX:
            self._findings.append(finding)

    def _not_understood(self, name: FieldName, raw: str) -> None:
        if name in _MATTERS:
            self.find("VALUE-UNPARSABLE", f"not understood: {raw[:80]!r}", name)
        else:
            self.find("VALUE-IGNORED", f"not understood: {raw[:80]!r}", name, severity="warning")

    def finished(self, lane: Lane, media_type: str, pages: int) -> ExtractedInvoice:
        """Return what was found as one immutable value."""
        return ExtractedInvoice(
            lane=lane,
            media_type=media_type,
            pages=pages,
            fields=self.fields,
            credit_transfers=tuple(self.transfers[:CREDIT_TRANSFERS_MAX]),
            vat_breakdown=tuple(self.vat_breakdown[:VAT_BREAKDOWN_MAX]),
            lines=tuple(self.lines),
            findings=tuple(self._findings),
        )
