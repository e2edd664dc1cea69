"""Decisions: the one that was made on a document, and the one that would be made on an invoice."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from agents.decision.policy import DEFAULT_POLICY
from agents.validation.thresholds import thresholds
from app.api.access import Authorized
from app.api.documents import known_document
from app.api.parameters import DocumentPath
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem, unavailable
from app.api.releases import known_releases
from app.dry_run import DryRun, decide_as_stated, normalized_as_stated
from schemas.decision import Decision
from schemas.evidence import Lane
from schemas.invoice import Invoice
from tables.invoices import Answer, InvoiceRecord
from tables.suppliers import Directory

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

# The directory is complete within a second or two of a start; later only where the broker is away.
DIRECTORY_TIMEOUT_SECONDS = 5.0


@router.get("/{document_id}")
async def show(ports: PortsOf, principal: Authorized, document_id: DocumentPath) -> Decision:
    """Return the last decision on a document, with its reasons and findings."""
    await known_document(ports, principal, document_id)
    decision = await ports.read_model.decision(principal.tenant, document_id)
    if decision is None:
        raise Problem("not-found", "Nothing was decided on the document yet.")
    return decision


@router.post("")
async def try_out(
    ports: PortsOf, principal: Authorized, invoice: Invoice, lane: Annotated[Lane, Query()] = "xml"
) -> DryRun:
    """Return what the release in force would decide, and why. Nothing is kept, published, or paid."""
    directory, running = await _directory(ports), (await known_releases(ports)).active
    stated = normalized_as_stated(invoice, lane, principal.tenant, directory, running.name, ports.now())
    decisions = await ports.read_model.decisions_under(principal.tenant, stated.invoice_key)
    answers = tuple(Answer(review_id=decision.review_id, decision=decision) for decision in decisions)
    return decide_as_stated(
        stated,
        InvoiceRecord(answers=answers),
        directory=directory,
        policy=running.bundle.policy or DEFAULT_POLICY,
        debtor=ports.debtors.get(principal.tenant),
        release=running.name,
        confidence_min=thresholds(running.bundle.confidence_min),
    )


async def _directory(ports: Ports) -> Directory:
    try:
        async with asyncio.timeout(DIRECTORY_TIMEOUT_SECONDS):
            return await ports.reference.directory()
    except TimeoutError:
        raise unavailable("reference-unavailable", "The suppliers have not been read yet.") from None
