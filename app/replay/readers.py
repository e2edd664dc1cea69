"""Where the bytes of a replay come from, and what reads them: the store and the sandbox of production."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.extraction.agent import Documents, Reader, Unavailable
from app.documents import DocumentErased, open_documents
from app.extraction import READER, SandboxedReader, StoredDocuments, documents_config
from app.rules import OfficialRules
from app.sandbox import Sandbox
from app.settings import Settings
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Learned


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
        yield Readers(erasable(StoredDocuments(store)), reader)


def erasable(stored: Documents) -> Documents:
    """Return documents of which the erased ones are told as withheld, and not as unreadable."""
    return _Erasable(stored)


@dataclass(frozen=True)
class _Erasable:
    """Bytes that were erased since cannot be had: that the document would be refused today is no answer."""

    stored: Documents

    async def fetch(self, reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        found = await self.stored.fetch(reference, document_id)
        if isinstance(found, Unreadable) and found.reason == DocumentErased.code:
            return Unavailable(found.reason, found.detail or "")
        return found


class _NoDocuments:
    async def fetch(self, reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        return Unavailable("NOT-REPLAYED", f"{document_id} at {reference} is not read again")


class _NoReader:
    async def read(self, _content: bytes, _learned: Learned) -> ExtractedInvoice | Unreadable:
        raise AssertionError("there are no bytes to read")


def no_bytes() -> Readers:
    """Return readers that read nothing: everything after extraction is replayed."""
    return Readers(_NoDocuments(), _NoReader())
