"""Spans that are kept: opened under the ids that the pure part gave them, closed with what came of the work."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)

from agents.effects import Effects, Outgoing, Place, Subject, Traced, Written
from app.logs import telling
from app.masking import mask
from app.tracing.ids import GivenIds
from app.tracing.names import SCHEMA_URL, SCOPE, Attribute, Part, process, send
from app.tracing.spans import Facts, Tracing, Work, caller_of, own_id
from schemas.topics import Topic
from schemas.trace import TraceContext

# Outcomes of a stage that a person has to look at.
FAILED = frozenset({"dead", "parked"})
# Reasons are codes of ours, or a bank's; what has not the form of one is somebody's text.
_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,39}")
_NO_CODE = "OTHER"
# From here on an HTTP status is our failure, not the client's.
SERVER_ERROR = 500
_PROCESSING: Facts = {
    Attribute.SYSTEM: "kafka", Attribute.OPERATION_NAME: "process", Attribute.OPERATION_TYPE: "process",
}  # fmt: skip
_SENDING: Facts = {Attribute.SYSTEM: "kafka", Attribute.OPERATION_NAME: "send", Attribute.OPERATION_TYPE: "send"}


class SpanWork(Work):
    """Work that has a span."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def came_to(self, effects: Effects) -> None:
        """Say whom it concerns and what the stage came to, at once, and link what joins here."""
        super().came_to(effects)
        facts: dict[str, str | tuple[str, ...]] = {Attribute.OUTCOME: effects.outcome, **_ids(effects.subject)}
        if effects.reasons:
            facts[Attribute.REASONS] = tuple(map(_code, effects.reasons))
        self._span.set_attributes(facts)
        if effects.outcome in FAILED:
            _fail(self._span, _code(effects.reasons[0] if effects.reasons else ""))
        for link in filter(None, map(TraceContext.parse, effects.links)):
            self._span.add_link(_remote(link))

    def note(self, facts: Facts) -> None:
        """Say what is known by now."""
        self._span.set_attributes(_masked(facts))

    def answered(self, name: str, route: str, status: int) -> None:
        """Name the span, and say how the request ended."""
        self._span.update_name(name)
        self._span.set_attributes({Attribute.ROUTE: route, Attribute.STATUS: status})
        if status >= SERVER_ERROR:
            _fail(self._span, str(status))


class _Sent(Work):
    """A record being sent: where it stands, once the broker has said so."""

    def __init__(self) -> None:
        self.facts: Facts = {}

    def stands(self, written: Written) -> None:
        """Keep where the broker put the record."""
        self.facts = {Attribute.PARTITION: str(written.partition), Attribute.OFFSET: written.offset}


