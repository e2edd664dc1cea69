"""From cases to corrections that teach: each case's document is searched for what is right, in the sandbox."""

import asyncio
import json
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from agents.extraction.text.anchored import AMOUNTS, DATES, NAMES, NUMBERS, VAT
from agents.extraction.text.showing import Showing
from agents.quality.proposals import Correction, Shown
from app.documents import DocumentFailure, DocumentStore
from app.quality.places import READER
from app.sandbox import Death, Sandbox, Starved
from schemas.case import Case
from schemas.evidence import FieldName

# What can be found by its place; what a document is, and how it is to be paid, is said by no label.
TAUGHT: frozenset[FieldName] = (
    DATES | AMOUNTS | NAMES | VAT | NUMBERS
    | {"payment_account_identifier", "payment_service_provider_identifier", "invoice_currency_code"}
)  # fmt: skip


async def corrections(cases: Mapping[str, Case], store: DocumentStore, jobs: int) -> list[Correction]:
    """Return what the cases correct, each with the labels by which the right value is found.

    A document that cannot be had or read teaches nothing.

    Raises:
        SandboxError: no child process can be confined on this machine.
    """
    async with Sandbox(READER, processes=jobs) as sandbox:
        turns = asyncio.Semaphore(jobs)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_of(case_id, case, store, sandbox, turns)) for case_id, case in cases.items()]
    return [one for task in tasks for one in task.result()]


async def _of(
    case_id: str, case: Case, store: DocumentStore, sandbox: Sandbox, turns: asyncio.Semaphore
) -> list[Correction]:
    right = {field: value for field, value in case.truth.items() if field in TAUGHT and value is not None}
    if not right:
        return []
    async with turns:
        try:
            content = await store.fetch(case.reference, case.document_id)
        except DocumentFailure:
            return []
        answer = await sandbox.read(content, json.dumps(right, sort_keys=True).encode())
    if isinstance(answer, Death | Starved):
        return []
    try:
        showing = Showing.model_validate_json(answer)
    except ValidationError:
        return []
    return list(_corrections(case_id, case, right, showing))


def _corrections(case_id: str, case: Case, right: Mapping[FieldName, str], showing: Showing) -> Iterable[Correction]:
    layout = showing.layout or case.layout
    for field, value in right.items() if layout is not None else ():
        places = showing.places.get(field, ())
        yield Correction(
            case_id=case_id,
            document_id=case.document_id,
            layout=layout or "",
            field=field,
            right=value,
            shown=tuple(Shown(one.label, one.direction, one.x, one.y, one.is_new) for one in places),
            supplier_id=case.supplier_id,
            language=case.language or showing.language,
        )
