"""A document under a key of its own: what lies in the store, who can read it, and what destroying a key takes away."""

import asyncio
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.documents import (
    Claim,
    DocumentErased,
    DocumentKeyMissing,
    DocumentsConfig,
    DocumentStore,
    DocumentsUnavailable,
    HashMismatch,
    KeyFolder,
    open_documents,
)
from app.documents.ciphertext import PREAMBLE, decipher, encipher
from app.documents.durable import write_new
from schemas.identifiers import document_id
from tests.documents.places import QUICK

PDF = "application/pdf"
CONTENT, OTHER = b"%PDF-1.7 an invoice of FR-001\n", b"%PDF-1.7 an invoice of DE-001\n"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def digest(content: bytes) -> str:
    return document_id(content).removeprefix("sha256:")


def claim(supplier_id: str, *, tenant: str = "default", minutes: int = 0) -> Claim:
    return Claim(tenant=tenant, supplier_id=supplier_id, at=NOW + timedelta(minutes=minutes))


@pytest.fixture
def config(tmp_path: Path) -> DocumentsConfig:
    KeyFolder(tmp_path / "keys").create()
    return DocumentsConfig(location=f"file://{tmp_path}/home", keys=tmp_path / "keys", limits=QUICK)


@pytest.fixture
def keys(config: DocumentsConfig) -> KeyFolder:
    assert config.keys is not None
    return KeyFolder(config.keys)


async def put(config: DocumentsConfig, content: bytes = CONTENT) -> Path:
    async with open_documents(config) as store:
        return Path(str(await store.put(content, PDF)).removeprefix("file://"))


async def fetched(config: DocumentsConfig, content: bytes = CONTENT) -> bytes:
    async with open_documents(config) as store:
        return await store.fetch(str(store.locate(document_id(content))), document_id(content))


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class TestAtRest:
    async def test_the_document_lies_nowhere_in_clear(self, config: DocumentsConfig, tmp_path: Path) -> None:
        place = await put(config)
        assert place.name == digest(CONTENT)
        assert CONTENT[:8] not in everything_below(tmp_path)
        assert await fetched(config) == CONTENT

    async def test_a_document_of_before_is_read_as_it_is_and_may_be_put_again(self, config: DocumentsConfig) -> None:
        place = await put(replace(config, keys=None))
        assert await put(config) == place
        assert await fetched(config) == CONTENT
        assert place.read_bytes() == CONTENT

    async def test_without_keys_it_is_put_aside_and_neither_damaged_nor_refused(self, config: DocumentsConfig) -> None:
        await put(config)
        with pytest.raises(DocumentKeyMissing, match="QUITTANCE_ERASURE_KEYS"):
            await fetched(replace(config, keys=None))
        with pytest.raises(DocumentKeyMissing):
            await put(replace(config, keys=None))

    @pytest.mark.parametrize("position", [0, len(PREAMBLE), -1])
    async def test_a_changed_byte_is_seen(self, config: DocumentsConfig, position: int) -> None:
        place = await put(config)
        changed = bytearray(place.read_bytes())
        changed[position] ^= 1
        place.chmod(0o600)
        place.write_bytes(changed)
        with pytest.raises(HashMismatch):
            await fetched(config)
        with pytest.raises(HashMismatch):
            await put(config)

    def test_a_ciphertext_stands_for_no_other_document(self) -> None:
        key = bytes(range(32))
        stored = encipher(CONTENT, digest(CONTENT), key)
        assert decipher(stored, digest(CONTENT), key) == CONTENT
        assert decipher(stored, digest(OTHER), key) is None
        assert decipher(stored, digest(CONTENT), bytes(32)) is None


