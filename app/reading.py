"""Reading documents offline: sandbox, normalization, validation, assessment; no broker and no reference data."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Literal

from agents.extraction.agent import Unavailable
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.thresholds import thresholds
from agents.validation.validation import validate
from app.extraction import READER, SandboxedReader
from app.release import release_id
from app.rules import OfficialRules
from app.sandbox import Limits, Sandbox
from schemas.base import Code, Record, Text
from schemas.evidence import ABSENT, FIELD_NAMES, ExtractedInvoice, Field, FieldName, Lane, Unreadable
from schemas.finding import Assessment, Finding
from schemas.identifiers import DocumentId, document_id
from schemas.invoice import InvoiceLine
from schemas.release import Bundle
from tables.releases import Running

# Documents under way or waiting to be printed, so that a million paths are not a million tasks.
AHEAD_MAX = 256


class DocumentRead(Record):
    """What `quittance read` says of one document (contracts: one line a document).

    `fields` has every name; one that was not found is there with a null value. `seconds` is the time from opening the
    file to the assessment. A rejected document has a `reason`, and no assessment.
    """

    document_id: DocumentId | None = None
    path: str
    media_type: Code | None = None
    pages: int | None = None
    lane: Lane | None = None
    release: Code
    seconds: float
    status: Literal["read", "rejected"]
    reason: Code | None = None
    detail: Text | None = None
    fields: dict[FieldName, Field]
    lines: tuple[InvoiceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    assessment: Assessment | None = None


async def read_documents(paths: Sequence[str], jobs: int) -> AsyncGenerator[DocumentRead, None]:
    """Yield what each document says, in the order of the paths, while `jobs` of them are read at once.

    Raises:
        SandboxError: no child process can be confined on this machine.
    """
    async with Sandbox(READER, processes=jobs) as sandbox, OfficialRules() as rules:
        reader, turns = SandboxedReader(sandbox, rules), asyncio.Semaphore(jobs)
        waiting, under_way = iter(paths), deque[asyncio.Task[DocumentRead]]()
        try:
            while True:
                for path in waiting:
                    under_way.append(asyncio.create_task(_in_turn(path, reader, turns)))
                    if len(under_way) == AHEAD_MAX:
                        break
                if not under_way:
                    return
                yield await under_way.popleft()
        finally:
            for task in under_way:
                task.cancel()


async def _in_turn(path: str, reader: SandboxedReader, turns: asyncio.Semaphore) -> DocumentRead:
    async with turns:
        started = time.perf_counter()
        content = await asyncio.to_thread(content_of, Path(path))
        reading = await reader.read(content) if isinstance(content, bytes) else content
        if isinstance(reading, Unavailable):  # nobody would read it later: here a person waits
            reading = Unreadable(reason=reading.reason, detail=reading.detail)
        name = document_id(content) if isinstance(content, bytes) else None
        return judged(path, name, reading, _seconds_since(started), Running.of(Bundle(code=release_id())))


def content_of(path: Path) -> bytes | Unreadable:
    """Return the file's bytes; what cannot be opened, or is no file, or is too large, is not read."""
    try:
        if not path.exists():
            return Unreadable(reason="FILE-NOT-FOUND", detail="there is no such file")
        if not path.is_file():
            return Unreadable(reason="FILE-UNREADABLE", detail="not a regular file")
        size, most = path.stat().st_size, Limits().input_bytes_max
        if size > most:
            return Unreadable(reason="EXTRACTION-LIMIT-INPUT", detail=f"{size} bytes; at most {most} are read")
        return path.read_bytes()
    except (OSError, ValueError) as failed:  # ValueError: a NUL in the name
        return Unreadable(reason="FILE-UNREADABLE", detail=str(failed)[:200])


def judged(
    path: str, name: str | None, reading: ExtractedInvoice | Unreadable, seconds: float, running: Running
) -> DocumentRead:
    """Return what a release makes of a reading, by its own thresholds."""
    if isinstance(reading, Unreadable):
        return DocumentRead(
            document_id=name,
            path=path,
            media_type=reading.media_type,
            release=running.name,
            seconds=seconds,
            status="rejected",
            reason=reading.reason,
            detail=reading.detail,
            fields=dict.fromkeys(FIELD_NAMES, ABSENT),
        )
    invoice, doubts = normalize(reading)
    findings = validate(invoice, reading.lane, doubts)
    confidence = {field: reading.field(field).confidence for field in FIELD_NAMES if reading.value(field)}
    return DocumentRead(
        document_id=name,
        path=path,
        media_type=reading.media_type,
        pages=reading.pages,
        lane=reading.lane,
        release=running.name,
        seconds=seconds,
        status="read",
        fields={field: reading.field(field) for field in FIELD_NAMES},
        lines=reading.lines,
        findings=findings,
        assessment=assess(
            invoice,
            reading.lane,
            confidence,
            findings,
            confidence_min=thresholds(running.bundle.confidence_min),
        ),
    )


def _seconds_since(started: float) -> float:
    return round(time.perf_counter() - started, 6)
