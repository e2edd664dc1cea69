"""Bounds on what a client may send, held while its bytes arrive; and the clock around each request."""

import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.meters import ApiMeter
from app.api.problems import Problem

# Ten times the largest invoice seen (app/documents/limits.py says the same of the store).
DOCUMENT_BYTES_MAX = 20 * 1024**2
# What multipart adds around a file: boundaries, headers, a few short fields.
MULTIPART_OVERHEAD_BYTES = 64 * 1024
# The largest invoice as JSON; everything else is far smaller.
BODY_BYTES_MAX = 1024**2
# A key, percent-encoded.
LOGIN_BYTES_MAX = 4 * 1024
BYTES_MAX: Mapping[str, int] = {
    "/v1/documents": DOCUMENT_BYTES_MAX + MULTIPART_OVERHEAD_BYTES,
    "/v1/suppliers/import": DOCUMENT_BYTES_MAX,
    "/console/login": LOGIN_BYTES_MAX,
}
# What is no route of ours is counted under one name, or a scanner would fill the metrics.
NO_ROUTE = "none"


class BodyBound:
    """Refuses a body that is too long as soon as that is known: by its stated length, else byte by byte."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bytes_max = BYTES_MAX.get(scope["path"], BODY_BYTES_MAX)
        stated = _stated_length(scope)
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            if stated > bytes_max:
                raise _too_large(bytes_max)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > bytes_max:
                raise _too_large(bytes_max)
            return message

        await self._app(scope, bounded, send)


class Watch:
    """Counts and times every request under its route."""

    def __init__(self, app: ASGIApp, meter: ApiMeter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            self._meter.answered(scope["method"], route, status, time.perf_counter() - begun)


def _stated_length(scope: Scope) -> int:
    stated = dict(scope["headers"]).get(b"content-length", b"")
    return int(stated) if stated.isdigit() and len(stated) < 20 else 0


def _too_large(bytes_max: int) -> Problem:
    return Problem("body-too-large", f"At most {bytes_max} bytes are taken here.", size_bytes_max=bytes_max)