class TestPlaceOfKeys:
    async def test_a_folder_that_was_never_made_one_is_refused_at_the_start(self, tmp_path: Path) -> None:
        (tmp_path / "keys").mkdir()
        config = DocumentsConfig(location=f"file://{tmp_path}/home", keys=tmp_path / "keys", limits=QUICK)
        with pytest.raises(DocumentsUnavailable, match="create-keys"):
            await put(config)
        assert list((tmp_path / "keys").iterdir()) == []

    async def test_a_disk_that_is_not_mounted_erases_nothing_and_rejects_nothing(
        self, config: DocumentsConfig, tmp_path: Path
    ) -> None:
        await put(config)
        async with open_documents(config) as store:
            (tmp_path / "keys").rename(tmp_path / "elsewhere")
            (tmp_path / "keys").mkdir()
            for failing in (store.fetch(str(store.locate(document_id(CONTENT))), document_id(CONTENT)),
                            store.put(OTHER, PDF), store.probe()):  # fmt: skip
                with pytest.raises(DocumentsUnavailable):
                    await failing

    async def test_a_key_that_got_lost_is_not_called_erased(self, config: DocumentsConfig, tmp_path: Path) -> None:
        await put(config)
        (entry,) = (path for path in (tmp_path / "keys" / "documents").rglob("*") if path.is_file())
        entry.unlink()
        with pytest.raises(DocumentKeyMissing):
            await fetched(config)

    def test_nobody_else_may_read_keys(self, keys: KeyFolder, tmp_path: Path) -> None:
        keys.make(digest(CONTENT))
        for path in (tmp_path / "keys").rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path

    def test_it_is_made_once(self, keys: KeyFolder, tmp_path: Path) -> None:
        before = everything_below(tmp_path)
        assert not keys.create()
        assert everything_below(tmp_path) == before


class TestMany:
    async def test_of_those_who_draw_a_key_at_once_one_wins(self, keys: KeyFolder) -> None:
        found = await asyncio.gather(*(asyncio.to_thread(keys.make, digest(CONTENT)) for _ in range(20)))
        assert len(set(found)) == 1

    async def test_claims_of_two_tenants_at_once_both_hold(self, keys: KeyFolder) -> None:
        keys.make(digest(CONTENT))
        tenants = [f"tenant-{number}" for number in range(12)]
        claims = (asyncio.to_thread(keys.claim, digest(CONTENT), claim(f"S-{t}", tenant=t)) for t in tenants)
        assert all(await asyncio.gather(*claims))
        assert all(list(keys.documents_of(f"S-{tenant}")) == [digest(CONTENT)] for tenant in tenants)


