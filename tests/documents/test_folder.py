"""What only a folder can do wrong: links, pipes, permissions, a full disk."""

import asyncio
import errno
import hashlib
import os
import resource
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from app.documents import (
    DocumentFailure,
    DocumentForbidden,
    DocumentNotFound,
    DocumentsConfig,
    DocumentStore,
    DocumentsUnavailable,
    FileReference,
    Limits,
    ReferenceRefused,
    StorageFull,
    open_documents,
)
from app.documents.files import file_failure
from schemas.identifiers import document_id
from tests.documents.places import QUICK

CONTENT = b"%PDF-1.7 an invoice\n"
DOCUMENT = document_id(CONTENT)
PDF = "application/pdf"
IS_ROOT = os.geteuid() == 0
PROJECT = Path(__file__).parents[2]
WRITER = """
import asyncio, os, sys
from app.documents import DocumentsConfig, open_documents

async def write():
    async with open_documents(DocumentsConfig(location=f"file://{sys.argv[1]}")) as store:
        while True:
            await store.put(os.urandom(4_000_000), "application/pdf")
            print("put", flush=True)

asyncio.run(write())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    (tmp_path / "published").mkdir()
    return tmp_path / "published"


@pytest.fixture
def locked(published: Path) -> Path:
    (published / "locked.pdf").touch(mode=0)
    return published / "locked.pdf"


@pytest.fixture
def nobody(store: DocumentStore, locked: Path) -> Iterator[None]:
    """Permissions do not bind root: be somebody else for as long as the test runs."""
    before = os.geteuid()
    if IS_ROOT:
        os.seteuid(65534)
    yield
    os.seteuid(before)


@pytest.fixture
async def store(home: Path, published: Path) -> AsyncIterator[DocumentStore]:
    config = DocumentsConfig(location=f"file://{home}", roots=(published,), limits=QUICK)
    async with open_documents(config) as opened:
        yield opened


def reference(path: Path) -> str:
    return str(FileReference(str(path)))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class TestRoots:
    async def test_outside_of_the_roots_is_refused_whether_there_or_not(
        self, store: DocumentStore, tmp_path: Path
    ) -> None:
        (tmp_path / "secret.pdf").write_bytes(CONTENT)
        for path in (tmp_path / "secret.pdf", tmp_path / "absent.pdf", Path("/etc/passwd"), Path("/")):
            with pytest.raises(ReferenceRefused, match="not below"):
                await store.fetch(reference(path), DOCUMENT)
            with pytest.raises(ReferenceRefused, match="not below"):
                await store.exists(reference(path))

    async def test_a_folder_whose_name_begins_like_a_root_is_no_root(
        self, store: DocumentStore, published: Path
    ) -> None:
        other = published.with_name("published-by-others")
        other.mkdir()
        (other / "one.pdf").write_bytes(CONTENT)
        with pytest.raises(ReferenceRefused):
            await store.fetch(reference(other / "one.pdf"), DOCUMENT)

    async def test_a_link_out_of_the_root_is_refused(
        self, store: DocumentStore, published: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "secret.pdf").write_bytes(CONTENT)
        (published / "link.pdf").symlink_to(tmp_path / "secret.pdf")
        (published / "folder").symlink_to(tmp_path)
        for path in (published / "link.pdf", published / "folder" / "secret.pdf"):
            with pytest.raises(ReferenceRefused, match="not below"):
                await store.fetch(reference(path), DOCUMENT)

    async def test_a_link_within_the_root_is_followed(self, store: DocumentStore, published: Path) -> None:
        (published / "2026").mkdir()
        (published / "2026" / "one.pdf").write_bytes(CONTENT)
        (published / "latest").symlink_to("2026")
        assert await store.fetch(reference(published / "latest" / "one.pdf"), DOCUMENT) == CONTENT

    async def test_a_link_that_loops_is_refused(self, store: DocumentStore, published: Path) -> None:
        (published / "loop.pdf").symlink_to("loop.pdf")
        with pytest.raises(ReferenceRefused):
            await store.fetch(reference(published / "loop.pdf"), DOCUMENT)

    async def test_a_root_may_itself_be_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "disk").mkdir()
        (tmp_path / "in").symlink_to("disk")
        (tmp_path / "disk" / "one.pdf").write_bytes(CONTENT)
        config = DocumentsConfig(location=f"file://{tmp_path}/home", roots=(tmp_path / "in",), limits=QUICK)
        async with open_documents(config) as store:
            assert await store.fetch(reference(tmp_path / "in" / "one.pdf"), DOCUMENT) == CONTENT

    async def test_a_link_swapped_in_meanwhile_does_not_lead_out(
        self, store: DocumentStore, published: Path, tmp_path: Path
    ) -> None:
        outside, place, link = tmp_path / "outside", published / "folder", published / "link"
        for folder, content in ((outside, CONTENT), (place, b"what lies inside")):
            folder.mkdir()
            (folder / "one.pdf").write_bytes(content)
        link.symlink_to(outside)
        swaps = asyncio.create_task(asyncio.to_thread(_swap, place, link, published / "aside"))
        while not swaps.done():
            with pytest.raises(DocumentFailure):  # never CONTENT: that lies outside
                await store.fetch(reference(place / "one.pdf"), DOCUMENT)
        await swaps

    @pytest.mark.parametrize("name", ["folder", "pipe", "socket"])
    async def test_what_is_no_regular_file_is_refused_at_once(
        self, store: DocumentStore, published: Path, name: str
    ) -> None:
        path = published / name
        make: dict[str, Callable[[], None]] = {
            "folder": path.mkdir,
            "pipe": lambda: os.mkfifo(path),
            "socket": lambda: os.mknod(path, stat.S_IFSOCK | 0o600),
        }
        make[name]()
        with pytest.raises(ReferenceRefused):
            await store.fetch(reference(path), DOCUMENT)
        with pytest.raises(ReferenceRefused):
            await store.exists(reference(path))

    async def test_the_root_itself_is_no_document(self, store: DocumentStore, published: Path) -> None:
        with pytest.raises(ReferenceRefused):
            await store.fetch(reference(published), DOCUMENT)

    async def test_a_file_taken_for_a_folder_is_not_found(self, store: DocumentStore, published: Path) -> None:
        (published / "one.pdf").write_bytes(CONTENT)
        with pytest.raises(DocumentNotFound):
            await store.fetch(reference(published / "one.pdf" / "two.pdf"), DOCUMENT)

    async def test_a_name_too_long_is_refused(self, store: DocumentStore, published: Path) -> None:
        with pytest.raises(ReferenceRefused):
            await store.fetch(reference(published / ("n" * 300)), DOCUMENT)

    async def test_a_root_that_is_gone_says_nothing_about_the_document(
        self, store: DocumentStore, published: Path
    ) -> None:
        shutil.rmtree(published)
        with pytest.raises(DocumentsUnavailable, match="itself is missing"):
            await store.fetch(reference(published / "one.pdf"), DOCUMENT)

    @pytest.mark.usefixtures("nobody")
    async def test_a_file_that_we_may_not_read(self, store: DocumentStore, locked: Path) -> None:
        with pytest.raises(DocumentForbidden):
            await store.fetch(reference(locked), DOCUMENT)


class TestHome:
    async def test_where_it_lies_and_who_may_read_it(self, store: DocumentStore, home: Path) -> None:
        digest = DOCUMENT.removeprefix("sha256:")
        path = home / digest[:2] / digest[2:4] / digest
        assert str(await store.put(CONTENT, PDF)) == reference(path)
        assert path.stat().st_mode & 0o007 == 0
        assert path.stat().st_nlink == 1

    async def test_a_location_below_the_working_directory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with open_documents(DocumentsConfig(location="file://./var/documents", limits=QUICK)) as store:
            at = str(await store.put(CONTENT, PDF))
            assert at.startswith(f"file://{tmp_path}/var/documents/")
            assert await store.fetch(at, DOCUMENT) == CONTENT

    async def test_what_a_killed_process_left_is_swept_away_and_what_is_under_way_is_not(self, home: Path) -> None:
        incoming = home / ".incoming"
        incoming.mkdir(parents=True)
        for name, age_seconds in (("old", 7200), ("new", 0)):
            (incoming / name).write_bytes(b"%PDF-1.")
            os.utime(incoming / name, (time.time() - age_seconds,) * 2)
        async with open_documents(DocumentsConfig(location=f"file://{home}", limits=QUICK)):
            assert [path.name for path in incoming.iterdir()] == ["new"]

    async def test_a_home_that_is_gone_is_unavailable(self, store: DocumentStore, home: Path) -> None:
        shutil.rmtree(home)
        with pytest.raises(DocumentsUnavailable):
            await store.put(CONTENT, PDF)
        with pytest.raises(DocumentsUnavailable):
            await store.probe()

    async def test_a_file_system_without_hard_links(
        self, store: DocumentStore, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_links(place: Path, part: Path) -> None:
            raise OSError(errno.EPERM, "no hard links here", str(part), None, str(place))

        monkeypatch.setattr(Path, "hardlink_to", no_links)
        assert await store.fetch(str(await store.put(CONTENT, PDF)), DOCUMENT) == CONTENT
        assert list((home / ".incoming").iterdir()) == []


class TestKilled:
    async def test_a_killed_writer_leaves_only_whole_documents(self, home: Path) -> None:
        for seen in (1, 3, 6):  # documents visible when the writer dies, in the middle of the next
            writer = await asyncio.create_subprocess_exec(
                sys.executable, "-c", WRITER, str(home), cwd=PROJECT, stdout=-1
            )
            assert writer.stdout is not None
            for _ in range(seen):
                assert await writer.stdout.readline() == b"put\n"
            writer.kill()
            await writer.communicate()
        documents = [path for path in files_below(home) if path.parent.name != ".incoming"]
        assert len(documents) >= 10
        assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in documents)


class TestFull:
    @pytest.fixture
    def full(self, tmp_path: Path) -> Iterator[Path]:
        """A disk of 4 MB where it may be mounted, else a limit on the size of a file."""
        folder = tmp_path / "full"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
        if IS_ROOT and subprocess.run(mount, check=False, capture_output=True).returncode == 0:
            yield folder
            subprocess.run(["umount", "-l", str(folder)], check=True)
            return
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 * 1024**2, before[1]))
        yield folder
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    async def test_a_full_disk_is_told_and_leaves_nothing_behind(self, full: Path) -> None:
        small, large = CONTENT, os.urandom(5 * 1024**2)
        async with open_documents(DocumentsConfig(location=f"file://{full}")) as store:
            with pytest.raises(StorageFull) as caught:
                await store.put(large, PDF)
            assert caught.value.attempts == 1
            assert isinstance(caught.value, DocumentsUnavailable)
            assert files_below(full) == []
            assert not await store.exists(str(store.locate(document_id(large))))
            at = await store.put(small, PDF)  # what has room is taken
            assert await store.fetch(str(at), DOCUMENT) == small

    async def test_a_disk_without_room_for_a_document_is_not_ready(self, home: Path) -> None:
        limits = Limits(document_bytes_max=2**60)
        async with open_documents(DocumentsConfig(location=f"file://{home}", limits=limits)) as store:
            with pytest.raises(StorageFull, match="no room left"):
                await store.probe()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "DOCUMENT-FORBIDDEN"),
        (errno.EPERM, "DOCUMENT-FORBIDDEN"),
        (errno.EDQUOT, "DOCUMENTS-STORAGE-FULL"),
        (errno.ETIMEDOUT, "DOCUMENTS-TOO-SLOW"),
        (errno.EIO, "DOCUMENTS-UNAVAILABLE"),
        (errno.ESTALE, "DOCUMENTS-UNAVAILABLE"),
        (errno.EMFILE, "DOCUMENTS-UNAVAILABLE"),
    ],
)
def test_errno(number: int, code: str) -> None:
    assert file_failure(OSError(number, os.strerror(number)), "one").code == code


def _swap(place: Path, link: Path, aside: Path) -> None:
    """Put the link where the folder was, and back, so often that some fetch meets it half way."""
    for _ in range(3_000):
        place.rename(aside)
        link.rename(place)
        place.rename(link)
        aside.rename(place)
