"""Makes the application out of its ports. Nothing is opened here: app/api/server.py does that, or a test."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import Lifespan

from app.api import (
    anomalies,
    audit,
    decisions,
    documents,
    health,
    pages,
    payments,
    quality,
    releases,
    reviews,
    status,
    suppliers,
)
from app.api.access import OPEN_PATHS, ROUTE_ROLES
from app.api.bounds import BodyBound, Watch
from app.api.health import Probe
from app.api.ports import Ports
from app.api.problems import install
from app.api.submission import Turns
from app.console import routes as console
from app.tracing import UNTRACED, Tracing
from app.tracing.requests import TracedRequests

ROUTERS = (
    documents.router, decisions.router, payments.router, reviews.router, suppliers.router, health.router,
    pages.router, audit.router, releases.router, quality.router, anomalies.router, status.router,
)  # fmt: skip
DESCRIPTION = """Submit supplier invoices, follow what becomes of them, review what is held.

Every answer that is not a success is a problem (RFC 9457) whose `type` names it."""


class RouteUnguarded(Exception):  # noqa: N818 - it names the state of the route
    """A route has no row in the table of roles, or a row has no route."""


def create_api(
    ports: Ports,
    probes: Mapping[str, Probe],
    lifespan: Lifespan[FastAPI] | None = None,
    tracing: Tracing = UNTRACED,
) -> FastAPI:
    """Return the application.

    Raises:
        RouteUnguarded: where the routes and the table of roles do not say the same.
    """
    app = FastAPI(
        title="Quittance",
        version=version("quittance"),
        description=DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # the page would be loaded from somebody else's servers
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.ports = ports
    app.state.probes = probes
    app.state.turns = Turns()
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(console.router)  # its pages ask for a key in their own way: a browser sends no header
    install(app)
    app.add_middleware(BodyBound)
    app.add_middleware(Watch, meter=ports.meter)
    app.add_middleware(TracedRequests, tracing=tracing)
    _check_guards()
    return app


def routes() -> Iterator[tuple[str, str]]:
    """Yield method and path of every route."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in route.methods or ())


def _check_guards() -> None:
    guarded = {route for route in routes() if route[1] not in OPEN_PATHS}
    if wrong := guarded ^ ROUTE_ROLES.keys():
        raise RouteUnguarded(", ".join(f"{method} {path}" for method, path in sorted(wrong)))
