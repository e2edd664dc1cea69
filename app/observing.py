"""Counts what a stage has dealt with: its lane, its reasons, how long the story took, the commands that came of it."""

from datetime import datetime

from agents.effects import Effects, Emission, Observation
from app.bounded import Bounded
from app.telemetry import NO_LANE, Telemetry
from schemas.events import InvoiceExtracted, InvoiceNormalized, InvoiceValidated
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_DECIDED
from schemas.trace import TraceContext

# A stage has some forty codes of ours; the official rules that hold an invoice come on top.
REASONS_MAX = 100
# One company pays in a handful of currencies.
CURRENCIES_MAX = 20
DECISION = "decision"


class Observing:
    """The counting of one worker process."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._reasons = Bounded(REASONS_MAX)
        self._currencies = Bounded(CURRENCIES_MAX)

    def count(self, seen: Observation, now: datetime) -> None:
        """Count one event; `now` is when its last write was confirmed."""
        telemetry, effects, stage = self._telemetry, seen.effects, seen.stage
        lane, exemplar = lane_of(seen), exemplar_of(seen.place.trace)
        telemetry.events.labels(stage, lane, effects.outcome).inc()
        telemetry.seconds.labels(stage, lane).observe(seen.seconds, exemplar)
        for reason in effects.reasons:
            telemetry.reasons.labels(stage, self._reasons.label(stage, reason)).inc()
        for emission in (*effects.first, *_then(effects)):
            telemetry.events_written.labels(stage, lane, emission.topic.name).inc()
        # A publisher's clock may be ahead of ours; a story never takes less than no time.
        story = max(0.0, (now - seen.place.envelope.time).total_seconds())
        if stage == DECISION and any(emission.topic is PAYMENT_DECIDED for emission in _then(effects)):
            telemetry.decision_seconds.labels(lane).observe(story, exemplar)
        for command in _commands(effects):
            currency = self._currencies.label("", command.instructed_amount.currency)
            telemetry.commands.labels(command.rail, currency).inc()
            telemetry.command_seconds.labels(command.rail).observe(story, exemplar)


def _then(effects: Effects) -> tuple[Emission, ...]:
    """Return what led on: where an old event came again, what stands now (agents/waves.py)."""
    return (effects.retelling.then if effects.retelling else ()) or effects.then


def _commands(effects: Effects) -> list[PaymentInitiated]:
    return [emission.event for emission in effects.first if isinstance(emission.event, PaymentInitiated)]


def lane_of(seen: Observation) -> str:
    """Return by which lane the document was read: as the event says, or what came of it."""
    for event in (seen.event, *(emission.event for emission in seen.effects.then)):
        match event:
            case InvoiceExtracted():
                return event.extracted.lane
            case InvoiceNormalized():
                return event.lane
            case InvoiceValidated():
                return event.normalized.lane
    return NO_LANE


def exemplar_of(trace: TraceContext) -> dict[str, str] | None:
    """Return the exemplar that leads from a measurement to its trace; none where nobody keeps the trace."""
    return {"trace_id": trace.trace_id} if trace.sampled else None
