"""Makes tracing out of the settings: only with an endpoint is anything of the SDK imported."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter

from app.release import release_id
from app.settings import Settings
from app.tracing.spans import UNTRACED, Tracing

OUTCOMES = ("exported", "failed", "dropped")


@contextmanager
def open_tracing(settings: Settings, service: str, registry: CollectorRegistry | None = None) -> Iterator[Tracing]:
    """Yield what the settings want; what is left to send is sent at the end, in bounded time.

    `service` is the `service.name` of the process's spans; they are counted in `registry`.
    """
    if settings.otlp_endpoint is None:
        yield UNTRACED
        return
    tracing = _recording(settings.otlp_endpoint, settings.trace_ratio, service, registry)
    try:
        yield tracing
    finally:
        tracing.close()


def _recording(endpoint: str, ratio: float, service: str, registry: CollectorRegistry | None) -> Tracing:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - costs nothing where nobody wants spans
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415

    from app.tracing.export import BoundedProcessor, CountedExporter, otlp_exporter  # noqa: PLC0415
    from app.tracing.ids import GivenIds  # noqa: PLC0415
    from app.tracing.recording import Recording  # noqa: PLC0415

    spans = counter_of_spans(registry)
    for outcome in OUTCOMES:
        spans.labels(service, outcome)

    def count(outcome: str, number: int) -> None:
        spans.labels(service, outcome).inc(number)

    ids = GivenIds()
    resource = Resource.create(
        {"service.name": service, "service.namespace": "quittance", "service.version": release_id()}
    )
    provider = TracerProvider(ParentBasedTraceIdRatio(ratio), resource, shutdown_on_exit=False, id_generator=ids)
    provider.add_span_processor(BoundedProcessor(CountedExporter(otlp_exporter(endpoint), count), count))
    return Recording(provider, ids, ratio, group=service)


def counter_of_spans(registry: CollectorRegistry | None) -> Counter:
    """Return the metric of tracing: the only one, and none where there is no tracing."""
    return Counter(
        "quittance_spans",
        "Spans by what became of them. `failed` or `dropped` rises: the collector is away or slow. No work is held up.",
        ("service", "outcome"),
        registry=registry,
    )
