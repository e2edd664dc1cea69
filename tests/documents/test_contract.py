"""What a document store promises, held against each kind of it."""

import asyncio

import pytest

from app.documents import (
    DocumentNotFound,
    DocumentStore,
    DocumentTooLarge,
    HashMismatch,
    ReferenceRefused,
    S3Config,
    open_documents,
    outcome,
)
from schemas.identifiers import document_id
from tests.documents.places import QUICK, Place

PDF = "application/pdf"
CONTENT = b"%PDF-1.7 an invoice\n"


class TestPut:
    async def test_what_is_put_can_be_fetched(self, store: DocumentStore) -> None:
        reference = await store.put(CONTENT, PDF)
        assert await store.fetch(str(reference), document_id(CONTENT)) == CONTENT

    @pytest.mark.parametrize("size_bytes", [0, 1, 256 * 1024, QUICK.document_bytes_max])
    async def test_every_size_up_to_the_limit_comes_back_whole(self, store: DocumentStore, size_bytes: int) -> None:
        content = bytes(range(256)) * (size_bytes // 256) + b"x" * (size_bytes % 256)
        reference = await store.put(content, PDF)
        assert await store.fetch(str(reference), document_id(content)) == content

    async def test_the_same_bytes_are_the_same_object(self, store: DocumentStore, place: Place) -> None:
        first, second = await store.put(CONTENT, PDF), await store.put(CONTENT, "application/xml")
        assert first == second == store.locate(document_id(CONTENT))
        assert place.stored() == {str(first)}

    async def test_many_puts_at_once_leave_one_object(self, store: DocumentStore, place: Place) -> None:
        references = set(await asyncio.gather(*(store.put(CONTENT, PDF) for _ in range(20))))
        assert place.stored() == {str(reference) for reference in references}
        assert len(references) == 1

    async def test_two_stores_put_at_once(self, store: DocumentStore, place: Place) -> None:
        contents = [bytes([number]) * 70_000 for number in range(8)]
        async with open_documents(place.config) as other:
            puts = [each.put(content, PDF) for content in contents for each in (store, other)]
            references = set(await asyncio.gather(*puts))
        assert place.stored() == {str(reference) for reference in references}
        assert len(references) == len(contents)

    async def test_a_second_start_finds_what_the_first_has_put(self, store: DocumentStore, place: Place) -> None:
        reference = await store.put(CONTENT, PDF)
        async with open_documents(place.config) as other:
            assert await other.fetch(str(reference), document_id(CONTENT)) == CONTENT

    async def test_a_document_beyond_the_limit_is_not_written(self, store: DocumentStore, place: Place) -> None:
        with pytest.raises(DocumentTooLarge):
            await store.put(bytes(QUICK.document_bytes_max + 1), PDF)
        assert place.stored() == set()

    @pytest.mark.parametrize("changed", [b"another invoice, with another account", CONTENT[:-1]])
    async def test_other_bytes_under_its_hash_are_an_alarm(
        self, store: DocumentStore, place: Place, changed: bytes
    ) -> None:
        place.overwrite(await store.put(CONTENT, PDF), changed)
        with pytest.raises(HashMismatch, match="changed past us"):
            await store.put(CONTENT, PDF)

    @pytest.mark.parametrize("label", ["", "no label", "a/b\r\nx-evil: 1", "text/xml; charset=utf-8", "é/é"])
    async def test_an_odd_label_does_not_lose_the_document(self, store: DocumentStore, label: str) -> None:
        reference = await store.put(CONTENT, label)
        assert await store.fetch(str(reference), document_id(CONTENT)) == CONTENT


class TestFetch:
    async def test_what_a_publisher_stored_elsewhere_is_fetched(self, store: DocumentStore, place: Place) -> None:
        reference = place.publish("an invoice, n° 7 (100 %).pdf", CONTENT)
        assert await store.fetch(str(reference), document_id(CONTENT)) == CONTENT

    async def test_a_bare_digest_will_do(self, store: DocumentStore) -> None:
        reference = await store.put(CONTENT, PDF)
        assert await store.fetch(str(reference), document_id(CONTENT).removeprefix("sha256:")) == CONTENT

    async def test_other_bytes_are_not_taken(self, store: DocumentStore, place: Place) -> None:
        reference = place.publish("exchanged.pdf", b"an invoice with the account of somebody else")
        with pytest.raises(HashMismatch):
            await store.fetch(str(reference), document_id(CONTENT))

    async def test_what_was_deleted_is_not_found(self, store: DocumentStore, place: Place) -> None:
        reference = await store.put(CONTENT, PDF)
        place.delete(reference)
        with pytest.raises(DocumentNotFound) as caught:
            await store.fetch(str(reference), document_id(CONTENT))
        assert caught.value.attempts == 1

    async def test_what_was_never_there_is_not_found(self, store: DocumentStore) -> None:
        with pytest.raises(DocumentNotFound):
            await store.fetch(str(store.locate(document_id(CONTENT))), document_id(CONTENT))

    async def test_reading_stops_at_the_limit(self, store: DocumentStore, place: Place) -> None:
        content = bytes(QUICK.document_bytes_max + 1)
        with pytest.raises(DocumentTooLarge):
            await store.fetch(str(place.publish("bomb.pdf", content)), document_id(content))

    @pytest.mark.parametrize("sha256", ["", "sha256:", "0" * 63, "sha256:" + "A" * 64, "md5:" + "0" * 32, "0" * 65])
    async def test_without_a_hash_nothing_is_fetched(self, store: DocumentStore, sha256: str) -> None:
        reference = await store.put(CONTENT, PDF)
        with pytest.raises(ReferenceRefused):
            await store.fetch(str(reference), sha256)

    async def test_a_failure_can_be_had_as_a_value(self, store: DocumentStore) -> None:
        absent = str(store.locate(document_id(CONTENT)))
        match await outcome(store.fetch(absent, document_id(CONTENT))):
            case DocumentNotFound(code="DOCUMENT-NOT-FOUND", subject=subject):
                assert subject == absent
            case other:
                pytest.fail(f"came {other!r}")

    async def test_many_at_once(self, store: DocumentStore) -> None:
        contents = [bytes([number]) * 50_000 for number in range(40)]
        references = await asyncio.gather(*(store.put(content, PDF) for content in contents))
        fetches = (store.fetch(str(at), document_id(content)) for at, content in zip(references, contents, strict=True))
        assert await asyncio.gather(*fetches) == contents


class TestExists:
    async def test_before_and_after_a_put(self, store: DocumentStore) -> None:
        reference = str(store.locate(document_id(CONTENT)))
        assert not await store.exists(reference)
        await store.put(CONTENT, PDF)
        assert await store.exists(reference)


class TestProbe:
    async def test_a_store_that_works_is_ready(self, store: DocumentStore) -> None:
        await store.probe()


def test_a_secret_is_not_shown() -> None:
    assert "hush" not in repr(S3Config(access_key_id="a", secret_access_key="hush", session_token="hush"))
