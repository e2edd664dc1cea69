"""Ids of spans: given where the pure part has decided them, random elsewhere (the API's requests, parts of a stage)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from schemas.trace import TraceContext

_GIVEN: ContextVar[TraceContext | None] = ContextVar("given", default=None)


class GivenIds(RandomIdGenerator):
    """The provider's generator: a span that is started within `given` has the ids of that context."""

    @contextmanager
    def given(self, context: TraceContext) -> Iterator[None]:
        """Give the ids of a context to the span that is started within."""
        token = _GIVEN.set(context)
        try:
            yield
        finally:
            _GIVEN.reset(token)

    def generate_span_id(self) -> int:
        """Return the given id, or a random one."""
        given = _GIVEN.get()
        return int(given.span_id, 16) if given else super().generate_span_id()

    def generate_trace_id(self) -> int:
        """Return the given id, or a random one; asked for only where a trace begins."""
        given = _GIVEN.get()
        return int(given.trace_id, 16) if given else super().generate_trace_id()
