"""Who may do what: one table, and the dependency that holds every route to it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from app.api.keys import ROLES, Principal, Role
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem
from schemas.decision import ReviewAction

ANYBODY: frozenset[Role] = ROLES
READERS: frozenset[Role] = frozenset({"reviewer", "approver", "auditor", "operator"})

# (method, path): the roles of which one is needed. A route without a row does not start (create_api checks).
ROUTE_ROLES: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/v1/documents"): frozenset({"submitter"}),
    ("GET", "/v1/documents"): ANYBODY,
    ("GET", "/v1/documents/{document_id}"): ANYBODY,
    ("GET", "/v1/documents/{document_id}/content"): frozenset({"reviewer", "approver", "auditor"}),
    ("GET", "/v1/documents/{document_id}/audit"): frozenset({"reviewer", "approver", "auditor"}),
    ("POST", "/v1/documents/{document_id}/reanalyze"): frozenset({"reviewer", "operator"}),
    ("POST", "/v1/decisions"): ANYBODY,
    ("GET", "/v1/decisions/{document_id}"): ANYBODY,
    ("GET", "/v1/payments"): READERS,
    ("GET", "/v1/payments/{command_id}"): READERS,
    ("POST", "/v1/payments/{command_id}/cancel"): frozenset({"approver"}),
    ("POST", "/v1/reviews/{document_id}"): frozenset({"reviewer", "approver"}),
    ("GET", "/v1/suppliers"): READERS,
    ("GET", "/v1/suppliers/{supplier_id}"): READERS,
    ("PUT", "/v1/suppliers/{supplier_id}"): frozenset({"operator"}),
    ("POST", "/v1/suppliers/import"): frozenset({"operator"}),
    ("GET", "/v1/status"): READERS,
    ("GET", "/v1/releases"): READERS,
    ("POST", "/v1/releases"): frozenset({"operator"}),
    ("GET", "/v1/releases/{release_id}"): READERS,
    ("POST", "/v1/releases/{release_id}/{wish}"): frozenset({"operator"}),
    ("GET", "/v1/quality/anomalies"): frozenset({"auditor", "operator"}),
    ("GET", "/v1/quality/causes"): frozenset({"auditor", "operator", "reviewer"}),
    # It shows the document, as its content does.
    ("GET", "/v1/quality/causes/{feedback_id}/picture.png"): frozenset({"auditor", "reviewer"}),
    ("GET", "/v1/audit/checkpoint"): frozenset({"auditor", "operator"}),
    ("GET", "/v1/audit/{seq}/proof"): frozenset({"auditor", "operator"}),
}
# What needs more than the route: an approval moves money, a correction prepares it.
REVIEW_ROLES: Mapping[ReviewAction, frozenset[Role]] = {
    "approve": frozenset({"approver"}),
    "correct": frozenset({"reviewer"}),
    "reject": frozenset({"reviewer", "approver"}),
}
# These say nothing about anybody's invoices.
OPEN_PATHS = frozenset({"/livez", "/readyz", "/metrics", "/v1/openapi.json", "/docs"})

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="quittance"'}
_bearer = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer inv_live_...`")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same API key in a header of its own")

# The console's cookie holds the key that somebody has logged in with (docs/decisions/0036). It opens the routes that
# ask for `AuthorizedByPage`, which only tell something; on every other it is as good as nothing.
COOKIE = "quittance_key"
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The same API key, as the console's log-in keeps it")


def authenticate(
    ports: PortsOf,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Principal:
    """Return whose key came with the request."""
    presented = bearer.credentials if bearer is not None else header
    if not presented:
        raise Problem("key-missing", "Send Authorization: Bearer <key> or X-API-Key: <key>.", headers=_CHALLENGE)
    principal = _known(ports, presented)
    if principal is None:
        raise Problem("key-unknown", "The key is unknown or was revoked.", headers=_CHALLENGE)
    return principal


def authorize(request: Request, principal: Annotated[Principal, Depends(authenticate)]) -> Principal:
    """Return the principal, once the table says that it may use the route."""
    demand(principal, ROUTE_ROLES[request.method, request.scope["route"].path])
    return principal


def authorize_page(
    request: Request,
    ports: PortsOf,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Principal:
    """As `authorize`, also by the console's cookie where no header has a key."""
    return authorize(request, authenticate(ports, bearer, header or cookie))


def demand(principal: Principal, roles: frozenset[Role]) -> None:
    """Refuse a principal that has none of the roles."""
    if not principal.has(roles):
        needed = " or ".join(sorted(roles))
        raise Problem("role-missing", f"This needs the role {needed}.", roles=sorted(roles))


def _known(ports: Ports, presented: str) -> Principal | None:
    return ports.keyring.principal(presented)


Authorized = Annotated[Principal, Depends(authorize)]
AuthorizedByPage = Annotated[Principal, Depends(authorize_page)]
