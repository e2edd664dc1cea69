"""Ids of spans: given where the pure part has decided them, random elsewhere (the API's requests, parts of a stage)."""

from contextvars import ContextVar

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from schemas.trace import TraceContext

_GIVEN: ContextVar[TraceContext | None] = ContextVar("given", default=None)


class GivenIds(RandomIdGenerator):
    """The provider's generator: the span that is started after `give` has the ids of that context."""

    def give(self, context: TraceContext) -> None:
        """Give the ids of a context to the span that this task starts next."""
        _GIVEN.set(context)

    def generate_span_id(self) -> int:
        """Return the given id, once, or a random one. It is the last that a new span asks for."""
        given = _GIVEN.get()
        if given is None:
            return super().generate_span_id()
        _GIVEN.set(None)
        return int(given.span_id, 16)

    def generate_trace_id(self) -> int:
        """Return the given id, or a random one; asked for only where a trace begins."""
        given = _GIVEN.get()
        return int(given.trace_id, 16) if given else super().generate_trace_id()
