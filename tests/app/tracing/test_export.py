"""Whatever the collector does, the work goes on: bounded queue, counted losses, one line of log."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from prometheus_client import CollectorRegistry

from app.local.ports import free_port
from app.settings import Settings
from app.tracing import UNTRACED, open_tracing
from app.tracing.export import BoundedProcessor, CountedExporter
from tests.app.tracing.test_recording import World
from tests.servers.collector import running_collector

ROOT = Path(__file__).resolve().parents[3]
SERVICE = "quittance-reader"


class Counts(dict[str, int]):
    def __call__(self, outcome: str, number: int) -> None:
        self[outcome] = self.get(outcome, 0) + number


class ScriptedExporter(SpanExporter):
    """Answers as it is told; keeps the names of the spans."""

    def __init__(self) -> None:
        self.result = SpanExportResult.SUCCESS
        self.names: list[str] = []

    def export(self, spans: "list[ReadableSpan]") -> SpanExportResult:  # type: ignore[override]
        self.names += [span.name for span in spans]
        return self.result

    def shutdown(self) -> None:
        """Close nothing."""


def value(registry: CollectorRegistry, outcome: str) -> float:
    found = registry.get_sample_value("quittance_spans_total", {"service": SERVICE, "outcome": outcome})
    assert found is not None
    return found


async def test_what_the_collector_takes_is_counted() -> None:
    registry = CollectorRegistry()
    with running_collector() as collector, open_tracing(Settings(otlp_endpoint=collector.url), SERVICE, registry) as on:
        await World(on).run()
    assert (value(registry, "exported"), value(registry, "failed"), value(registry, "dropped")) == (2, 0, 0)


async def test_without_a_collector_the_event_is_dealt_with_and_the_spans_are_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    registry = CollectorRegistry()
    away = Settings(otlp_endpoint=f"http://127.0.0.1:{free_port()}")
    with open_tracing(away, SERVICE, registry) as tracing:
        world = World(tracing)
        for offset in range(10):
            await world.run(offset=offset)
        assert "invoice.extracted" in world.producing.headers
    assert value(registry, "exported") == 0
    assert value(registry, "failed") + value(registry, "dropped") == 20
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) <= 1


def test_a_failing_collector_is_told_of_once_and_its_return_once(caplog: pytest.LogCaptureFixture) -> None:
    counts, script = Counts(), ScriptedExporter()
    exporter = CountedExporter(script, counts)
    script.result = SpanExportResult.FAILURE
    for _ in range(5):
        exporter.export([])
    script.result = SpanExportResult.SUCCESS
    exporter.export([])
    told = [record.getMessage() for record in caplog.records if record.name == "app.tracing.export"]
    assert told == ["the collector takes no spans, they are lost", "the collector takes spans again"]


def test_a_full_queue_drops_the_newest_and_counts_it() -> None:
    counts, script = Counts(), ScriptedExporter()
    script_exporter = CountedExporter(script, counts)
    processor = BoundedProcessor(script_exporter, counts, queue_spans_max=4)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("test")
    with processor._batch_processor._export_lock:  # nothing leaves the queue meanwhile
        for number in range(10):
            tracer.start_span(str(number)).end()
    provider.shutdown()
    assert script.names == ["0", "1", "2", "3"]
    assert counts == {"dropped": 6, "exported": 4}


async def test_without_an_endpoint_nothing_is_kept_and_ids_go_through() -> None:
    with open_tracing(Settings(), SERVICE) as tracing:
        world = World(tracing)
        await world.run(None)
    assert tracing is UNTRACED
    traceparent = world.producing.headers["invoice.extracted"]["traceparent"].decode()
    assert traceparent.endswith("-00")


def test_without_an_endpoint_no_opentelemetry_is_imported() -> None:
    program = "import app.worker, sys; print([m for m in sys.modules if m.startswith('opentelemetry')])"
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True)
    assert shown.stdout.strip() == "[]"