class Recording(Tracing):
    """Spans go to a provider, which sends them on in the background."""

    def __init__(self, provider: TracerProvider, ids: GivenIds, ratio: float, group: str) -> None:
        """`ids` is the provider's own generator; `ratio` decides of traces that begin here, as the provider does.

        `group` is the consumer group of the process.
        """
        self._processing: Facts = {**_PROCESSING, Attribute.GROUP: group}
        self._provider = provider
        self._ids = ids
        self._root = TraceIdRatioBased(ratio)
        self._tracer = provider.get_tracer(SCOPE, schema_url=SCHEMA_URL)

    def samples(self, trace_id: str) -> bool:
        """Tell whether the spans of a trace that begins here are kept: a function of the id and the ratio."""
        return self._root.should_sample(None, int(trace_id, 16), "").decision is Decision.RECORD_AND_SAMPLE

    @contextmanager
    def traced(self, stage: str, place: Place) -> Iterator[Traced]:
        """Open the span of a stage's work on a record, under the record's own context."""
        if not place.trace.sampled:
            with super().traced(stage, place) as told:
                yield told
            return
        facts: Facts = {
            **self._processing,
            Attribute.DESTINATION: place.topic,
            Attribute.PARTITION: str(place.partition),
            Attribute.OFFSET: place.offset,
        }
        parent = _context(TraceContext.parse(place.envelope.traceparent))
        self._ids.give(place.trace)
        span = self._tracer.start_span(process(place.topic), parent, SpanKind.CONSUMER, facts)
        with super().traced(stage, place), _open(span):
            yield SpanWork(span)

    def sending(self, record: Outgoing) -> AbstractContextManager[Work]:
        """Return the span that the record's `traceparent` names, within that of the stage."""
        around = get_current_span()
        if not around.is_recording():
            return super().sending(record)
        context = TraceContext.parse(record.headers.get("traceparent", b"").decode("latin-1"))
        if context is None or _is(around, context):
            return super().sending(record)
        return self._sending(record, context)

    @contextmanager
    def _sending(self, record: Outgoing, context: TraceContext) -> Iterator[Work]:
        """Make the span at its end, when all is known of it: attributes one by one cost more than the span."""
        sent, start = _Sent(), time.time_ns()
        try:
            yield sent
        finally:
            self._ids.give(context)
            facts: Facts = {**_SENDING, Attribute.DESTINATION: record.topic, **sent.facts}
            span = self._tracer.start_span(send(record.topic), None, SpanKind.PRODUCER, facts, start_time=start)
            if not sent.facts:
                _fail(span, "NOT-WRITTEN")
            span.end()

    def part(self, part: Part, facts: Facts | None = None) -> AbstractContextManager[Work]:
        """Open a span for a part of the work at hand; where that has none, there is none."""
        if not get_current_span().is_recording():
            return super().part(part)
        return self._part(part, facts or {})

    @contextmanager
    def _part(self, part: Part, facts: Facts) -> Iterator[Work]:
        span = self._tracer.start_span(part, None, SpanKind.INTERNAL, _masked(facts))
        with _open(span):
            yield SpanWork(span)

    @contextmanager
    def request(self, headers: Mapping[bytes, bytes], method: str, scheme: str) -> Iterator[Work]:
        """Open the span of a request, in its client's trace if it has one."""
        facts: Facts = {Attribute.METHOD: method, Attribute.SCHEME: scheme}
        span = self._tracer.start_span(method, _context(caller_of(headers)), SpanKind.SERVER, facts)
        with telling(trace_id=f"{span.get_span_context().trace_id:032x}"), _open(span):
            yield SpanWork(span)

    @contextmanager
    def publishing(self, topic: Topic, size_bytes: int) -> Iterator[TraceContext | None]:
        """Open the span under which an event of a request goes out; yield the context that it carries."""
        facts: Facts = {**_SENDING, Attribute.DESTINATION: topic.name, Attribute.BODY_SIZE: size_bytes}
        span = self._tracer.start_span(send(topic.name), None, SpanKind.PRODUCER, facts)
        with _open(span):
            found = span.get_span_context()
            yield TraceContext(f"{found.trace_id:032x}", f"{found.span_id:016x}", found.trace_flags.sampled)

    def close(self) -> None:
        """Send what is left; never longer than CLOSE_SECONDS (app/tracing/export.py)."""
        self._provider.shutdown()


@contextmanager
def _open(span: Span) -> Iterator[None]:
    """Make a span the current one until its end. Of what is raised only the type is kept: its text may say anything."""
    token = attach(set_span_in_context(span))
    try:
        yield
    except BaseException as raised:
        _fail(span, type(raised).__name__)
        raise
    finally:
        detach(token)
        span.end()


def _ids(subject: Subject) -> dict[str, str]:
    ids = {
        Attribute.DOCUMENT: own_id(subject.document_id),
        Attribute.INVOICE: own_id(subject.invoice_key),
        Attribute.COMMAND: own_id(subject.command_id),
    }
    return {name: identifier for name, identifier in ids.items() if identifier}


def _context(parent: TraceContext | None) -> Context:
    """Return the context of a parent elsewhere; an empty one begins a trace, whatever is current."""
    return Context() if parent is None else set_span_in_context(NonRecordingSpan(_remote(parent)), Context())


def _remote(context: TraceContext) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if context.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(context.trace_id, 16), int(context.span_id, 16), is_remote=True, trace_flags=flags)


def _is(span: Span, context: TraceContext) -> bool:
    return span.get_span_context().span_id == int(context.span_id, 16)


def _code(reason: str) -> str:
    return reason if _CODE.fullmatch(reason) and mask(reason) == reason else _NO_CODE


def _masked(facts: Facts) -> dict[str, str | int]:
    return {name: mask(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}


def _fail(span: Span, error: str) -> None:
    span.set_attribute(Attribute.ERROR, error)
    span.set_status(StatusCode.ERROR)
