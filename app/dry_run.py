"""What would be decided on an invoice, without anything being published: the pure cores of the chain in a row."""

from collections.abc import Mapping
from datetime import datetime

from agents.decision.decision import decide
from agents.validation.assessment import CONFIDENCE_MIN, assess
from agents.validation.reference import validate_against
from agents.validation.validation import validate
from schemas.base import Record
from schemas.codec import encode
from schemas.decision import Decision
from schemas.events import DocumentReceived, InvoiceNormalized, InvoiceValidated
from schemas.evidence import PAYMENT_CRITICAL, Lane
from schemas.finding import Assessment
from schemas.identifiers import digest, document_id
from schemas.invoice import Invoice
from schemas.payment import Debtor
from schemas.policy import Policy
from schemas.supplier import SupplierMatch
from tables.invoices import InvoiceRecord
from tables.keys import key_of
from tables.suppliers import Directory

# No document was read: the values are taken as they are stated.
STATED_REFERENCE = "urn:quittance:stated"


class DryRun(Record):
    """A decision that was not made, and what led to it."""

    decision: Decision
    assessment: Assessment
    match: SupplierMatch | None


def normalized_as_stated(
    invoice: Invoice, lane: Lane, tenant: str, directory: Directory, release: str, at: datetime
) -> InvoiceNormalized:
    """Return the invoice as if its document had just been read without any doubt."""
    content = encode(invoice)
    identifier = document_id(content)
    key, supplier_id = key_of(invoice, tenant, identifier, directory)
    return InvoiceNormalized(
        received=DocumentReceived(document_id=identifier, reference=STATED_REFERENCE, tenant=tenant),
        invoice_key=key,
        supplier_id=supplier_id,
        invoice=invoice,
        lane=lane,
        confidence=dict.fromkeys(PAYMENT_CRITICAL, 1.0),
        evidence_digest=digest(content),
        release=release,
        event_time=at,
    )


def decide_as_stated(
    normalized: InvoiceNormalized,
    record: InvoiceRecord,
    *,
    directory: Directory,
    policy: Policy,
    debtor: Debtor | None,
    release: str,
    confidence_min: Mapping[Lane, float] = CONFIDENCE_MIN,
) -> DryRun:
    """Return what validation and decision say; the arguments are theirs."""
    invoice, lane, tenant = normalized.invoice, normalized.lane, normalized.received.tenant
    match = directory.match(invoice, tenant)
    document = validate(invoice, lane, normalized.findings)
    own = frozenset({debtor.account} if debtor else ())
    known = validate_against(invoice, match, directory, tenant=tenant, own_accounts=own)
    assessment = assess(invoice, lane, normalized.confidence, document, confidence_min=confidence_min)
    validated = InvoiceValidated(
        normalized=normalized, findings=(*document, *known), assessment=assessment, match=match, release=release
    )
    decision = decide(validated, record, policy=policy, debtor=debtor, release=release)
    return DryRun(decision=decision, assessment=assessment, match=match)
