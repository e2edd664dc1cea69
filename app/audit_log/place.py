"""Where a sealed log is kept: objects written once, whose names are the arbiter between two writers."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.audit_log.offline.folder import FolderObjects
from app.audit_log.offline.verdict import Objects

_FILE_MODE = 0o440  # nobody writes to it again, also not its owner
_FOLDER_MODE = 0o750
_INCOMING = ".incoming"  # on the same file system, so that a link out of it is one step


class PlaceUnavailable(Exception):  # noqa: N818 - it names the state of the place
    """The storage does not answer as it should, or refuses; asked again later."""


class PlaceUnfit(Exception):  # noqa: N818 - it names the state of the place
    """The storage cannot keep a log: it would replace an object that is there."""


class Place(Objects, Protocol):
    """One log's part of a storage. Every method raises PlaceUnavailable where the storage does not answer."""

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write an object durably unless one of that name is there; return whether it was written."""

    def children(self) -> list[int]:
        """Return the numbers that are names of folders here, in order."""


class FolderPlace(FolderObjects):
    """A folder. A file appears under its name whole, by a hard link, or not at all."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before the first write."""
        super().__init__(folder)
        self._root = folder

    def last(self, kind: str) -> int | None:
        """Return the highest number that an object of a kind has, None where none is."""
        with _unavailable(self._root):
            return super().last(kind)

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""
        with _unavailable(self._root):
            return super().read(name)

    def children(self) -> list[int]:
        """Return the numbers that are names of folders here, in order."""
        with _unavailable(self._root):
            return sorted(int(path.name) for path in self._root.glob("*") if path.name.isdecimal() and path.is_dir())

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write beside, flush to the disk, and link into place."""
        place, part = self._root / name, self._root / _INCOMING / secrets.token_hex(8)
        with _unavailable(self._root):
            part.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            place.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            try:
                _write(part, content)
                place.hardlink_to(part)
            except FileExistsError:
                return False
            finally:
                part.unlink(missing_ok=True)
            for folder in (place.parent, *list(place.parent.parents)[:3]):
                _flush(folder)
        return True


@contextmanager
def _unavailable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlaceUnavailable(f"{folder}: {error.strerror or type(error).__name__}") from error


def _write(part: Path, content: bytes) -> None:
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_fit(place: Place, origin: str) -> None:
    """Return once the place has shown that it replaces nothing. The object that it shows it with names the log.

    Raises:
        PlaceUnfit: where a second write under the same name was taken, or the place is another log's.
        PlaceUnavailable: where nothing can be told.
    """
    content = f"{origin}\n".encode()
    place.put_if_absent("origin", content)
    other = content + hashlib.sha256(content).hexdigest().encode()
    if place.put_if_absent("origin", other):
        raise PlaceUnfit(
            "this storage replaces objects that are there (it ignores If-None-Match): no log is kept in it"
        )
    if place.read("origin") != content:
        raise PlaceUnfit(f"this place keeps the log of another origin than {origin}")
