"""Bytes to records and back; the canonical bytes are those of RFC 8785, as an independent implementation sees it."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import VALUE_SIZE_BYTES_MAX, Undecodable, decode, encode
from schemas.events import DocumentReceived
from schemas.payment import PaymentInitiated, PaymentStatusReported
from schemas.topics import TOPICS, Topic
from tests.schemas.strategies import records

DOCUMENT = "sha256:" + "0" * 64
# Records of ours that hold no floating-point number: those that somebody may want to sign or compare.
_WITH_FLOATS = frozenset({
    "invoice.extracted", "invoice.normalized", "invoice.validated", "feedback.recorded", "release.changed",
})  # fmt: skip
FLOAT_FREE = [topic for topic in TOPICS if topic.name not in _WITH_FLOATS]
# Building a large record takes a while on a busy machine; nothing here depends on time.
RELAXED = settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _named(topic: Topic) -> str:
    return topic.name


@pytest.mark.parametrize("topic", TOPICS, ids=_named)
@given(data=st.data())
@RELAXED
def test_what_is_encoded_is_decoded_to_the_same_record_and_the_same_bytes(topic: Topic, data: st.DataObject) -> None:
    record = data.draw(records(topic.event))
    value = encode(record)
    again = decode(value, topic.event)
    assert again == record
    assert encode(again) == value


@pytest.mark.parametrize("topic", FLOAT_FREE, ids=_named)
@given(data=st.data())
@RELAXED
def test_the_bytes_are_those_of_rfc_8785(topic: Topic, data: st.DataObject) -> None:
    value = encode(data.draw(records(topic.event, floats=False)))
    assert rfc8785.dumps(json.loads(value)) == value


@given(records(PaymentInitiated))
@RELAXED
def test_the_signed_bytes_are_the_canonical_record_without_its_signature(record: PaymentInitiated) -> None:
    tree = json.loads(encode(record))
    del tree["signature"]
    assert encode(record, without=frozenset({"signature"})) == rfc8785.dumps(tree)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "VALUE-EMPTY"),
        (b"", "VALUE-EMPTY"),
        (b" " * (VALUE_SIZE_BYTES_MAX + 1), "VALUE-TOO-LARGE"),
        (b"\xff\xfe", "VALUE-INVALID"),
        (b"{", "VALUE-INVALID"),
        (b"null", "VALUE-INVALID"),
        (b"[]", "VALUE-INVALID"),
        (b'{"document_id":"sha256:zz","reference":"s3://b/k"}', "VALUE-INVALID"),
        (b'{"reference":"s3://b/k"}', "VALUE-INVALID"),
    ],
)
def test_what_is_no_record_is_named(value: bytes | None, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(value, DocumentReceived)
    assert caught.value.reason == reason


def test_a_version_that_nobody_knows_is_named() -> None:
    with pytest.raises(Undecodable, match="VERSION-UNKNOWN"):
        decode(b"{}", DocumentReceived, version=2)


@given(st.binary(max_size=200))
@RELAXED
def test_any_bytes_are_a_record_or_a_named_failure(value: bytes) -> None:
    with contextlib.suppress(Undecodable):
        assert decode(value, PaymentStatusReported) is not None


def test_members_of_a_newer_writer_are_passed_over() -> None:
    value = json.dumps({"document_id": DOCUMENT, "reference": "s3://b/k", "colour": "blue"}).encode()
    assert "colour" not in json.loads(encode(decode(value, DocumentReceived)))


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    at = datetime(2026, 11, 24, 11, 0, 0, 412_999, tzinfo=UTC)
    report = PaymentStatusReported(command_id="Q" + "A" * 26, status="ACCP", at=at)
    assert json.loads(encode(report))["at"] == "2026-11-24T11:00:00.412Z"
