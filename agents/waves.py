"""What a shell writes for a step's effects: records in waves, status and audit entry. Functions of values."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from agents.effects import Effects, Emission, Outgoing, Place
from schemas.audit import AuditEntry
from schemas.base import TEXT_LENGTH_MAX
from schemas.codec import VALUE_SIZE_BYTES_MAX, encode
from schemas.envelope import Envelope
from schemas.events import FINAL_STATES, DocumentStatus
from schemas.identifiers import digest, record_id
from schemas.topics import AUDIT_ENTRY, DOCUMENT_STATUS
from schemas.trace import TraceContext

# First, told, then: see agents/stage.py.
Waves = tuple[tuple[Outgoing, ...], ...]


def waves(stage: str, place: Place, effects: Effects, *, release: str, at: datetime) -> Waves:
    """Return the three waves of records. Only the status carries `at`: all else is the same at a redelivery.

    Raises:
        ValueError: a record would be larger than may be written.
    """
    if effects.correlation_id is not None:
        older = place.envelope.model_copy(update={"correlation_id": effects.correlation_id})
        place = replace(place, envelope=older)
    first = _going_on(stage, place, effects.first)
    then = _going_on(stage, place, effects.then)
    entry = _entry(stage, place, effects, (*first, *then), release)
    told = (*_status(place, effects, release, at), Emission(AUDIT_ENTRY, entry.tenant, entry))
    now = effects.retelling.then if effects.retelling else ()
    retold = _going_on(stage, place, now)
    return first, tuple(_outgoing(stage, place, emission, place.trace) for emission in told), retold or then


def _going_on(stage: str, place: Place, emissions: tuple[Emission, ...]) -> tuple[Outgoing, ...]:
    """Return records that others work on: the sending of each is a span of its own, which they continue.

    Several on one topic under one key (the lessons of one review) are told apart by their number, so that no two
    events have one id.
    """
    seen = Counter[tuple[str, str]]()
    records = []
    for emission in emissions:
        where = (emission.topic.name, emission.key)
        number = (str(seen[where]),) if seen[where] else ()
        seen[where] += 1
        sending = place.trace.child("send", stage, str(place), *where, *number)
        records.append(_outgoing(stage, place, emission, sending, number))
    return tuple(records)


def _outgoing(
    stage: str, place: Place, emission: Emission, trace: TraceContext, number: tuple[str, ...] = ()
) -> Outgoing:
    value = encode(emission.event)
    if len(value) > VALUE_SIZE_BYTES_MAX:
        raise ValueError(f"{emission.topic.name} would take {len(value)} bytes, at most {VALUE_SIZE_BYTES_MAX} go")
    envelope = Envelope(
        id=record_id(stage, str(place), emission.topic.name, emission.key, *number),
        type=f"quittance.{emission.topic.name}",
        source=f"quittance/{stage}",
        time=place.envelope.time,
        correlation_id=place.envelope.correlation_id,
        causation_id=place.envelope.id,
        traceparent=str(trace),
    )
    return Outgoing(emission.topic.name, emission.key.encode(), value, envelope.headers(), emission.partition)


def _status(place: Place, effects: Effects, release: str, at: datetime) -> tuple[Emission, ...]:
    subject, now = effects.subject, effects.retelling or effects
    if now.state is None or subject.document_id is None:
        return ()
    status = DocumentStatus(
        document_id=subject.document_id,
        tenant=subject.tenant,
        state=now.state,
        final=now.state in FINAL_STATES,
        reasons=now.reasons,
        explanation=now.explanation[:TEXT_LENGTH_MAX],
        invoice_key=subject.invoice_key,
        command_ids=effects.command_ids,
        release=now.release or release,
        at=at,
        correlation_id=place.envelope.correlation_id,
    )
    return (Emission(DOCUMENT_STATUS, subject.document_id, status),)


def _entry(stage: str, place: Place, effects: Effects, written: tuple[Outgoing, ...], release: str) -> AuditEntry:
    subject = effects.subject
    return AuditEntry(
        entry_id=record_id("audit", stage, str(place)),
        tenant=subject.tenant,
        stage=stage,
        document_id=subject.document_id,
        invoice_key=subject.invoice_key,
        command_id=subject.command_id,
        read=(place.digest, *effects.also_read),
        written=(*effects.standing, *(digest(record.value or b"") for record in written)),
        outcome=effects.outcome,
        reasons=effects.reasons,
        actor=effects.actor or f"stage:{stage}",
        release=release,
        correlation_id=place.envelope.correlation_id,
        trace_id=place.trace.trace_id,
        event_time=place.envelope.time,
    )
