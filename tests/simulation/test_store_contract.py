"""The store in memory, held to the contract suite of the real ones (tests/documents/test_contract.py)."""

import asyncio
import random

import pytest

from app.documents import DocumentsConfig, DocumentStore, FileReference, Reference
from schemas.identifiers import document_id
from tests.documents import test_contract as suite
from tests.documents.places import QUICK
from tests.documents.test_contract import CONTENT, PDF
from tests.simulation.conditions import Conditions
from tests.simulation.store import HOME, MemoryDocuments, Shelf

TestFetch, TestExists, TestProbe = suite.TestFetch, suite.TestExists, suite.TestProbe


class MemoryPlace:
    """The shelf, seen from outside of the store."""

    config = DocumentsConfig(location=f"file://{HOME}", limits=QUICK)

    def __init__(self) -> None:
        self.shelf = Shelf()

    def open(self) -> MemoryDocuments:
        return MemoryDocuments(self.shelf, Conditions(random.Random(1)), QUICK)

    def publish(self, name: str, content: bytes) -> Reference:
        self.shelf.contents[f"/memory/published/{name}"] = content
        return FileReference(f"/memory/published/{name}")

    def overwrite(self, reference: Reference, content: bytes) -> None:
        assert isinstance(reference, FileReference)
        self.shelf.contents[reference.path] = content

    def delete(self, reference: Reference) -> None:
        assert isinstance(reference, FileReference)
        del self.shelf.contents[reference.path]

    def stored(self) -> set[str]:
        return {str(FileReference(path)) for path in self.shelf.contents if path.startswith(HOME)}


@pytest.fixture
def place() -> MemoryPlace:
    return MemoryPlace()


@pytest.fixture
def store(place: MemoryPlace) -> DocumentStore:
    return place.open()


class TestPut(suite.TestPut):
    """Where the suite opens a second store by its address, this one opens it over the same shelf."""

    async def test_two_stores_put_at_once(self, store: DocumentStore, place: MemoryPlace) -> None:  # type: ignore[override] # a place of memory
        contents = [bytes([number]) * 70_000 for number in range(8)]
        puts = [each.put(content, PDF) for content in contents for each in (store, place.open())]
        references = set(await asyncio.gather(*puts))
        assert place.stored() == {str(reference) for reference in references}
        assert len(references) == len(contents)

    async def test_a_second_start_finds_what_the_first_has_put(self, store: DocumentStore, place: MemoryPlace) -> None:  # type: ignore[override] # as above
        reference = await store.put(CONTENT, PDF)
        assert await place.open().fetch(str(reference), document_id(CONTENT)) == CONTENT
