"""The one page for people: what the API offers, from its own description, without a script or a foreign server."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.access import ROUTE_ROLES

router = APIRouter()

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
code {{ font-size: 0.95em; }} td {{ padding: 0.2rem 1.5rem 0.2rem 0; vertical-align: top; }}
small {{ color: #555; }}
</style></head><body><h1>{title}</h1><p>{description}</p>
<p>Send an API key with each request: <code>Authorization: Bearer inv_live_...</code> or <code>X-API-Key</code>.
The full description for programs is <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
<table>{rows}</table></body></html>"""
_ROW = "<tr><td><code>{method} {path}</code></td><td>{summary}<br><small>{roles}</small></td></tr>"
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


@router.get("/docs", include_in_schema=False)
async def overview(request: Request) -> HTMLResponse:
    """Return the page."""
    return HTMLResponse(render(request.app.openapi()), headers=_HEADERS)


def render(description: dict[str, Any]) -> str:
    """Return the page of an OpenAPI description."""
    rows = [
        _ROW.format(
            method=method.upper(),
            path=escape(path),
            summary=escape(operation.get("description") or operation.get("summary", "")),
            roles=escape(_roles(method.upper(), path)),
        )
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    told = description["info"]
    return _PAGE.format(title=escape(told["title"]), description=escape(told["description"]), rows="\n".join(rows))


def _roles(method: str, path: str) -> str:
    roles = ROUTE_ROLES.get((method, path))
    return "no key needed" if roles is None else "for " + ", ".join(sorted(roles))
