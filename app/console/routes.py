"""The console's addresses: log in and out, the page of the status, and the two files it needs."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from app.api.access import COOKIE, ROUTE_ROLES
from app.api.keys import KEY_LENGTH_MAX, Principal
from app.api.ports import Ports, PortsOf
from app.console.drawing import HEADERS, login_page, status_page

router = APIRouter(prefix="/console", include_in_schema=False)

STATUS, LOGIN = "/console/status", "/console/login"
# Whoever may ask for the figures may see them.
ROLES = ROUTE_ROLES["GET", "/v1/status"]
STATIC = Path(__file__).parent / "static"
SEE_OTHER = 303


@router.get("")
async def console() -> RedirectResponse:
    """Lead to the only page there is so far."""
    return RedirectResponse(STATUS, SEE_OTHER)


@router.get("/status")
async def status(request: Request, ports: PortsOf) -> Response:
    """Show the status to whoever has logged in with a key that may see it."""
    visitor = _visitor(ports, request.cookies.get(COOKIE, ""))
    if visitor is None:
        return RedirectResponse(LOGIN, SEE_OTHER, HEADERS)
    if not visitor.has(ROLES):
        return _refused(visitor)
    return HTMLResponse(status_page(await ports.status(), visitor.name), headers=HEADERS)


@router.get("/login")
async def login() -> HTMLResponse:
    """Ask for a key."""
    return HTMLResponse(login_page(), headers=HEADERS)


@router.post("/login")
async def log_in(request: Request, ports: PortsOf, key: Annotated[str, Form(max_length=KEY_LENGTH_MAX)]) -> Response:
    """Keep a key that is known in the browser, where no script can read it, until the browser is closed."""
    if _is_foreign(request):
        return HTMLResponse(login_page("Log in from this page, please."), 403, HEADERS)
    visitor = _visitor(ports, key.strip())
    if visitor is None:
        return HTMLResponse(login_page("The key is unknown or was revoked."), 401, HEADERS)
    if not visitor.has(ROLES):
        return _refused(visitor)
    answer = RedirectResponse(STATUS, SEE_OTHER, HEADERS)
    answer.set_cookie(COOKIE, key.strip(), httponly=True, samesite="strict", secure=_is_encrypted(request))
    return answer


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """Forget the key."""
    answer = RedirectResponse(LOGIN, SEE_OTHER, HEADERS)
    if not _is_foreign(request):
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_encrypted(request))
    return answer


@router.get("/status.css")
async def style() -> FileResponse:
    """Return the style sheet."""
    return FileResponse(STATIC / "status.css", media_type="text/css", headers=HEADERS)


@router.get("/status.js")
async def script() -> FileResponse:
    """Return the script."""
    return FileResponse(STATIC / "status.js", media_type="text/javascript", headers=HEADERS)


def _visitor(ports: Ports, key: str) -> Principal | None:
    return ports.keyring.principal(key) if key else None


def _refused(visitor: Principal) -> HTMLResponse:
    words = f"The key of {visitor.name} may not see this: it needs the role {' or '.join(sorted(ROLES))}."
    return HTMLResponse(login_page(words), 403, HEADERS)


def _is_foreign(request: Request) -> bool:
    """Tell whether another site's page sent the form. Browsers say so themselves; programs say nothing."""
    return request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


def _is_encrypted(request: Request) -> bool:
    """Tell whether the browser speaks TLS, with us or with a proxy before us. A lie makes the cookie stricter only."""
    return "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "").strip().lower()}
