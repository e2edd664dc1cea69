"""Documents: submit, look, list, fetch the bytes, see what was done, have it read again."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from app.api.access import Authorized
from app.api.keys import Principal
from app.api.parameters import PAGE_LIMIT_DEFAULT, Cursor, DocumentPath, Limit
from app.api.ports import Ports, PortsOf
from app.api.preferences import parse_wait
from app.api.problems import Problem
from app.api.repeated import once
from app.api.submission import Turns, announce_again, announce_once
from app.api.upload import DocumentReference, Upload, clean_media_type, read_submission
from app.api.waiting import await_result
from app.documents.failures import PermanentFailure
from app.readmodel.views import DocumentSummary, DocumentView
from schemas.audit import AuditEntry
from schemas.base import Record
from schemas.events import DocumentReceived, DocumentState
from schemas.identifiers import digest, document_id

router = APIRouter(prefix="/v1/documents", tags=["documents"])

# While one of these stands, another reading could only argue with a payment.
_PAID_STATES = frozenset({"approved", "payment_initiated", "payment_accepted", "settled"})
_BODY_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                        "source": {"type": "string", "maxLength": 128, "description": "where it comes from"},
                    },
                }
            },
            "application/json": {
                "schema": DocumentReference.model_json_schema(ref_template="#/components/schemas/{model}")
            },
        },
    }
}


class DocumentPage(Record):
    """Some documents, and the cursor of the next page."""

    items: tuple[DocumentSummary, ...]
    next: str | None = None


class AuditTrail(Record):
    """What was done to a document, in order."""

    entries: tuple[AuditEntry, ...]


class Reanalysis(Record):
    """Another reading that was asked for, by its number."""

    document_id: str
    analysis: int


@router.post(
    "",
    status_code=202,
    openapi_extra=_BODY_SCHEMA,
    responses={200: {"model": DocumentView, "description": "The result, within the time of `Prefer: wait`"}},
    response_model=DocumentView,
)
async def submit(
    request: Request,
    ports: PortsOf,
    principal: Authorized,
    prefer: Annotated[str | None, Header(description="wait=SECONDS, at most 30")] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Response:
    """Submit a document; the same bytes again are the same document."""
    received = await _received(ports, principal, await read_submission(request))
    turns: Turns = request.app.state.turns

    async def take_in() -> Response:
        await announce_once(ports, turns, received)
        return await _accepted(ports, received)

    meaning = digest(f"{received.document_id} {received.reference} {received.source}".encode())
    answer = await once(ports, principal, idempotency_key, meaning, take_in)
    wait = parse_wait(prefer)
    return answer if wait is None else await _result(ports, received, wait, answer)


@router.get("")
async def list_documents(
    ports: PortsOf,
    principal: Authorized,
    status: Annotated[DocumentState | None, Query()] = None,
    supplier: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_LIMIT_DEFAULT,
) -> DocumentPage:
    """Return documents, those received last first."""
    page = await ports.read_model.documents(
        principal.tenant, state=status, supplier=supplier, cursor=cursor, limit=limit
    )
    return DocumentPage(items=page.items, next=page.cursor)


@router.get("/{document_id}")
async def show(ports: PortsOf, principal: Authorized, document_id: DocumentPath) -> DocumentView:
    """Return one document with its latest state, reasons and findings."""
    return await known_document(ports, principal, document_id)


@router.get("/{document_id}/content", response_class=Response)
async def content(ports: PortsOf, principal: Authorized, document_id: DocumentPath) -> Response:
    """Return the bytes of the document, as they were received."""
    document = await known_document(ports, principal, document_id)
    if document.reference is None:
        raise Problem("content-gone", "Nobody said where the document lies.")
    try:
        found = await ports.documents.fetch(document.reference, document_id)
    except PermanentFailure as gone:
        raise Problem("content-gone", gone.code) from None
    # The bytes are a stranger's: no browser may show them under our name.
    headers = {
        "Content-Disposition": f'attachment; filename="{document_id.removeprefix("sha256:")[:16]}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(found, media_type=clean_media_type(document.media_type), headers=headers)


@router.get("/{document_id}/audit")
async def audit(ports: PortsOf, principal: Authorized, document_id: DocumentPath) -> AuditTrail:
    """Return what each stage and each person did to the document, its invoice and its payments."""
    document = await known_document(ports, principal, document_id)
    return AuditTrail(entries=await ports.read_model.audit(document))


@router.post("/{document_id}/reanalyze", status_code=202)
async def reanalyze(request: Request, ports: PortsOf, principal: Authorized, document_id: DocumentPath) -> Reanalysis:
    """Have the same bytes read again, by the readers and rules of today."""
    document = await known_document(ports, principal, document_id)
    if document.state in _PAID_STATES:
        raise Problem("document-has-payment", f"The document is {document.state}.", state=document.state)
    if document.reference is None:
        raise Problem("content-gone", "Nobody said where the document lies.")
    again = DocumentReceived(
        document_id=document_id,
        reference=document.reference,
        tenant=principal.tenant,
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        source=document.source,
        received_at=ports.now(),
        submitted_by=document.submitted_by,
        analysis=document.analysis,
    )
    analysis = await announce_again(ports, request.app.state.turns, again)
    return Reanalysis(document_id=document_id, analysis=analysis)


async def known_document(ports: Ports, principal: Principal, document_id: str) -> DocumentView:
    """Return the tenant's document.

    Raises:
        Problem: 404 where the tenant has none of that id.
    """
    document = await ports.read_model.document(principal.tenant, document_id)
    if document is None:
        raise Problem("not-found", "No document of that id is known.")
    return document


async def _received(ports: Ports, principal: Principal, submission: Upload | DocumentReference) -> DocumentReceived:
    stated: dict[str, Any]
    match submission:
        case Upload():
            stored = await ports.documents.put(submission.content, submission.media_type)
            stated = {
                "document_id": document_id(submission.content),
                "reference": str(stored),
                "media_type": submission.media_type,
                "size_bytes": len(submission.content),
            }
        case DocumentReference():
            stated = {
                "document_id": submission.identifier,
                "reference": submission.reference,
                "media_type": clean_media_type(submission.media_type, submission.reference),
            }
    return DocumentReceived(
        **stated,
        tenant=principal.tenant,
        source=submission.source or "api",
        received_at=ports.now(),
        submitted_by=principal.name,
    )


async def _accepted(ports: Ports, received: DocumentReceived) -> Response:
    known = await ports.read_model.document(received.tenant, received.document_id)
    shown = known or DocumentView.model_validate(
        received.model_dump(exclude_none=True) | {"state": "received", "final": False}
    )
    return _respond(202, shown)


async def _result(ports: Ports, received: DocumentReceived, wait: float, otherwise: Response) -> Response:
    document = await await_result(ports, received.tenant, received.document_id, wait)
    response = otherwise if document is None else _respond(200, document)
    response.headers["Preference-Applied"] = f"wait={wait:g}"
    return response


def _respond(status_code: int, document: DocumentView) -> Response:
    headers = {"Location": f"/v1/documents/{document.document_id}"}
    return JSONResponse(document.model_dump(mode="json"), status_code, headers=headers)
