"""Liveness, readiness, metrics: for orchestrators and Prometheus, without a key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.api.ports import PortsOf
from app.exposition import rendered

router = APIRouter(tags=["health"])

# A probe that takes longer is a no; orchestrators ask again every few seconds.
PROBE_TIMEOUT_SECONDS = 3.0

Probe = Callable[[], Awaitable[None]]


@router.get("/livez")
async def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "What is missing, a line each"}})
async def ready(request: Request) -> JSONResponse:
    """Say whether the broker, the database, the document store and the projection are there."""
    probes: Mapping[str, Probe] = request.app.state.probes
    faults = await asyncio.gather(*(_fault(name, probe) for name, probe in probes.items()))
    missing = [fault for fault in faults if fault is not None]
    return JSONResponse({"status": "not ready" if missing else "ready", "missing": missing}, 503 if missing else 200)


@router.get("/metrics", response_class=Response)
async def metrics(request: Request, ports: PortsOf) -> Response:
    """Return the metrics as Prometheus reads them."""
    page, content_type = rendered(ports.meter.registry, request.headers.get("accept", ""))
    return Response(page, headers={"Content-Type": content_type})


async def _fault(name: str, probe: Probe) -> str | None:
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_SECONDS):
            await probe()
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        return f"{name}: {fault}" if str(fault) else f"{name}: {type(fault).__name__}"
    return None
