"""Traces: one from the request or the publisher's `traceparent` to the payment command, over OTLP where that is wanted.

Which span a stage works in, and what it writes onto records, is decided in the pure part (schemas/trace.py), as a
function of the record read. Here those spans are opened, timed and sent. Without an endpoint no OpenTelemetry is
imported, no span is made, and ids go through all the same: audit entries and logs always carry them.
"""

from app.tracing.opening import open_tracing
from app.tracing.spans import UNTRACED, Tracing

__all__ = ["UNTRACED", "Tracing", "open_tracing"]
