"""A log in a folder, as it lies there or as somebody has copied it out of a bucket."""

from collections.abc import Iterator
from pathlib import Path

from .segment import segment_name

KINDS = ("segments", "checkpoints")


class FolderObjects:
    """The parts of one log below a folder."""

    def __init__(self, folder: Path) -> None:
        """The folder is the one that holds `segments`, `checkpoints`, or both."""
        self._folder = folder

    def last(self, kind: str) -> int | None:
        """Return the highest number that an object of a kind has, None where none is."""
        numbers = [
            int("".join(path.parts[-3:]).split(".")[0]) for path in (self._folder / kind).glob("[0-9]*/[0-9]*/[0-9]*.*")
        ]
        return max(numbers, default=None)

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""
        try:
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


class OneSegment:
    """A log of which there is a single segment, taken out of its place."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def last(self, kind: str) -> int | None:
        """Return 0 for segments."""
        return 0 if kind == "segments" else None

    def read(self, name: str) -> bytes | None:
        """Return the segment."""
        return self._content if name == segment_name(0) else None


def logs_below(folder: Path) -> Iterator[Path]:
    """Yield every folder that holds a log: the given one, or some below it."""
    found = {path.parent for kind in KINDS for path in folder.rglob(kind) if path.is_dir()}
    yield from sorted(found)
