"""A real HTTP server that speaks as an OpenAI-compatible endpoint does, and as one that has gone mad."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Written to the socket as it is, after the status line and headers that it holds.
Reply = Callable[[BaseHTTPRequestHandler], None]


class Endpoint:
    """Answers as it is told; `asked` are the bodies and keys that came."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.reply: Reply = says({})
        self.released = threading.Event()
        self.url = ""


def says(values: Any, *, tokens: Any = 50) -> Reply:
    """Return what answers with a completion that holds these values, or this text."""
    content = values if isinstance(values, str) else json.dumps(values)
    return raw(json.dumps({"choices": [{"message": {"content": content}}], "usage": {"total_tokens": tokens}}).encode())


def raw(body: bytes, status: int = 200, *, location: str | None = None, encoding: str | None = None) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (("Location", location), ("Content-Encoding", encoding)):
            if value is not None:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


@contextmanager
def running_endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            endpoint.paths.append(self.path)
            endpoint.keys.append(self.headers.get("Authorization"))
            endpoint.asked.append(json.loads(self.rfile.read(length)))
            try:
                endpoint.reply(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        endpoint.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield endpoint
        finally:
            endpoint.released.set()
            server.shutdown()
            thread.join()
