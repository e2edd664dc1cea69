"""Every answer that is not a success, as RFC 9457 wants it: named, typed, with a sentence for a person."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from app.documents.failures import (
    DocumentErased,
    DocumentFailure,
    DocumentTooLarge,
    PermanentFailure,
    ReferenceRefused,
)
from app.publishing import Unpublished
from app.readmodel.cursor import CursorInvalid

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:quittance:problem:"
# A broker election or a restarted database is over in a few seconds.
RETRY_AFTER_SECONDS = 5

# Each problem's name, with its status and title.
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "request-invalid": (422, "The request does not have the expected form"),
    "key-missing": (401, "An API key is needed"),
    "key-unknown": (401, "The API key is not known"),
    "role-missing": (403, "The API key does not have a role that may do this"),
    "four-eyes": (403, "Whoever captured or corrected a document may not approve it"),
    "not-found": (404, "There is no such thing here"),
    "method-not-allowed": (405, "This resource does not know the method"),
    "document-not-held": (409, "The document does not wait for a review"),
    "document-has-payment": (409, "A payment of the document is on its way or done"),
    "payment-accepted": (409, "The payment can no longer be cancelled"),
    "document-erased": (409, "The document was erased, and cannot be submitted again"),
    "document-without-key": (409, "The document was never read far enough to be reviewed"),
    "request-in-flight": (409, "A request with this Idempotency-Key is not finished"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used for another request"),
    "body-too-large": (413, "The body has more bytes than are taken"),
    "media-type-unsupported": (415, "The body is of a kind that is not taken here"),
    "reference-refused": (422, "The reference is malformed or outside of what is allowed"),
    "suppliers-invalid": (422, "The supplier file has faults; nothing of it was imported"),
    "release-refused": (409, "The release cannot take this step"),
    "release-conflict": (409, "The release was changed by somebody else at the same time"),
    "release-of-the-house": (403, "Releases are not a tenant's own"),
    "content-gone": (404, "The document's bytes cannot be had"),
    "broker-unconfirmed": (503, "The event was not confirmed by the broker"),
    "documents-unavailable": (503, "The document store does not answer"),
    "database-unavailable": (503, "The read model does not answer"),
    "audit-unavailable": (503, "Nothing can be proven of the audit log just now"),
    "anomalies-unavailable": (503, "Nobody has looked at the suppliers just now"),
    "reports-unavailable": (503, "The reports of regressions cannot be had just now"),
    "pictures-unavailable": (503, "Nothing can be drawn just now"),
    "reference-unavailable": (503, "The reference data is not there yet"),
    "http-error": (400, "The request cannot be served"),
    "unexpected": (500, "Something unexpected went wrong"),
}


class Problem(HTTPException):
    """An answer that is not a success. `extensions` are further members of the problem object."""

    def __init__(
        self, name: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **extensions: Any
    ) -> None:
        status, title = PROBLEMS[name]
        super().__init__(status, detail or title, headers=dict(headers or {}))
        self.name = name
        self.title = title
        self.extensions = extensions


def unavailable(name: str, detail: str) -> Problem:
    """Return a problem that passes by itself."""
    return Problem(name, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def respond(request: Request, problem: Problem) -> JSONResponse:
    """Return the response that carries a problem."""
    body = {
        "type": TYPE_PREFIX + problem.name,
        "title": problem.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "instance": request.url.path,
        **problem.extensions,
    }
    return JSONResponse(body, problem.status_code, headers=problem.headers, media_type=MEDIA_TYPE)


def problem_of(failure: Exception) -> Problem:
    """Return the problem that an expected failure of a port, or of the framework, is to a client."""
    for kind, translate in _TRANSLATIONS:
        if isinstance(failure, kind):
            return translate(failure)
    return Problem("unexpected", "The log of the API knows more.")


def install(app: FastAPI) -> None:
    """Make every failure of the application leave as a problem."""

    async def answer(request: Request, failure: Exception) -> JSONResponse:
        return respond(request, problem_of(failure))

    for kind in (*(kind for kind, _ in _TRANSLATIONS), Exception):
        app.add_exception_handler(kind, answer)


def _errors(failure: RequestValidationError) -> list[dict[str, str]]:
    return [
        {"pointer": "/" + "/".join(map(str, error["loc"])), "detail": str(error["msg"])} for error in failure.errors()
    ]


def _of_framework(failure: HTTPException) -> Problem:
    names = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large", 415: "media-type-unsupported"}
    problem = Problem(names.get(failure.status_code, "http-error"), failure.detail, headers=failure.headers)
    problem.status_code = failure.status_code
    return problem


def _of_document(failure: DocumentFailure) -> Problem:
    match failure:
        case DocumentTooLarge():
            return Problem("body-too-large", failure.detail)
        case ReferenceRefused():
            return Problem("reference-refused", failure.detail)
        case DocumentErased():
            return Problem("document-erased", failure.code)
        case PermanentFailure():
            return Problem("content-gone", failure.code)
        case _:
            return unavailable("documents-unavailable", failure.code)


def _of_database(failure: SQLAlchemyError | OSError) -> Problem:
    log.warning("the read model does not answer: %s", failure)
    return unavailable("database-unavailable", type(failure).__name__)


def _of_broker(failure: Unpublished) -> Problem:
    return unavailable("broker-unconfirmed", f"{failure.reason}; the same request may be sent again")


# The first kind that fits speaks.
_TRANSLATIONS: tuple[tuple[type[Exception], Callable[[Any], Problem]], ...] = (
    (Problem, lambda problem: problem),
    (HTTPException, _of_framework),
    (RequestValidationError, lambda failure: Problem("request-invalid", errors=_errors(failure))),
    (CursorInvalid, lambda failure: Problem("request-invalid", f"cursor: {failure}")),
    (DocumentFailure, _of_document),
    (Unpublished, _of_broker),
    (SQLAlchemyError, _of_database),
    (OSError, _of_database),  # asyncpg's refused connections and time-outs come as they are
)
