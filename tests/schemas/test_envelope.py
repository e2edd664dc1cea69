"""The CloudEvents attributes: ours come back as they were, and whatever a publisher writes is taken or passed over."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.envelope import HEADER_LENGTH_MAX, Envelope
from tests.schemas.strategies import records, texts

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NAMES = (
    "ce_id", "ce_source", "ce_time", "ce_schemaversion", "ce_correlationid", "ce_causationid", "traceparent", "other",
)  # fmt: skip


def _read(headers: dict[str, bytes]) -> Envelope:
    return Envelope.of(headers, fallback_id="document.received/0/7", event_type="document.received", time=NOW)


filled = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(records(Envelope), filled, filled, filled)
def test_what_we_write_we_read(envelope: Envelope, identity: str, source: str, correlation: str) -> None:
    ours = envelope.model_copy(
        update={
            "id": identity,
            "source": source,
            "correlation_id": correlation,
            "causation_id": envelope.causation_id or None,
            "traceparent": envelope.traceparent or None,
            "type": "document.received",
            "schema_version": 1,
        }
    )
    assert _read(ours.headers()) == ours


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.binary(max_size=40), texts.map(str.encode))))
def test_nonsense_is_passed_over(headers: dict[str, bytes]) -> None:
    envelope = _read(headers)
    assert envelope.type == "document.received"
    assert envelope.headers()["ce_id"]


def test_without_headers_the_place_of_the_record_names_it() -> None:
    envelope = _read({})
    assert (envelope.id, envelope.correlation_id, envelope.source, envelope.time) == (
        "document.received/0/7",
        "document.received/0/7",
        "unknown",
        NOW,
    )


def test_a_publisher_s_id_becomes_the_correlation_of_the_chain() -> None:
    assert _read({"ce_id": b"erp-7/42"}).correlation_id == "erp-7/42"


def test_an_unknown_schema_version_is_kept_for_the_decoder_to_refuse() -> None:
    assert _read({"ce_schemaversion": b"2"}).schema_version == 2


@pytest.mark.parametrize("size", [HEADER_LENGTH_MAX, 10 * HEADER_LENGTH_MAX])
def test_an_endless_header_does_not_travel(size: int) -> None:
    assert len(_read({"ce_id": b"x" * size}).id) < HEADER_LENGTH_MAX
