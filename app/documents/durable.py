"""Small files that are whole or not there, and durable once told so; and their end."""

import os
import secrets
from pathlib import Path

_FILE_MODE = 0o600
FOLDER_MODE = 0o700


def write_new(path: Path, content: bytes) -> bool:
    """Write a file unless it is there; of several who try at once one wins. Returns whether it was this one."""
    part = _beside(path, content)
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    sync(path.parent)
    return True


def write_over(path: Path, content: bytes) -> None:
    """Write a file in the place of what is there."""
    _beside(path, content).replace(path)
    sync(path.parent)


def destroy(path: Path) -> None:
    """Write noise over a file's bytes, then take its name away.

    The first helps on file systems that write in place. On one that keeps versions, and in backups, nothing helps: that
    is why keys may lie on none.
    """
    size_bytes = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        file.write(secrets.token_bytes(size_bytes))
        os.fsync(file.fileno())
    path.unlink()
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make the names of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, content: bytes) -> Path:
    for above in reversed([each for each in path.parents if not each.exists()]):
        above.mkdir(mode=FOLDER_MODE, exist_ok=True)
        sync(above.parent)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part
