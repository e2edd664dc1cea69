"""Where the bytes of a replay come from, and what reads them: the store and the sandbox of production."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.extraction.agent import Documents, Reader, Unavailable
from app.documents import open_documents
from app.extraction import READER, SandboxedReader, StoredDocuments, documents_config
from app.rules import OfficialRules
from app.sandbox import Sandbox
from app.settings import Settings
from schemas.evidence import ExtractedInvoice, Unreadable


@dataclass(frozen=True)
class Readers:
    """The two ports of extraction."""

    documents: Documents
    reader: Reader


@asynccontextmanager
async def open_readers(settings: Settings, processes: int = 1) -> AsyncIterator[Readers]:
    """Open the document store, and start what reads documents.

    Raises:
        SandboxError: no child process can be confined on this machine.
    """
    async with (
        open_documents(documents_config(settings)) as store,
        Sandbox(READER, processes) as sandbox,
        OfficialRules() as rules,
    ):
        reader = SandboxedReader(sandbox, rules, rules_required=settings.official_rules == "required")
        yield Readers(StoredDocuments(store), reader)


class _NoDocuments:
    async def fetch(self, reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        return Unavailable("NOT-REPLAYED", f"{document_id} at {reference} is not read again")


class _NoReader:
    async def read(self, _content: bytes) -> ExtractedInvoice | Unreadable:
        raise AssertionError("there are no bytes to read")


def no_bytes() -> Readers:
    """Return readers that read nothing: everything after extraction is replayed."""
    return Readers(_NoDocuments(), _NoReader())
