"""What records written for something else teach: dead letters, dissent between sources, contradictions of banks.

Pure functions of one record: whoever reads the same record again learns the same, under the same id. A record is as
aiokafka gives it.
"""

from collections.abc import Callable, Iterator, Mapping

from aiokafka import ConsumerRecord
from pydantic import BaseModel

from agents.effects import Emission
from app.dead_letters import Letter, parse
from app.dead_letters.letter import moment
from schemas.base import CODE_LENGTH_MAX, TEXT_LENGTH_MAX
from schemas.codec import Undecodable, decode
from schemas.decision import Decision
from schemas.envelope import Envelope
from schemas.events import DocumentStatus, PaymentDecided
from schemas.feedback import REASONS_MAX, FeedbackRecorded
from schemas.identifiers import digest
from schemas.money import Amount
from schemas.topics import DOCUMENT_STATUS, FEEDBACK_RECORDED, PAYMENT_DECIDED, READ_BY_STAGES

# Rules by which two sources of one document say different things: page and XML, code and text, two accounts.
DISSENT_RULES = frozenset({"XML-PAGE-MISMATCH", "XML-OTHER-INVOICE", "CODE-MISMATCH"})
# Reasons of a status that no record of ours explains.
ANOMALIES = frozenset({"STATUS-CONTRADICTION"})
UNKNOWN_TENANT, UNKNOWN_RELEASE = "default", "unknown"
# What has to be read to learn of all this; `topic.dead` are the dead letters.
LEARNED_FROM: tuple[str, ...] = (
    PAYMENT_DECIDED.name, DOCUMENT_STATUS.name, *(topic.dead for topic in READ_BY_STAGES),
)  # fmt: skip


def feedback_of(topic: str, record: ConsumerRecord) -> tuple[Emission, ...]:
    """Return what one record of a topic teaches; nothing where it teaches nothing or cannot be read."""
    if topic.endswith(".dead"):
        letter = parse(record)
        lessons: Iterator[FeedbackRecorded] = iter((of_letter(letter),) if isinstance(letter, Letter) else ())
    else:
        lessons = _of_event(topic, record)
    return tuple(Emission(FEEDBACK_RECORDED, lesson.document_id, lesson) for lesson in lessons)


def of_letter(letter: Letter) -> FeedbackRecorded:
    """Return what a dead letter teaches. Where its bytes name no document, its key or their digest stands for it."""
    event = _buried(letter)
    received = getattr(getattr(event, "normalized", event), "received", event)
    named = getattr(getattr(event, "decision", received), "document_id", None)
    key = (letter.key or b"").decode(errors="replace")[:CODE_LENGTH_MAX]
    return FeedbackRecorded(
        document_id=named or key or digest(letter.value or b""),
        tenant=getattr(received, "tenant", None) or UNKNOWN_TENANT,
        cause=letter.reason[:CODE_LENGTH_MAX],
        source="dead_letter",
        release=getattr(event, "release", None) or UNKNOWN_RELEASE,
        recorded_at=letter.buried_at,
        reference="/".join(map(str, letter.source)),
        reasons=(letter.stage[:CODE_LENGTH_MAX],) if letter.stage else (),
        detail=letter.detail[:TEXT_LENGTH_MAX] or None,
    )


def _buried(letter: Letter) -> BaseModel | None:
    """Return the event of a letter, or None where it cannot be read: often enough that is why it is one."""
    try:
        return decode(letter.value, letter.topic.event)
    except Undecodable:
        return None


def _of_event(topic: str, record: ConsumerRecord) -> Iterator[FeedbackRecorded]:
    learn = _LEARN.get(topic)
    if learn is None:
        return
    headers = {name: value for name, value in record.headers if value is not None}
    envelope = Envelope.of(headers, fallback_id="", event_type=topic, time=moment(record.timestamp))
    try:
        yield from learn(record.value, envelope.schema_version)
    except Undecodable:
        return


def _decided(value: bytes | None, version: int) -> Iterator[FeedbackRecorded]:
    """Yield a lesson a field on which sources of the document dissent; the same decision told again is the same one."""
    decision = decode(value, PaymentDecided, version=version).decision
    seen = set[str]()
    for finding in decision.findings:
        if finding.rule not in DISSENT_RULES:
            continue
        for field in finding.fields or (None,):
            lesson = FeedbackRecorded(
                document_id=decision.document_id,
                tenant=decision.tenant,
                field=field,
                cause=finding.rule,
                source="dissent",
                release=decision.release,
                recorded_at=decision.decided_at,
                invoice_key=decision.invoice_key,
                supplier_id=decision.payment.supplier_id if decision.payment else None,
                reasons=decision.reasons[:REASONS_MAX],
                at_risk=_approved(decision),
                reference=decision.release,
                detail=finding.message,
            )
            if lesson.feedback_id not in seen:
                seen.add(lesson.feedback_id)
                yield lesson


def _approved(decision: Decision) -> Amount | None:
    return decision.payment.instructed_amount if decision.payment else None


def _told(value: bytes | None, version: int) -> Iterator[FeedbackRecorded]:
    """Yield a lesson for what a document's status says that nothing explains, above all an engine against itself."""
    if value is None:  # a tombstone of the compacted topic
        return
    status = decode(value, DocumentStatus, version=version)
    for reason in status.reasons:
        if reason in ANOMALIES:
            yield FeedbackRecorded(
                document_id=status.document_id,
                tenant=status.tenant,
                cause=reason,
                source="anomaly",
                release=status.release,
                recorded_at=status.at,
                invoice_key=status.invoice_key,
                reasons=status.reasons[:REASONS_MAX],
                reference=next(iter(status.command_ids), None),
            )


_LEARN: Mapping[str, Callable[[bytes | None, int], Iterator[FeedbackRecorded]]] = {
    PAYMENT_DECIDED.name: _decided,
    DOCUMENT_STATUS.name: _told,
}
