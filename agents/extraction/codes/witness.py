"""Payment codes as witnesses: they confirm what a document says, contradict it, or say what it leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.codes.parsing import parse
from agents.extraction.codes.payment import BrokenCode, PaymentCode
from agents.extraction.codes.symbols import Symbol
from agents.extraction.sightings import masked
from schemas.evidence import Box, CreditTransfer, ExtractedInvoice, Field, FieldName
from schemas.finding import Finding
from schemas.money import plain

# Check digits of the account, error correction of the code, and the document's text say the same.
AGREED_CONFIDENCE = 0.995
# The check digits of the account and the error correction of the code, but nothing else.
ALONE_CONFIDENCE = 0.96

MISMATCH = "CODE-MISMATCH"
BROKEN = "CODE-BROKEN"
# Where the document itself is in doubt about its account, a code does not choose.
_ACCOUNT_DOUBTS = frozenset({"ACCOUNT-AMBIGUOUS", "ACCOUNT-INVALID", "ACCOUNT-CHANGE-NOTICE", "ACCOUNT-NOT-IBAN"})
# The XML of a hybrid is the invoice: it is confirmed or contradicted, never filled up.
_FILLED_LANES = frozenset({"text", "scan"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A payment code and where it stands."""

    code: PaymentCode
    page: int
    box: Box


def cross_examine(reading: ExtractedInvoice, symbols: Iterable[Symbol]) -> ExtractedInvoice:
    """Return the reading with what the payment codes among the symbols say of it.

    A value that a code confirms names it in `agrees`; one that it contradicts is left as it is, with an error that
    shows both values and both places. A code that asks for no payment says nothing.
    """
    parsed = [(parse(symbol.content), symbol) for symbol in symbols]
    seen = [Seen(code, at.page, at.box) for code, at in parsed if isinstance(code, PaymentCode)]
    findings = [_broken(code, at) for code, at in parsed if isinstance(code, BrokenCode)]
    findings += _at_odds(seen)
    fields = dict(reading.fields)
    transfers = reading.credit_transfers
    for one in seen:
        findings += _compare(fields, one)
    if seen and not findings and _lacks_account(reading):
        fields["payment_account_identifier"] = _field(seen[0], seen[0].code.account)
        transfers = (*transfers, CreditTransfer(account_identifier=seen[0].code.account))
    if seen and not findings and reading.lane in _FILLED_LANES:
        _fill(fields, seen)
    if not seen and not findings:
        return reading
    more = {"fields": fields, "credit_transfers": transfers, "findings": (*reading.findings, *dict.fromkeys(findings))}
    return reading.model_copy(update=more)


def _broken(code: BrokenCode, at: Symbol) -> Finding:
    message = f"{code.scheme} on page {at.page} at {_place(at.box)}: {code.part}: {code.detail}"
    return Finding(rule=BROKEN, severity="error", message=message, fields=("payment_account_identifier",))


def _at_odds(seen: list[Seen]) -> list[Finding]:
    """Return that the codes ask for different payments: to another account, of another sum, in another currency."""
    found: list[Finding] = []
    for other in seen[1:]:
        for name, value in _said(other.code).items():
            first = next((one for one in seen if name in _said(one.code)), other)
            if _said(first.code)[name] != value:
                message = f"{name}: {_tells(name, first)}, {_tells(name, other)}"
                found.append(Finding(rule=MISMATCH, severity="error", message=message, fields=(name,)))
    return found


def _said(code: PaymentCode) -> dict[FieldName, str]:
    """Return the payment-critical values that a code states, canonical. The sum is compared as a number."""
    said: dict[FieldName, str | None] = {
        "payment_account_identifier": code.account,
        "amount_due_for_payment": None if code.amount is None else plain(code.amount.normalize()),
        "invoice_currency_code": code.currency,
    }
    return {name: value for name, value in said.items() if value is not None}


def _compare(fields: dict[FieldName, Field], one: Seen) -> list[Finding]:
    """Mark what the code confirms, and return what it contradicts."""
    found: list[Finding] = []
    for name, value in _said(one.code).items():
        target = _target(fields, name)
        field = fields.get(target)
        if field is None or field.value is None:
            continue
        if _same(name, field.value, value):
            fields[target] = _agreed(field)
        else:
            message = f"{target}: {_stands(name, field)}, {_tells(name, one)}"
            found.append(Finding(rule=MISMATCH, severity="error", message=message, fields=(target,)))
    reference, field = one.code.reference, fields.get("remittance_information")
    if reference and field and "".join((field.value or "").split()).lstrip("0") == reference.lstrip("0"):
        fields["remittance_information"] = _agreed(field)
    return found


def _target(fields: dict[FieldName, Field], name: FieldName) -> FieldName:
    """Return the field that a code's value speaks of: a document that names no sum to pay asks for its total."""
    due = fields.get("amount_due_for_payment")
    if name == "amount_due_for_payment" and (due is None or due.value is None):
        return "invoice_total_amount_with_vat"
    return name


def _same(name: FieldName, value: str, other: str) -> bool:
    return Decimal(value) == Decimal(other) if name == "amount_due_for_payment" else value == other


def _agreed(field: Field) -> Field:
    agrees = tuple(dict.fromkeys((*field.agrees, "qr")))
    return field.model_copy(update={"agrees": agrees, "confidence": max(field.confidence, AGREED_CONFIDENCE)})


def _stands(name: FieldName, field: Field) -> str:
    at = f" on page {field.page} at {_place(field.box)}" if field.box else ""
    return f"{field.source} says {_shown(name, field.value or '')}{at}"


def _tells(name: FieldName, one: Seen) -> str:
    return f"{one.code.scheme} says {_shown(name, _said(one.code)[name])} on page {one.page} at {_place(one.box)}"


def _shown(name: FieldName, value: str) -> str:
    return masked(value) if name == "payment_account_identifier" else value


def _place(box: Box) -> str:
    return "[" + ", ".join(f"{edge:.1f}" for edge in box) + "]"


def _lacks_account(reading: ExtractedInvoice) -> bool:
    """Tell whether the text offers no account at all, not even one in doubt."""
    doubted = any(finding.rule in _ACCOUNT_DOUBTS for finding in reading.findings)
    silent = "payment_account_identifier" not in reading.fields and not reading.credit_transfers
    return reading.lane in _FILLED_LANES and silent and not doubted


def _fill(fields: dict[FieldName, Field], seen: list[Seen]) -> None:
    """Put what only the code says and no wrong payment can come of: the reference to pay under, where all have one."""
    references = {one.code.reference for one in seen}
    reference = references.pop() if len(references) == 1 else None
    if reference is not None and "remittance_information" not in fields:
        fields["remittance_information"] = _field(seen[0], reference)


def _field(one: Seen, value: str) -> Field:
    return Field(value=value, raw=value, confidence=ALONE_CONFIDENCE, page=one.page, box=one.box, source="qr")
