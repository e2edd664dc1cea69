"""What the stages' shells are given: the way out, the clock, the releases, and where to count."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from agents.effects import DeadLetter, InForce, Observation, Outgoing, Place, Traced, Written
from app import clock
from app.delivery import Delivery
from app.observing import Observing
from app.poison import Stops
from app.telemetry import Telemetry
from app.tracing import UNTRACED, Tracing


class WorkerPorts:
    """The `Ports` of one worker process."""

    def __init__(
        self,
        delivery: Delivery,
        telemetry: Telemetry,
        releases: InForce,
        stops: Stops | None = None,
        now: Callable[[], datetime] = clock.now,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """`now` is replaced in tests; `stops` judges each stage by its outcomes."""
        self._delivery = delivery
        self._telemetry = telemetry
        self._observing = Observing(telemetry)
        self._stops = stops or Stops(telemetry)
        self._now = now
        self.releases = releases
        self.tracing = tracing

    def now(self) -> datetime:
        """Return the time of the clock, in UTC."""
        return self._now()

    async def deliver(self, record: Outgoing) -> Written:
        """Write one record and wait for the broker."""
        with self.tracing.sending(record) as sending:
            written = await self._delivery.deliver(record)
            sending.stands(written)
            return written

    async def bury(self, letter: DeadLetter) -> None:
        """Write a dead letter and wait for the broker."""
        self._telemetry.dead_letters.labels(letter.stage).inc()
        await self._delivery.bury(letter)

    def observe(self, seen: Observation) -> None:
        """Count one event and how long it took."""
        self._observing.count(seen, self._now())
        self._stops.observe(seen.stage, seen.effects.outcome)

    def samples(self, trace_id: str) -> bool:
        """Tell whether the spans of a trace that begins here are kept."""
        return self.tracing.samples(trace_id)

    def traced(self, stage: str, place: Place) -> AbstractContextManager[Traced]:
        """Return the span of a stage's work on an event."""
        return self.tracing.traced(stage, place)
