"""Documents read from folders that the operator has named, and from nowhere else."""

import asyncio
import errno
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from app.documents.collecting import Collected
from app.documents.failures import (
    DocumentFailure,
    DocumentForbidden,
    DocumentNotFound,
    DocumentsTooSlow,
    DocumentsUnavailable,
    ReferenceRefused,
    StorageFull,
)
from app.documents.limits import READ_CHUNK_BYTES, Limits
from app.documents.reference import FileReference

T = TypeVar("T")

# NOFOLLOW at each step: a path that was resolved below a root stays below it, though a link be swapped in meanwhile.
# NONBLOCK: opening a pipe must not wait for its writer.
_FOLDER_FLAGS = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_BY_ERRNO: dict[int, tuple[type[DocumentFailure], str]] = {
    errno.ENOENT: (DocumentNotFound, "no such file"),
    errno.ENOTDIR: (DocumentNotFound, "no such file"),
    errno.EACCES: (DocumentForbidden, "the file system refuses access"),
    errno.EPERM: (DocumentForbidden, "the file system refuses access"),
    errno.ELOOP: (ReferenceRefused, "leads through a symbolic link that loops or was changed"),
    errno.ENXIO: (ReferenceRefused, "is no regular file"),
    errno.ENAMETOOLONG: (ReferenceRefused, "has a name too long for the file system"),
    errno.ENOSPC: (StorageFull, "no space left"),
    errno.EDQUOT: (StorageFull, "the quota is used up"),
    errno.EFBIG: (StorageFull, "larger than this process may write"),
    errno.ETIMEDOUT: (DocumentsTooSlow, "the file system did not answer in time"),
}


def file_failure(error: OSError, subject: str) -> DocumentFailure:
    """Return what a failed system call means for a document; an unknown cause is worth another attempt."""
    kind, detail = _BY_ERRNO.get(error.errno or 0, (DocumentsUnavailable, error.strerror or type(error).__name__))
    return kind(subject, detail)


class Threads:
    """Runs calls that wait for a disk outside of the event loop."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def run(self, call: Callable[[], T], subject: str) -> T:
        """Return what `call` returns.

        Raises:
            DocumentFailure: its own, or what its OSError means.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, call)
        except OSError as error:
            raise file_failure(error, subject) from error


class Folders:
    """Reads what lies below the roots. Links are followed, but not out of the roots."""

    def __init__(self, roots: Sequence[Path], threads: Threads, limits: Limits) -> None:
        self._roots = tuple(roots)
        self._threads = threads
        self._limits = limits

    async def read(self, at: FileReference, digest: str) -> bytes:
        """Return the verified bytes of one file: one attempt.

        Raises:
            DocumentFailure: as `DocumentStore.fetch`.
        """
        return await self._threads.run(lambda: self._read(at, digest), str(at))

    async def exists(self, at: FileReference) -> bool:
        """Tell whether a regular file is there: one attempt.

        Raises:
            DocumentFailure: as `DocumentStore.exists`.
        """
        try:
            return await self._threads.run(lambda: self._stat(at), str(at)) >= 0
        except DocumentNotFound:
            return False

    def _stat(self, at: FileReference) -> int:
        with ExitStack() as opened:
            return self._open(at, opened)[1]

    def _read(self, at: FileReference, digest: str) -> bytes:
        collected = Collected(str(at), self._limits.document_bytes_max)
        with ExitStack() as opened:
            file, size_bytes = self._open(at, opened)
            collected.expect(size_bytes)
            while chunk := os.read(file, READ_CHUNK_BYTES):
                collected.add(chunk)
        return collected.verified(digest)

    def _open(self, at: FileReference, opened: ExitStack) -> tuple[int, int]:
        """Open the file; return its descriptor and its size in bytes."""
        root, steps = self._beneath(at)
        try:
            folder = _open_at(root, _FOLDER_FLAGS, None, opened)
        except FileNotFoundError as error:  # an unmounted disk says nothing about the document
            raise DocumentsUnavailable(str(at), "the folder of documents itself is missing") from error
        for step in steps[:-1]:
            folder = _open_at(step, _FOLDER_FLAGS, folder, opened)
        file = _open_at(steps[-1], _FILE_FLAGS, folder, opened)
        status = os.fstat(file)
        if not S_ISREG(status.st_mode):
            raise ReferenceRefused(str(at), "is no regular file")
        return file, status.st_size

    def _beneath(self, at: FileReference) -> tuple[str, tuple[str, ...]]:
        """Split the resolved path into the root that it is below, itself resolved, and the names from there on."""
        real = Path(os.path.realpath(at.path))
        for root in self._roots:
            real_root = Path(os.path.realpath(root))
            if real != real_root and real.is_relative_to(real_root):
                return str(real_root), real.relative_to(real_root).parts
        raise ReferenceRefused(str(at), "is not below a folder that the operator has listed")


def _open_at(name: str, flags: int, folder: int | None, opened: ExitStack) -> int:
    descriptor = os.open(name, flags, dir_fd=folder)
    opened.callback(os.close, descriptor)
    return descriptor
