"""Proofs that need no log: of one entry (C2SP tlog-proof v1), and that a log grew (the body of C2SP tlog-witness)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .note import Checkpoint, NoteWrong, VerifierKey, decoded, encoded, opened
from .tree import HASH_BYTES, PathWrong, leaf_hash, root_by_inclusion, roots_by_consistency

TITLE = "c2sp.org/tlog-proof@v1"
# A path has a hash for each doubling of the log; no log has 2**63 entries.
HASHES_MAX = 63
_NUMBER = "0|[1-9][0-9]{0,18}"
_INDEX = re.compile(f"index ({_NUMBER})")
_OLD = re.compile(f"old ({_NUMBER})")


class ProofWrong(Exception):  # noqa: N818 - it says what is wrong
    """A proof does not prove what it should."""


@dataclass(frozen=True)
class InclusionProof:
    """That an entry is in a log: its number, its path and a checkpoint. `leaf` is sent along, to be hashed."""

    index: int
    path: tuple[bytes, ...]
    note: bytes
    leaf: bytes | None = None

    def __bytes__(self) -> bytes:
        """Return the proof as a file, for the extension .tlog-proof."""
        extra = [] if self.leaf is None else [f"extra {encoded(self.leaf)}"]
        lines = [TITLE, *extra, f"index {self.index}", *map(encoded, self.path), ""]
        return "".join(line + "\n" for line in lines).encode() + self.note

    @classmethod
    def parse(cls, content: bytes) -> "InclusionProof":
        """Read a proof.

        Raises:
            ProofWrong: where it is none.
        """
        (title, *lines), note = _split(content)
        if title != TITLE:
            raise ProofWrong(f"not a {TITLE}")
        extra = lines.pop(0)[6:] if lines and lines[0].startswith("extra ") else None
        number = _INDEX.fullmatch(lines[0] if lines else "")
        if number is None:
            raise ProofWrong("the line of the index is missing")
        return cls(int(number[1]), _hashes(lines[1:]), note, None if extra is None else _decoded(extra))

    def verified(self, keys: Iterable[VerifierKey], leaf: bytes | None = None) -> Checkpoint:
        """Return the checkpoint under which the leaf stands, the one that came along where none is given.

        Raises:
            ProofWrong: where the leaf does not, or the checkpoint is not signed by a known key.
        """
        shown = self.leaf if leaf is None else leaf
        if shown is None:
            raise ProofWrong("the entry itself is needed: none came along")
        checkpoint = _opened(self.note, keys)
        try:
            root = root_by_inclusion(self.index, checkpoint.size, leaf_hash(shown), self.path)
        except PathWrong as wrong:
            raise ProofWrong(str(wrong)) from wrong
        if root != checkpoint.root:
            raise ProofWrong(f"entry {self.index} of {checkpoint.origin} is another than this")
        return checkpoint


@dataclass(frozen=True)
class ConsistencyProof:
    """That a log of `old` entries grew into that of a checkpoint, and nothing was changed meanwhile."""

    old: int
    path: tuple[bytes, ...]
    note: bytes

    def __bytes__(self) -> bytes:
        """Return the proof as witnesses are sent it: `old` and the size, the hashes, an empty line, the checkpoint."""
        lines = [f"old {self.old}", *map(encoded, self.path), ""]
        return "".join(line + "\n" for line in lines).encode() + self.note

    @classmethod
    def parse(cls, content: bytes) -> "ConsistencyProof":
        """Read a proof.

        Raises:
            ProofWrong: where it is none.
        """
        (first, *lines), note = _split(content)
        number = _OLD.fullmatch(first)
        if number is None:
            raise ProofWrong("the line of the old size is missing")
        return cls(int(number[1]), _hashes(lines), note)

    def verified(self, keys: Iterable[VerifierKey], older: bytes) -> Checkpoint:
        """Return the newer checkpoint, once it is shown that its log grew out of the older one, a signed note.

        Raises:
            ProofWrong: where that is not shown.
        """
        known = tuple(keys)
        before, after = _opened(older, known), _opened(self.note, known)
        if before.origin != after.origin or before.size != self.old:
            raise ProofWrong(f"a proof about another checkpoint than that of {before.origin} at {before.size}")
        try:
            roots = roots_by_consistency(before.size, after.size, before.root, self.path)
        except PathWrong as wrong:
            raise ProofWrong(str(wrong)) from wrong
        if roots != (before.root, after.root):
            raise ProofWrong(f"{after.origin} at {after.size} did not grow out of what it was at {before.size}")
        return after


def _split(content: bytes) -> tuple[list[str], bytes]:
    lines, empty, note = content.partition(b"\n\n")
    try:
        text = lines.decode("ascii")
    except UnicodeDecodeError:
        raise ProofWrong("not a proof") from None
    if not empty:
        raise ProofWrong("no checkpoint follows")
    return text.split("\n"), note


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    found = tuple(map(_decoded, lines))
    if len(found) > HASHES_MAX or any(len(each) != HASH_BYTES for each in found):
        raise ProofWrong("a line of the path is no hash")
    return found


def _decoded(text: str) -> bytes:
    try:
        return decoded(text)
    except NoteWrong as wrong:
        raise ProofWrong(str(wrong)) from wrong


def _opened(note: bytes, keys: Iterable[VerifierKey]) -> Checkpoint:
    try:
        return opened(note, keys)
    except NoteWrong as wrong:
        raise ProofWrong(f"the checkpoint is {wrong}" if str(wrong).startswith("not ") else str(wrong)) from wrong
