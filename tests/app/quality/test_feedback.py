"""What records that were written for something else teach, once and in the same words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord

from app.quality.feedback import LEARNED_FROM, feedback_of
from schemas.codec import encode
from schemas.decision import Decision
from schemas.events import DocumentReceived, DocumentStatus, PaymentDecided
from schemas.feedback import FeedbackRecorded
from schemas.finding import Finding
from schemas.identifiers import digest, document_id, invoice_key
from schemas.topics import DOCUMENT_RECEIVED, DOCUMENT_STATUS, FEEDBACK_RECORDED, PAYMENT_DECIDED, PAYMENT_STATUS

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
DOCUMENT = document_id(b"one")
KEY = invoice_key("acme", "S1", "42")


def record(topic: str, value: bytes | None, *, offset: int = 7, key: bytes | None = None, **headers: str) -> Any:
    return ConsumerRecord(
        topic=topic,
        partition=2,
        offset=offset,
        timestamp=int(AT.timestamp() * 1000),
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=[(name.replace("_", "."), text.encode()) for name, text in headers.items()],
    )


def dead(topic: str, value: bytes | None, reason: str, *, key: bytes | None = None, offset: int = 7) -> Any:
    return record(
        f"{topic}.dead", value, key=key, offset=offset, dlq_topic=topic, dlq_partition="2", dlq_offset="5",
        dlq_stage="extraction", dlq_reason=reason, dlq_detail="why",
    )  # fmt: skip


def lessons(given: Any) -> list[FeedbackRecorded]:
    emissions = feedback_of(given.topic, given)
    assert all(emission.topic is FEEDBACK_RECORDED for emission in emissions)
    events = [emission.event for emission in emissions]
    assert all(isinstance(event, FeedbackRecorded) for event in events)
    assert [emission.key for emission in emissions] == [event.document_id for event in events]  # type: ignore[attr-defined]
    return events  # type: ignore[return-value]


def decided(*findings: Finding) -> bytes:
    decision = Decision(
        document_id=DOCUMENT,
        invoice_key=KEY,
        tenant="acme",
        outcome="hold",
        reasons=tuple(finding.rule for finding in findings),
        findings=findings,
        policy="p",
        release="r1",
        evidence_digest="sha256:e",
        decided_at=AT,
    )
    return encode(PaymentDecided(decision=decision, correlation_id="c"))


def test_a_dead_letter_names_the_document_of_its_event() -> None:
    event = DocumentReceived(document_id=DOCUMENT, reference="s3://a/b", tenant="acme")
    [lesson] = lessons(dead(DOCUMENT_RECEIVED.name, encode(event), "STAGE-FAILED"))
    assert (lesson.document_id, lesson.tenant, lesson.cause) == (DOCUMENT, "acme", "STAGE-FAILED")
    assert (lesson.source, lesson.reference) == ("dead_letter", "document.received/2/5")
    assert (lesson.reasons, lesson.detail, lesson.recorded_at) == (("extraction",), "why", AT)


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [(b"Q123", b"no json", "Q123"), (None, b"no json", digest(b"no json")), (None, None, digest(b""))],
)
def test_what_names_no_document_is_known_by_its_key_or_its_bytes(
    key: bytes | None, value: bytes | None, name: str
) -> None:
    [lesson] = lessons(dead(PAYMENT_STATUS.name, value, "VALUE-INVALID", key=key))
    assert lesson.document_id == name


def test_a_letter_buried_again_is_the_same_lesson() -> None:
    first, second = (lessons(dead(PAYMENT_STATUS.name, b"x", "VALUE-INVALID", offset=at))[0] for at in (7, 9))
    assert first.feedback_id == second.feedback_id


@pytest.mark.parametrize("given", [record("document.received.dead", b"x"), record("document.received.dead", None)])
def test_what_is_no_letter_teaches_nothing(given: Any) -> None:
    assert lessons(given) == []


def test_dissent_is_a_lesson_a_field() -> None:
    mismatch = Finding(
        rule="XML-PAGE-MISMATCH",
        severity="error",
        message="the page says 12.00",
        fields=("amount_due_for_payment", "invoice_number"),
    )
    other = Finding(rule="ACCOUNT-NEW", severity="error", message="new", fields=("payment_account_identifier",))
    learned = lessons(record(PAYMENT_DECIDED.name, decided(mismatch, mismatch, other)))
    assert [(lesson.field, lesson.cause) for lesson in learned] == [
        ("amount_due_for_payment", "XML-PAGE-MISMATCH"),
        ("invoice_number", "XML-PAGE-MISMATCH"),
    ]
    assert learned[0].detail == "the page says 12.00"
    assert learned[0].reasons == ("XML-PAGE-MISMATCH", "XML-PAGE-MISMATCH", "ACCOUNT-NEW")


def test_a_decision_told_again_is_the_same_lesson() -> None:
    finding = Finding(rule="CODE-MISMATCH", severity="error", message="")
    first, second = (lessons(record(PAYMENT_DECIDED.name, decided(finding), offset=at)) for at in (1, 8))
    assert first == second


def contradicted() -> DocumentStatus:
    return DocumentStatus(
        document_id=DOCUMENT,
        tenant="acme",
        state="settled",
        final=True,
        reasons=("STATUS-CONTRADICTION", "RJCT"),
        release="r1",
        at=AT,
        correlation_id="c",
    )


def test_an_engine_that_contradicts_itself_is_an_anomaly() -> None:
    [lesson] = lessons(record(DOCUMENT_STATUS.name, encode(contradicted())))
    assert (lesson.source, lesson.cause) == ("anomaly", "STATUS-CONTRADICTION")


@pytest.mark.parametrize(
    "given",
    [
        record(DOCUMENT_STATUS.name, None),
        record(DOCUMENT_STATUS.name, b"no json"),
        record(PAYMENT_DECIDED.name, b"{}"),
        record(PAYMENT_DECIDED.name, None),
        record("somebody.elses", b"{}"),
    ],
)
def test_what_cannot_be_read_teaches_nothing(given: Any) -> None:
    assert lessons(given) == []


def test_what_is_learned_from_is_named() -> None:
    assert {"payment.decided", "document.status", "payment.status.dead"} <= set(LEARNED_FROM)
    assert len(LEARNED_FROM) == len(set(LEARNED_FROM))
