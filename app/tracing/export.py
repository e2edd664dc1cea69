"""Sends spans in the background. It may never hold up or end the work: what cannot be sent is counted, and lost."""

import logging
import threading
from collections.abc import Callable, Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

log = logging.getLogger(__name__)

# Ten seconds of a busy worker, in some megabytes. While the collector is away longer than that, spans are lost.
QUEUE_SPANS_MAX = 8_192
BATCH_SPANS_MAX = 512
SEND_EVERY_MS = 1_000
# A batch that the collector has not taken by then is given up; the client tries again by itself until then.
EXPORT_SECONDS = 5.0
# At the end of a process its spans are worth so long a wait, no longer.
CLOSE_SECONDS = 2.0
PATH = "/v1/traces"
# The SDK tells of each failure, and of each dropped span; we tell once, and count.
SDK_LOGGERS = ("opentelemetry.sdk._shared_internal", "opentelemetry.exporter.otlp.proto.http.trace_exporter")

Count = Callable[[str, int], None]


def otlp_exporter(endpoint: str) -> SpanExporter:
    """Return the exporter to a collector's base URL; its headers are those of OTEL_EXPORTER_OTLP_HEADERS."""
    for name in SDK_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return OTLPSpanExporter(endpoint=endpoint.rstrip("/") + PATH, timeout=EXPORT_SECONDS)


class CountedExporter(SpanExporter):
    """Counts what the collector takes and what it does not, and tells of the change from one to the other."""

    def __init__(self, exporter: SpanExporter, count: Count) -> None:
        """`count` is told `exported` or `failed`, and how many; it is called in the sending thread."""
        self.taken = 0  # out of the queue
        self.answered = 0  # of those, taken by the collector or given up
        self.is_closed = False
        self._exporter = exporter
        self._count = count
        self._is_well = True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch."""
        self.taken += len(spans)
        result = self._exporter.export(spans)
        well = result is SpanExportResult.SUCCESS
        if not self.is_closed:  # else they were counted as lost by then
            self.answered += len(spans)
            self._count("exported" if well else "failed", len(spans))
        if well != self._is_well:
            self._is_well = well
            log.warning("the collector takes spans again" if well else "the collector takes no spans, they are lost")
        return result

    def shutdown(self) -> None:
        """Close the connection."""
        self._exporter.shutdown()


class BoundedProcessor(BatchSpanProcessor):
    """The SDK's batches, with the newest span dropped and counted where the queue is full.

    The SDK alone drops the oldest, which is often the beginning of a trace, and tells nobody how many.
    """

    def __init__(
        self,
        exporter: CountedExporter,
        count: Count,
        *,
        queue_spans_max: int = QUEUE_SPANS_MAX,
        close_seconds: float = CLOSE_SECONDS,
    ) -> None:
        """`count` is told `dropped`; the numbers are replaced in tests."""
        super().__init__(
            exporter,
            max_queue_size=queue_spans_max,
            schedule_delay_millis=SEND_EVERY_MS,
            max_export_batch_size=min(BATCH_SPANS_MAX, queue_spans_max),
        )
        self._counted = exporter
        self._count = count
        self._queue_spans_max = queue_spans_max
        self._close_seconds = close_seconds
        self._queued = 0

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span that has ended."""
        if self._queued - self._counted.taken >= self._queue_spans_max:
            self._count("dropped", 1)
            return
        self._queued += 1
        super().on_end(span)

    def shutdown(self) -> None:
        """Send what is left, in bounded time: a collector that hangs is left to its thread, which ends with us."""
        closing = threading.Thread(target=super().shutdown, name="last-spans", daemon=True)
        closing.start()
        closing.join(self._close_seconds)
        self._counted.is_closed = True
        left = self._queued - self._counted.answered
        if left:
            self._count("dropped", left)
