"""Small builders: a good invoice, its supplier, its way through the pure stages. Tests change one thing at a time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from agents.validation.assessment import assess
from agents.validation.reference import validate_against
from agents.validation.validation import validate
from schemas.decision import ReviewAction, ReviewSubmitted
from schemas.events import DocumentReceived, InvoiceNormalized, InvoiceValidated
from schemas.evidence import FieldName, Lane
from schemas.finding import Finding
from schemas.identifiers import digest, document_id
from schemas.invoice import DocumentTotals, Invoice, Party, PaymentInstruction, PostalAddress
from schemas.payment import Debtor
from schemas.supplier import Account, Supplier
from tables.keys import key_of
from tables.suppliers import Directory

TENANT = "default"
IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "DE89370400440532013000"
BELGIAN_IBAN = "BE68539007547034"
QR_IBAN = "CH4431999123000889012"
BIC = "AGRIFRPP"
MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SURE: dict[FieldName, float] = {
    "payment_account_identifier": 0.99,
    "amount_due_for_payment": 0.99,
    "invoice_currency_code": 0.99,
    "invoice_number": 0.99,
}
DEBTOR = Debtor(
    name="Acheteur SA",
    account="DE75512108001245126199",
    agent="SOGEDEFF",
    postal_address=PostalAddress(town="Frankfurt", country="DE"),
)


def supplier(supplier_id: str = "S1", **changes: Any) -> Supplier:
    given: dict[str, Any] = {
        "supplier_id": supplier_id,
        "name": "Boulangerie Dupont SARL",
        "vat_identifier": "FR40303265045",
        "postal_address": PostalAddress(street="1 rue Haute", post_code="69001", town="Lyon", country="FR"),
        "accounts": (verified(IBAN, BIC),),
    }
    return Supplier(**{**given, **changes})


def verified(identifier: str, bic: str | None = None) -> Account:
    return Account(identifier=identifier, service_provider_identifier=bic, verified_by="owner")


def directory(*suppliers: Supplier) -> Directory:
    known = Directory()
    for each in suppliers:
        known.apply(each)
    return known


def transfer(account: str | None = IBAN, means: str | None = "58", **changes: Any) -> PaymentInstruction:
    return PaymentInstruction(payment_account_identifier=account, payment_means_type_code=means, **changes)


def invoice(**changes: Any) -> Invoice:
    given: dict[str, Any] = {
        "invoice_number": "F2026-0042",
        "invoice_issue_date": date(2026, 11, 20),
        "invoice_type_code": "380",
        "invoice_currency_code": "EUR",
        "payment_due_date": date(2026, 12, 20),
        "seller": Party(name="Boulangerie Dupont", vat_identifier="FR40303265045"),
        "payment_instructions": (transfer(),),
        "totals": totals(),
    }
    return Invoice(**{**given, **changes})


def totals(**changes: str | None) -> DocumentTotals:
    given: dict[str, str | None] = {
        "invoice_total_amount_without_vat": "100.00",
        "invoice_total_vat_amount": "20.00",
        "invoice_total_amount_with_vat": "120.00",
        "amount_due_for_payment": "120.00",
    }
    return DocumentTotals(**{name: None if v is None else Decimal(v) for name, v in {**given, **changes}.items()})


def received(content: bytes = b"one", **changes: Any) -> DocumentReceived:
    return DocumentReceived(document_id=document_id(content), reference="file:///one", tenant=TENANT, **changes)


def review(action: ReviewAction, reviewer: str = "petra", content: bytes = b"one", **changes: Any) -> ReviewSubmitted:
    given: dict[str, Any] = {
        "review_id": f"{action}-by-{reviewer}",
        "document_id": document_id(content),
        "invoice_key": "ik_" + "a" * 26,
        "submitted_at": datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    }
    return ReviewSubmitted(action=action, reviewer=reviewer, **{**given, **changes})


def normalized(
    paper: Invoice | None = None, known: Directory | None = None, *, lane: Lane = "xml", **changes: Any
) -> InvoiceNormalized:
    paper, known = paper or invoice(), known or directory(supplier())
    arrived = changes.pop("received", received())
    key, supplier_id = key_of(paper, arrived.tenant, arrived.document_id, known)
    given: dict[str, Any] = {
        "received": arrived,
        "invoice_key": key,
        "supplier_id": supplier_id,
        "invoice": paper,
        "lane": lane,
        "confidence": SURE,
        "evidence_digest": digest(b"evidence"),
        "release": "r1",
        "event_time": MOMENT,
    }
    return InvoiceNormalized(**{**given, **changes})


def validated(
    paper: Invoice | None = None,
    known: Directory | None = None,
    *,
    extra: tuple[Finding, ...] = (),
    **changes: Any,
) -> InvoiceValidated:
    """Return the event after the real rules have looked at it; `extra` findings come from nowhere."""
    known = known or directory(supplier())
    before = normalized(paper, known, **changes)
    match = known.match(before.invoice, TENANT)
    document = validate(before.invoice, before.lane, before.findings)
    own = frozenset({DEBTOR.account})
    reference = validate_against(before.invoice, match, known, tenant=TENANT, own_accounts=own)
    return InvoiceValidated(
        normalized=before,
        findings=(*document, *reference, *extra),
        assessment=assess(before.invoice, before.lane, before.confidence, document),
        match=match,
        release="r1",
    )
