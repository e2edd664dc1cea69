"""A collector of our own: a real HTTP server that takes OTLP as protobuf and keeps the spans."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from app.local.ports import LOOPBACK

KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
ERROR = 2
OK = 200
# A guard against a hang only.
ARRIVAL_SECONDS = 60.0


@dataclass(frozen=True)
class ReceivedSpan:
    """One span as it came over the wire; ids in hex."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    links: tuple[tuple[str, str], ...]
    attributes: dict[str, Any]
    failed: bool
    start: int
    end: int


@dataclass
class Collector:
    """What has arrived. `status` is what the next requests are answered with."""

    url: str = ""
    status: int = 200
    requests: int = 0
    spans: list[ReceivedSpan] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def named(self, name: str) -> list[ReceivedSpan]:
        return [span for span in self.spans if span.name == name]

    def trace(self, trace_id: str) -> list[ReceivedSpan]:
        return sorted((span for span in self.spans if span.trace_id == trace_id), key=lambda span: span.start)

    def until(self, there: Callable[[], Any]) -> None:
        """Wait until what has arrived is enough."""
        with self._changed:
            assert self._changed.wait_for(there, ARRIVAL_SECONDS), [span.name for span in self.spans]

    def take(self, body: bytes) -> int:
        """Keep what a request holds, unless it is to be refused; return the status."""
        with self._changed:
            self.requests += 1
            if self.status == OK:
                self.bodies.append(body)
                self.spans += parsed(body)
            self._changed.notify_all()
            return self.status


def parsed(body: bytes) -> list[ReceivedSpan]:
    """Return the spans of one export request."""
    found = []
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        service = {each.key: _value(each.value) for each in resource.resource.attributes}["service.name"]
        for scope in resource.scope_spans:
            found += [
                ReceivedSpan(
                    service,
                    span.name,
                    KINDS[span.kind],
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    {each.key: _value(each.value) for each in span.attributes},
                    span.status.code == ERROR,
                    span.start_time_unix_nano,
                    span.end_time_unix_nano,
                )
                for span in scope.spans
            ]
    return found


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    return [_value(each) for each in value.array_value.values] if kind == "array_value" else getattr(value, kind or "")


@contextmanager
def running_collector(port: int = 0) -> Iterator[Collector]:
    """A collector that listens on this machine, in threads of its own; port 0 takes a free one."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(collector.take(gzip.decompress(body) if zipped else body))
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_line: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        collector.url = f"http://{LOOPBACK}:{server.server_address[1]}"
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
