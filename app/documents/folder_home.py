"""A local folder as the place where documents are put: whole or not at all, and durable once told so."""

import errno
import os
import secrets
import shutil
import time
from pathlib import Path

from app.documents.failures import (
    DocumentForbidden,
    DocumentNotFound,
    DocumentsUnavailable,
    HashMismatch,
    ReferenceRefused,
    StorageFull,
)
from app.documents.files import Folders, Threads
from app.documents.limits import INCOMING_SECONDS_MAX, Limits
from app.documents.reference import FileReference, fan_out

_INCOMING = ".incoming"  # on the same file system as the rest, so that a link out of it is one step
_FILE_MODE = 0o640  # invoices carry bank data: nothing for the world
_FOLDER_MODE = 0o750
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})  # FAT, some network and user file systems


class FolderHome:
    """Keeps each document in `folder/ab/cd/abcd...`, written beside and linked into place."""

    def __init__(self, folder: Path, threads: Threads, limits: Limits) -> None:
        self._folder = folder
        self._threads = threads
        self._limits = limits
        self._stored = Folders((folder,), threads, limits)

    async def open(self) -> None:
        """Create the folder where it is missing, and sweep away what killed processes left half written.

        Raises:
            DocumentFailure: where that cannot be done.
        """
        await self._threads.run(self._open, str(self._folder))

    def locate(self, digest: str) -> FileReference:
        """Return where the document of this hash is kept."""
        return FileReference(str(self._folder / fan_out(digest)))

    async def write(self, content: bytes, digest: str, media_type: str, *, name: str | None = None) -> FileReference:  # noqa: ARG002 a file system keeps no label
        """Store the bytes if they are absent; fsync of the file and of its folders comes before the return."""
        at = self.locate(name or digest)
        try:
            if not await self._threads.run(lambda: self._write(content, Path(at.path)), str(at)):
                await self._stored.read(at, digest)
        except (DocumentNotFound, ReferenceRefused) as failure:  # of our own place: it was moved or tampered with
            raise DocumentsUnavailable(str(at), failure.detail) from failure
        except HashMismatch as failure:
            raise HashMismatch(str(at), "other bytes lie under this hash: the store was changed past us") from failure
        return at

    async def probe(self) -> None:
        """Look whether the folder can be written to and has room for one document."""
        await self._threads.run(self._probe, str(self._folder))

    def _open(self) -> None:
        incoming = self._folder / _INCOMING
        incoming.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        oldest = time.time() - INCOMING_SECONDS_MAX
        for part in incoming.iterdir():
            if part.stat().st_mtime < oldest:
                part.unlink(missing_ok=True)

    def _probe(self) -> None:
        incoming = self._folder / _INCOMING
        if not incoming.is_dir():
            raise DocumentsUnavailable(str(self._folder), "the folder of documents is missing")
        if not os.access(incoming, os.W_OK | os.X_OK):
            raise DocumentForbidden(str(self._folder), "the folder of documents cannot be written to")
        if shutil.disk_usage(incoming).free < self._limits.document_bytes_max:
            raise StorageFull(str(self._folder), "has no room left for one document of the largest size")

    def _write(self, content: bytes, place: Path) -> bool:
        """Return False where something was there already."""
        part = self._folder / _INCOMING / f"{place.name}.{secrets.token_hex(8)}"
        try:
            is_new = not place.exists() and self._write_beside(content, part, place)
        finally:
            part.unlink(missing_ok=True)
        for folder in (
            place.parent,
            place.parent.parent,
            self._folder,
        ):  # also when another was first: it may not be through
            _sync(folder)
        return is_new

    @staticmethod
    def _write_beside(content: bytes, part: Path, place: Path) -> bool:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        place.parent.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        place.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        return _link(part, place)


def _link(part: Path, place: Path) -> bool:
    """Give the part its name in one step; return False where the name is taken."""
    try:
        place.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        part.replace(place)  # may replace the same bytes by the same bytes, which nobody can tell
    return True


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
