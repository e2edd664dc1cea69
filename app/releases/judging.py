"""What a release makes of one document, by the pure cores of the chain; and where two of them differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agents.decision.policy import DEFAULT_POLICY
from agents.normalization.agent import JUDGED
from agents.normalization.normalization import normalize
from agents.validation.thresholds import thresholds
from app.dry_run import decide_as_stated
from schemas.codec import encode
from schemas.comparison import REASONS_MAX, Judgement, Purpose, ReleaseCompared
from schemas.events import DocumentReceived, InvoiceNormalized
from schemas.evidence import FIELD_NAMES, ExtractedInvoice, FieldName, Unreadable
from schemas.identifiers import digest
from schemas.payment import Debtor
from schemas.policy import Policy
from tables.invoices import InvoiceRecord
from tables.keys import key_of
from tables.releases import Running
from tables.suppliers import Directory

Reading = ExtractedInvoice | Unreadable


@dataclass(frozen=True)
class Judged:
    """What a release makes of a document, with the values that it read."""

    judgement: Judgement
    values: Mapping[FieldName, str | None] = field(default_factory=dict)


def judge(
    reading: Reading,
    received: DocumentReceived,
    running: Running,
    *,
    directory: Directory,
    debtor: Debtor | None,
    at: datetime,
) -> Judged:
    """Return what a release makes of its own reading of a document, with nothing known of any other document."""
    if isinstance(reading, Unreadable):
        told = Judgement(
            release=running.name,
            outcome="unreadable",
            reasons=(reading.reason,),
            evidence_digest=digest(encode(reading)),
        )
        return Judged(told)
    normalized = _normalized(reading, received, running, directory, at)
    run = decide_as_stated(
        normalized,
        InvoiceRecord(),
        directory=directory,
        policy=policy_of(running),
        debtor=debtor,
        release=running.name,
        confidence_min=thresholds(running.bundle.confidence_min),
    )
    told = Judgement(
        release=running.name,
        outcome=run.decision.outcome,
        reasons=run.decision.reasons[:REASONS_MAX],
        lane=reading.lane,
        evidence_digest=digest(encode(normalized.invoice)),
    )
    return Judged(told, {name: value for name in FIELD_NAMES if (value := reading.value(name)) is not None})


def policy_of(running: Running) -> Policy:
    """Return a release's policy, without its audit sample: that a document is drawn says nothing about a release."""
    policy = running.bundle.policy or DEFAULT_POLICY
    return policy.model_copy(update={"audit_share": 0.0})


def compare(
    received: DocumentReceived, own: Judged, other: Judged, *, purpose: Purpose, at: datetime
) -> ReleaseCompared:
    """Return where two releases differ on a document."""
    return ReleaseCompared(
        document_id=received.document_id,
        tenant=received.tenant,
        release_id=own.judgement.release,
        purpose=purpose,
        own=own.judgement,
        other=other.judgement,
        fields=tuple(name for name in FIELD_NAMES if own.values.get(name) != other.values.get(name)),
        compared_at=at,
    )


def _normalized(
    reading: ExtractedInvoice, received: DocumentReceived, running: Running, directory: Directory, at: datetime
) -> InvoiceNormalized:
    """Return what the normalization stage makes of a reading (agents/normalization/agent.py)."""
    invoice, findings = normalize(reading)
    key, supplier_id = key_of(invoice, received.tenant, received.document_id, directory)
    return InvoiceNormalized(
        received=received,
        invoice_key=key,
        supplier_id=supplier_id,
        invoice=invoice,
        lane=reading.lane,
        confidence={name: reading.field(name).confidence for name in JUDGED if reading.value(name)},
        findings=findings,
        evidence_digest=digest(encode(reading)),
        layout=reading.layout,
        release=running.name,
        event_time=at,
    )
