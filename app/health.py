"""Liveness, readiness and metrics of a worker process over HTTP, for orchestrators and Prometheus."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client.registry import Collector

from app.exposition import rendered
from app.settings import Settings

Ready = Callable[[], Awaitable[list[str]]]
Metrics = Callable[[], Awaitable[Collector]]


@asynccontextmanager
async def answering(settings: Settings, ready: Ready, metrics: Metrics, announce: int | None) -> AsyncIterator[None]:
    """Answer on the metrics port of the settings meanwhile.

    The port is written to the file descriptor `announce`, which is closed then: a parent waits for it.

    Raises:
        OSError: where the port is taken.
    """
    health = HealthServer(settings.metrics_host, settings.metrics_port, ready, metrics)
    await health.start()
    try:
        if announce is not None:
            os.write(announce, str(health.port).encode())
            os.close(announce)
        yield
    finally:
        await health.stop()


class HealthServer:
    """Serves /livez, /readyz and /metrics."""

    def __init__(self, host: str, port: int, ready: Ready, metrics: Metrics) -> None:
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
