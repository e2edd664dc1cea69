"""CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, the value is the event alone."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from schemas.base import Code, Moment, Record

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"
# A header longer than this is not ours; it is cut rather than carried through every stage.
HEADER_LENGTH_MAX = 512


class Envelope(Record):
    """The attributes of one record. `correlation_id` is the same from the first event to the last."""

    id: Code
    type: Code
    source: Code
    time: Moment
    schema_version: int = 1
    correlation_id: Code
    causation_id: Code | None = None
    traceparent: Code | None = None

    def headers(self) -> dict[str, bytes]:
        """Return the Kafka headers of a record that carries this envelope."""
        attributes = {
            "ce_specversion": SPEC_VERSION,
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_time": self.model_dump(mode="json")["time"],
            "ce_schemaversion": str(self.schema_version),
            "ce_correlationid": self.correlation_id,
            "ce_causationid": self.causation_id,
            "content-type": CONTENT_TYPE,
            "traceparent": self.traceparent,
        }
        return {name: value.encode() for name, value in attributes.items() if value is not None}

    @classmethod
    def of(cls, headers: Mapping[str, bytes], *, fallback_id: str, event_type: str, time: datetime) -> "Envelope":
        """Return the envelope of a record read. Publishers may leave every header out, or write nonsense into it."""
        text = {name: _text(value) for name, value in headers.items()}
        fallback = cls(id=fallback_id, type=event_type, source="unknown", time=time, correlation_id=fallback_id)
        given = {
            "id": text.get("ce_id"),
            "source": text.get("ce_source"),
            "time": text.get("ce_time"),
            "schema_version": text.get("ce_schemaversion"),
            "correlation_id": text.get("ce_correlationid") or text.get("ce_id"),
            "causation_id": text.get("ce_causationid"),
            "traceparent": text.get("traceparent"),
        }
        stated = {name: value for name, value in given.items() if value}
        try:
            return cls.model_validate({**fallback.model_dump(), **stated})
        except ValidationError:
            return fallback


def _text(value: bytes) -> str:
    return value[:HEADER_LENGTH_MAX].decode("utf-8", errors="replace")
