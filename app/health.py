"""Liveness, readiness and metrics of a worker process over HTTP, for orchestrators and Prometheus."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client.registry import Collector

from app.exposition import rendered

Metrics = Callable[[], Awaitable[Collector]]


class HealthServer:
    """Serves /livez, /readyz and /metrics."""

    def __init__(self, host: str, port: int, ready: Callable[[], Awaitable[list[str]]], metrics: Metrics) -> None:
        """Port 0 takes a free one; `port` tells which after `start`."""
        self.host = host
        self.port = port
        self._ready = ready
        self._metrics = metrics
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: where the port is taken.
        """
        application = web.Application()
        application.router.add_get("/livez", self._livez)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._page)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        addresses = self._runner.addresses
        self.port = addresses[0][1] if addresses else self.port

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _livez(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _readyz(self, _request: web.Request) -> web.Response:
        missing = await self._ready()
        status = "ready" if not missing else "not ready"
        return web.json_response({"status": status, "missing": missing}, status=200 if not missing else 503)

    async def _page(self, request: web.Request) -> web.Response:
        page, content_type = rendered(await self._metrics(), request.headers.get("Accept", ""))
        return web.Response(body=page, headers={"Content-Type": content_type})
