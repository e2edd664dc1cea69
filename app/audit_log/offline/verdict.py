"""What a walk over a log asks of a storage, and what it has found in the end."""

from dataclasses import dataclass, field
from typing import Protocol

from .finding import Finding
from .note import Checkpoint


class Objects(Protocol):
    """Where the parts of a log are: a folder, a bucket, or a test's dictionary."""

    def last(self, kind: str) -> int | None:
        """Return the highest number that an object of a kind (`segments`, `checkpoints`) has, None where none is."""

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""


@dataclass
class Verdict:
    """What a walk has found."""

    origin: str = ""
    segments: int = 0
    entries: int = 0
    first_offset: int | None = None
    next_offset: int | None = None
    checkpoint: Checkpoint | None = None
    compared: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings
