"""The API's requests as spans: within the client's trace where it sent a `traceparent`, else one of their own."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.tracing.spans import Tracing

# What is no route of ours has one name, or a scanner would fill the collector with its paths.
NO_ROUTE = "none"
# Asked every few seconds by machines that watch: nobody looks at their spans, they would only hide the others.
PROBES = frozenset({"/livez", "/readyz", "/metrics"})


class TracedRequests:
    """Opens a span around every request, under the route that it came to."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"]
        with self._tracing.request(dict(scope["headers"]), method, scope["scheme"]) as request:
            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", NO_ROUTE)
                request.answered(f"{method} {route}", route, status)