class TestErasure:
    async def test_what_was_claimed_is_gone_for_good_and_the_rest_stays(
        self, config: DocumentsConfig, keys: KeyFolder
    ) -> None:
        for content, supplier in ((CONTENT, "FR-001"), (OTHER, "DE-001")):
            await put(config, content)
            assert keys.claim(digest(content), claim(supplier))
        (erasure,) = keys.destroy("FR-001", NOW, "dpo@example.com")
        assert (erasure.supplier_id, erasure.erased_by) == ("FR-001", "dpo@example.com")
        with pytest.raises(DocumentErased):
            await fetched(config)
        with pytest.raises(DocumentErased):
            await put(config)
        assert await fetched(config, OTHER) == OTHER
        assert list(keys.documents_of("FR-001")) == [digest(CONTENT)]

    async def test_no_file_is_left_that_could_read_it(
        self, config: DocumentsConfig, keys: KeyFolder, tmp_path: Path
    ) -> None:
        """The wrapping by the intake key is gone as well, though that key lives on."""
        await put(config)
        intake = everything_below(tmp_path / "keys" / "intake")
        wrapped = everything_below(tmp_path / "keys" / "documents")
        keys.claim(digest(CONTENT), claim("FR-001"))
        (owner,) = (tmp_path / "keys" / "suppliers").iterdir()
        secret = (owner / "key").read_bytes()
        keys.destroy("FR-001", NOW, "me")
        left = everything_below(tmp_path)
        assert secret not in left
        assert wrapped not in left
        assert intake in left

    async def test_a_document_that_was_never_claimed_stays(self, config: DocumentsConfig, keys: KeyFolder) -> None:
        await put(config)
        assert keys.destroy("FR-001", NOW, "me") == ()
        assert await fetched(config) == CONTENT

    @pytest.mark.parametrize("first", [0, 1])
    async def test_the_later_of_two_claims_counts_in_either_order(
        self, config: DocumentsConfig, keys: KeyFolder, first: int
    ) -> None:
        await put(config)
        claims = [claim("WRONG", minutes=0), claim("RIGHT", minutes=5)]
        for each in (claims[first], claims[1 - first]):
            keys.claim(digest(CONTENT), each)
        keys.destroy("WRONG", NOW, "me")
        assert await fetched(config) == CONTENT
        keys.destroy("RIGHT", NOW, "me")
        with pytest.raises(DocumentErased):
            await fetched(config)

    async def test_another_tenant_keeps_its_bytes(self, config: DocumentsConfig, keys: KeyFolder) -> None:
        await put(config)
        keys.claim(digest(CONTENT), claim("A-001", tenant="a"))
        keys.claim(digest(CONTENT), claim("B-001", tenant="b"))
        keys.destroy("A-001", NOW, "me")
        assert await fetched(config) == CONTENT
        keys.destroy("B-001", NOW, "me")
        with pytest.raises(DocumentErased):
            await fetched(config)

    async def test_what_comes_afterwards_gets_a_new_key(self, config: DocumentsConfig, keys: KeyFolder) -> None:
        await put(config)
        keys.claim(digest(CONTENT), claim("FR-001"))
        keys.destroy("FR-001", NOW, "me")
        await put(config, OTHER)
        keys.claim(digest(OTHER), claim("FR-001", minutes=9))
        assert await fetched(config, OTHER) == OTHER
        with pytest.raises(DocumentErased):
            await fetched(config)
        assert len({each.key_id for each in keys.destroy("FR-001", NOW + timedelta(days=1), "me")}) == 2

    def test_a_document_in_clear_cannot_be_claimed(self, keys: KeyFolder) -> None:
        assert not keys.claim(digest(CONTENT), claim("FR-001"))


@pytest.mark.parametrize("step", range(4))
async def test_a_destruction_that_was_cut_short_is_erased_to_all_and_ends_at_the_next_call(
    step: int, config: DocumentsConfig, keys: KeyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the n-th of its steps: the rename, the mark, the noise, the removal of the name."""
    await put(config)
    keys.claim(digest(CONTENT), claim("FR-001"))

    class Killed(BaseException):
        pass

    def killing(number: int, call: object) -> object:
        def run(*given: object, **named: object) -> object:
            if number == step:
                raise Killed
            return call(*given, **named)  # type: ignore[operator] # whatever it is

        return run

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killing(0, Path.rename))
        patched.setattr("app.documents.owner_keys.write_new", killing(1, write_new))
        patched.setattr("secrets.token_bytes", killing(2, secrets.token_bytes))
        patched.setattr(Path, "unlink", killing(3, Path.unlink) if step == 3 else Path.unlink)
        with pytest.raises(Killed):
            keys.destroy("FR-001", NOW, "me")
    if step == 0:
        assert await fetched(config) == CONTENT  # nothing has happened yet
    else:
        with pytest.raises(DocumentErased):
            await fetched(config)
    (erasure,) = keys.destroy("FR-001", NOW, "me")
    (owner,) = (tmp_path / "keys" / "suppliers").iterdir()
    assert {path.name for path in owner.rglob("*") if path.is_file() and not path.name.startswith(".")} == {
        erasure.key_id
    }
    with pytest.raises(DocumentErased):
        await fetched(config)


async def test_a_store_under_keys_is_a_store(config: DocumentsConfig) -> None:
    async with open_documents(config) as store:
        opened: DocumentStore = store
        await opened.probe()
