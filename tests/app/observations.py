"""Events that a stage has dealt with, made by hand."""

from datetime import UTC, datetime

from pydantic import BaseModel

from agents.effects import Effects, Observation, Place
from schemas.envelope import Envelope
from schemas.trace import TraceContext

BEGAN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def observation(
    stage: str,
    effects: Effects,
    event: BaseModel | None = None,
    *,
    traceparent: str | None = None,
    seconds: float = 0.01,
) -> Observation:
    """An event whose story began at BEGAN; not sampled, where no `traceparent` says otherwise."""
    envelope = Envelope(id="1", type="t", source="test", time=BEGAN, correlation_id="1", traceparent=traceparent)
    trace = TraceContext.parse(traceparent) or TraceContext("1" * 32, "1" * 16)
    place = Place(envelope, topic="t", partition=0, offset=0, digest="sha256:0", trace=trace)
    return Observation(stage, event, effects, place, seconds)
