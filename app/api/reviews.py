"""Reviews: a person approves, corrects or rejects a document that is held."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse
from pydantic import Field, model_validator

from app.api.access import REVIEW_ROLES, Authorized, demand
from app.api.documents import known_document
from app.api.keys import Principal
from app.api.parameters import DocumentPath
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem
from app.api.repeated import once
from app.readmodel.views import DocumentView
from schemas.base import Record, Text
from schemas.codec import encode
from schemas.decision import CORRECTIONS_MAX, ReviewSubmitted
from schemas.evidence import FieldName
from schemas.identifiers import digest, record_id
from schemas.topics import REVIEW_SUBMITTED

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])


class Review(Record):
    """What a person wants to happen to a held document. `corrections` maps a field's name to its right value."""

    action: Literal["approve", "correct", "reject"]
    reason: Text = ""
    corrections: Annotated[dict[FieldName, Text | None], Field(max_length=CORRECTIONS_MAX)] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _corrects_what_it_says(self) -> "Review":
        if (self.action == "correct") != bool(self.corrections):
            raise ValueError("corrections go with the action correct, and only with it")
        return self


class ReviewTaken(Record):
    """A review is on its way; the document's state tells what came of it."""

    review_id: str
    document_id: str


@router.post("/{document_id}", status_code=202, response_model=ReviewTaken)
async def review(
    ports: PortsOf,
    principal: Authorized,
    document_id: DocumentPath,
    wish: Review,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Response:
    """Approve, correct or reject a held document, in the name of the API key."""
    demand(principal, REVIEW_ROLES[wish.action])
    document = await known_document(ports, principal, document_id)

    async def submit() -> Response:
        submitted_at = ports.now()
        occasion = idempotency_key or submitted_at.isoformat()
        submitted = ReviewSubmitted(
            review_id=review_id(principal, wish.action, document_id, occasion),
            tenant=principal.tenant,
            document_id=document_id,
            invoice_key=_reviewable(document, principal, wish),
            action=wish.action,
            reviewer=principal.name,
            reason=wish.reason,
            corrections=dict(wish.corrections),
            evidence_digest=await _shown(ports, principal, document_id),
            submitted_at=submitted_at,
        )
        await ports.publisher.publish(REVIEW_SUBMITTED, submitted, correlation_id=document.correlation_id)
        return JSONResponse({"review_id": submitted.review_id, "document_id": document_id}, 202)

    meaning = digest(document_id.encode() + encode(wish))
    return await once(ports, principal, idempotency_key, meaning, submit)


async def _shown(ports: Ports, principal: Principal, document_id: str) -> str | None:
    """Return the digest of the decision that the person could see: no other may be lifted by this act."""
    decision = await ports.read_model.decision(principal.tenant, document_id)
    return decision.evidence_digest if decision else None


def review_id(principal: Principal, action: str, subject: str, occasion: str) -> str:
    """Return the id of a person's act: the same for the same occasion, so that a repeated request is one act."""
    return record_id("review", principal.tenant, principal.name, action, subject, occasion)


def _reviewable(document: DocumentView, principal: Principal, wish: Review) -> str:
    """Return the invoice key under which the review is to arrive.

    The decision stage keeps four eyes by itself; here the person is told at once.
    """
    if document.state != "held":
        raise Problem("document-not-held", f"The document is {document.state}.", state=document.state)
    if document.invoice_key is None:
        raise Problem("document-without-key")
    hands = {_fold(person) for person in (document.submitted_by, *document.corrected_by) if person}
    if wish.action == "approve" and _fold(principal.name) in hands:
        raise Problem("four-eyes", f"{principal.name} captured or corrected this document; somebody else approves it.")
    return document.invoice_key


def _fold(person: str) -> str:
    return person.strip().casefold()
