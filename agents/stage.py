"""The one generic shell: decode, ask the core, deliver, audit. What each kind of error does is decided here, once.

A step is given an `Arrival` and returns `Effects`: what is to be written, and what has become of the document. The
shell writes in three waves, each confirmed by the broker before the next:

1. `first`: what a status must not speak of before it is true (a payment command);
2. the document's status and the audit entry;
3. `then`: what lets the next stage go on. The status comes before it, so that no later stage's status can overtake it.

Only then the step's `remember` runs (tables), and only then the event is settled. An expected failure is a value of
the step. A record that cannot be decoded, or on which a step fails unexpectedly, becomes a dead letter with its
original bytes. A failure to write ends the process: the event was not settled and is read again.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic

from agents.effects import (
    Agent,
    Arrival,
    DeadLetter,
    E,
    Effects,
    Observation,
    Outgoing,
    Place,
    Ports,
    Step,
    Subject,
    Traced,
    Window,
    Written,
)
from agents.waves import Waves, waves
from schemas.codec import Undecodable, decode
from schemas.envelope import Envelope
from schemas.events import DocumentState
from schemas.identifiers import digest
from schemas.topics import Topic
from schemas.trace import TRACE_DIGITS, TraceContext, derived
from tables.releases import Running

_DOCUMENT_KEY = re.compile(r"sha256:[0-9a-f]{64}")
# State lies in the partition of these; a publisher's key for a document only spreads the load.
STATEFUL_KEYS = frozenset({"invoice_key", "command_id"})
# What is nothing wrong with the document: a newer release reads it, or its event is sent again under its key.
NOT_FOR_GOOD = frozenset({"VERSION-UNKNOWN", "KEY-MISMATCH"})
# Where the record itself cannot be read, nobody knows whose it was.
UNKNOWN_TENANT = "default"


@dataclass(frozen=True)
class Stage(Generic[E]):
    """One stage of the chain. `about` names whom an event concerns, for when the step itself fails.

    `under` finds the release under which the stage works on an event, the active one where it is not given. It is asked
    once for each event, so that record, status and audit entry name the same one, also where the step fails.
    `answers` is False beside the chain: a failed review or bank report says nothing of what became of the document.
    """

    name: str
    topic: Topic
    model: type[E]
    step: Step[E]
    about: Callable[[E], Subject]
    ports: Ports
    window: Window
    _clock: Callable[[], float] = field(default=time.perf_counter, repr=False)
    answers: bool = True
    under: Callable[[E], Awaitable[Running]] | None = None

    def agent(self) -> Agent:
        """Return the function that Faust runs: it admits each event and never raises."""

        async def consume(stream: Any) -> None:
            events: AsyncIterator[Any] = stream.noack().events()
            async for event in events:
                key = event.message.key or f"{event.message.partition}/{event.message.offset}".encode()
                await self.window.admit(event, key, partial(self.run, event))

        consume.__name__ = self.name
        return consume

    async def run(self, event: Any) -> None:
        """Deal with one record, from bytes to the last confirmed write."""
        started = self._clock()
        place = self._place(event)
        with self.ports.traced(self.name, place) as traced:
            record, effects, waves = await self._effects(event, place, traced)
            traced.came_to(effects)
            written = [await self._write(wave) for wave in waves]
            if effects.remember is not None:
                await effects.remember(written[0])
            self.ports.observe(Observation(self.name, record, effects, place, self._clock() - started))

    async def _effects(self, event: Any, place: Place, traced: Traced) -> tuple[E | None, Effects, Waves]:
        subject, record, running = self._key_subject(event), None, self.ports.releases.active
        traced.concerns(subject)
        try:
            record = decode(event.message.value, self.model, version=place.envelope.schema_version)
            subject = self.about(record)
            traced.concerns(subject)
            self._check_key(event, subject)
            running = await self.under(record) if self.under else running
            effects = await self.step(Arrival(record, place, running))
            waves, reason, detail = self._waves(place, effects, running), effects.park, effects.explanation
        except Undecodable as wrong:
            reason, detail = wrong.reason, wrong.detail
            state = self._state("held" if reason in NOT_FOR_GOOD else "rejected")
            effects = Effects(subject, "dead", state, (reason,), f"The event cannot be read: {detail}")
            waves = self._waves(place, effects, running)
        except Exception as surprise:  # noqa: BLE001 - the one handler of what nobody expected (style: principle 4)
            reason, detail = "STAGE-FAILED", f"{type(surprise).__name__}: {surprise}"
            effects = Effects(subject, "dead", self._state("held"), (reason,), f"The {self.name} stage failed on it.")
            waves = self._waves(place, effects, running)
        if reason is not None:
            await self.ports.bury(self._letter(event, reason, detail))
        return record, effects, waves

    def _state(self, state: DocumentState) -> DocumentState | None:
        return state if self.answers else None

    def _place(self, event: Any) -> Place:
        """Return where the record stood. Nothing that a publisher wrote around the value may fail here."""
        message = event.message
        position = (self.topic.name, message.partition, message.offset)
        moment = _moment(message.timestamp)
        headers = {name: value for name, value in dict(event.headers or {}).items() if value is not None}
        fallback_id = "/".join(map(str, position))
        envelope = Envelope.of(headers, fallback_id=fallback_id, event_type=self.topic.name, time=moment)
        if not _is_writable(envelope.time):
            envelope = envelope.model_copy(update={"time": moment})
        found = digest(message.value or b"")
        return Place(envelope, *position, found, self._trace(envelope, f"{fallback_id}/{found}"))

    def _trace(self, envelope: Envelope, place: str) -> TraceContext:
        """Return the span of this stage's work on the record at a place, in the trace of its publisher or a new one."""
        parent = TraceContext.parse(envelope.traceparent)
        if parent is None:
            trace_id = derived(TRACE_DIGITS, "trace", place)
            parent = TraceContext(trace_id, "", self.ports.samples(trace_id))
        return parent.child(self.name, place)

    def _check_key(self, event: Any, subject: Subject) -> None:
        """Refuse a record that lies under another key than its own: its state is in another partition."""
        if self.topic.key not in STATEFUL_KEYS:
            return
        own = str(getattr(subject, self.topic.key))
        if event.message.key != own.encode():
            raise Undecodable("KEY-MISMATCH", f"the record's key is not its {self.topic.key}, {own}")

    def _key_subject(self, event: Any) -> Subject:
        key = (event.message.key or b"").decode(errors="replace")
        return Subject(UNKNOWN_TENANT, document_id=key if _DOCUMENT_KEY.fullmatch(key) else None)

    def _letter(self, event: Any, reason: str, detail: str) -> DeadLetter:
        message = event.message
        return DeadLetter(
            stage=self.name,
            topic=self.topic,
            partition=message.partition,
            offset=message.offset,
            timestamp=message.timestamp,
            key=message.key,
            value=message.value,
            headers=dict(event.headers or {}),
            reason=reason,
            detail=detail,
        )

    def _waves(self, place: Place, effects: Effects, running: Running) -> Waves:
        return waves(self.name, place, effects, release=effects.release or running.name, at=self.ports.now())

    async def _write(self, wave: tuple[Outgoing, ...]) -> tuple[Written, ...]:
        return tuple(await asyncio.gather(*(self.ports.deliver(record) for record in wave)))


def _moment(timestamp: float | None) -> datetime:
    """Return the time that a record carries; brokers take any number from a publisher, also one before year 1."""
    try:
        return datetime.fromtimestamp(timestamp or 0, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, tz=UTC)


def _is_writable(moment: datetime) -> bool:
    """Tell whether a moment has a form in UTC: 9999-12-31T23:59:59-23:59 has none."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True
