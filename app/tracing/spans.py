"""What the processes ask of tracing, and what it is where nobody wants spans: ids go through, nothing is kept."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from agents.effects import Effects, Outgoing, Place, Subject, Traced, Written
from app.logs import tell, telling, told
from app.tracing.names import Attribute, Part
from schemas.topics import Topic
from schemas.trace import TraceContext

# Attributes by name, which are members of `Attribute`.
Facts = Mapping[str, str | int]
# Ids of our own form. Anything else that stands where an id should is a publisher's text, and is not repeated.
_OWN_ID = re.compile(r"sha256:[0-9a-f]{64}|ik_[a-z2-7]{26}|Q[A-Z2-7]{26}")
# The context of the request that this task serves, as its client sent it.
_CALLER: ContextVar[TraceContext | None] = ContextVar("caller", default=None)


def own_id(identifier: str | None) -> str | None:
    """Return an identifier of one of our own forms, or None."""
    return identifier if identifier is not None and _OWN_ID.fullmatch(identifier) else None


class Work:
    """Some work under way, as whoever does it tells of it: an event in a stage, a record being sent, a request."""

    def concerns(self, subject: Subject) -> None:
        """Let every line of the log that follows name the document."""
        ids = {"document_id": own_id(subject.document_id), "command_id": own_id(subject.command_id)}
        tell(**{name: identifier for name, identifier in ids.items() if identifier})

    def came_to(self, effects: Effects) -> None:
        """Take note of a stage's outcome, and of whom it concerns: a bank's report does not say whose it is."""
        if "document_id" not in told():
            self.concerns(effects.subject)

    def stands(self, written: Written) -> None:
        """Take note of where the broker put a record."""

    def note(self, facts: Facts) -> None:
        """Take note of what is known by now."""

    def answered(self, name: str, route: str, status: int) -> None:
        """Take note of a request's answer, and of the name that it has by its route."""


_WORK = Work()


class Tracing:
    """Tracing where no endpoint is set: nothing is kept."""

    def samples(self, trace_id: str) -> bool:  # noqa: ARG002 - see Recording
        """Tell whether the spans of a trace that begins here are kept."""
        return False

    @contextmanager
    def traced(self, stage: str, place: Place) -> Iterator[Traced]:
        """Open the span of a stage's work on a record, and tell the logs of it."""
        with telling(trace_id=place.trace.trace_id, span_id=place.trace.span_id, stage=stage):
            yield _WORK

    def sending(self, record: Outgoing) -> AbstractContextManager[Work]:  # noqa: ARG002 - see Recording
        """Open the span under which a stage's record goes out, if it has one of its own."""
        return nullcontext(_WORK)

    def part(self, part: Part, facts: Facts | None = None) -> AbstractContextManager[Work]:  # noqa: ARG002 - see Recording
        """Open a span for a part of the work at hand; where that has none, there is none."""
        return nullcontext(_WORK)

    def child(self, pid: int) -> AbstractContextManager[Work]:
        """Open a span for what a child process does. It has no way out of its own, so its parent tells of it."""
        return self.part(Part.CHILD, {Attribute.PID: pid})

    @contextmanager
    def request(self, headers: Mapping[bytes, bytes], method: str, scheme: str) -> Iterator[Work]:  # noqa: ARG002 - see Recording
        """Open the span of a request, in its client's trace if it has one."""
        caller = caller_of(headers)
        token = _CALLER.set(caller)
        try:
            with telling(**({"trace_id": caller.trace_id} if caller else {})):
                yield _WORK
        finally:
            _CALLER.reset(token)

    @contextmanager
    def publishing(self, topic: Topic, size_bytes: int) -> Iterator[TraceContext | None]:  # noqa: ARG002 - see Recording
        """Open the span under which an event of a request goes out; yield the context that it carries."""
        yield _CALLER.get()

    def close(self) -> None:
        """Send what is left; never longer than CLOSE_SECONDS."""


def caller_of(headers: Mapping[bytes, bytes]) -> TraceContext | None:
    """Return the context that a client sent."""
    return TraceContext.parse(headers.get(b"traceparent", b"").decode("latin-1"))


UNTRACED = Tracing()
