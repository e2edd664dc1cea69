r"""One sealed piece of a log: some entries in a row, what was before them, and the checkpoint that seals them.

A segment is one object, written once, so that entries and seal can never come apart:

    {"count":2,"first":17,"format":...,"frontier":[...],...}    the head: what is below, to be found again
    {"entry":{...},"offset":17}                                 a leaf: one record of the topic
    {"entry":{...},"offset":18}
                                                                an empty line
    quittance.example/audit.entry/0                             the checkpoint, a signed note
    19
    ...

Lines end with one line feed. A leaf is its line without that: the record's value as it stood on the topic, and its
offset there. A value that is no canonical JSON object is `{"base64":"...","offset":18}`. Nothing in the head need be
believed: each of its members follows from the entries, and is there so that an altered entry can be named.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .note import decoded, encoded
from .tree import HASH_BYTES, Frontier, leaf_hash

FORMAT = "quittance-audit-segment/1"
# Each object lies in a folder of at most a thousand: the last one is found by three short listings.
NAMES_IN_A_FOLDER = 1000


class SegmentWrong(Exception):  # noqa: N818 - it says what is wrong
    """An object is no segment."""


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of a value, as RFC 8785 has it for what we write (no fractions, ASCII keys)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def leaf_of(offset: int, value: bytes) -> bytes:
    """Return the leaf that seals a record's value."""
    if _is_canonical_object(value):
        return b'{"entry":' + value + b',"offset":%d}' % offset
    return canonical({"base64": encoded(value), "offset": offset})


def record_of(leaf: bytes) -> tuple[int, bytes]:
    """Return the offset and the value of the record that a leaf seals.

    Raises:
        SegmentWrong: where it is no leaf of ours.
    """
    try:
        held = json.loads(leaf)
        offset, value = held["offset"], canonical(held["entry"]) if "entry" in held else decoded(held["base64"])
    except Exception as wrong:  # whatever somebody has put there
        raise SegmentWrong(f"no leaf: {type(wrong).__name__}") from wrong
    if not isinstance(offset, int) or leaf != leaf_of(offset, value):
        raise SegmentWrong("not written as a leaf is")
    return offset, value


def _is_canonical_object(value: bytes) -> bool:
    if value[:1] != b"{":
        return False
    try:
        return canonical(json.loads(value)) == value
    except (ValueError, RecursionError):  # no JSON, numbers without end, half a surrogate pair, too deep
        return False


@dataclass(frozen=True)
class Parts:
    """A segment's bytes, taken apart and not yet believed."""

    head: bytes
    leaves: tuple[bytes, ...]
    note: bytes

    @classmethod
    def of(cls, content: bytes) -> "Parts":
        """Take a segment apart. Of a damaged one as much is found as can be.

        Raises:
            SegmentWrong: where there is nothing like a checkpoint at its end.
        """
        # The last empty line is within the note, before its signatures; the one before it ends the entries.
        parts = content.rsplit(b"\n\n", 2)
        if len(parts) != 3:
            raise SegmentWrong("entries and checkpoint cannot be told apart")
        head, *leaves = parts[0].split(b"\n")
        return cls(head, tuple(leaves), parts[1] + b"\n\n" + parts[2])

    @property
    def hashes(self) -> list[bytes]:
        """Return the hashes of the leaves that are there."""
        return [leaf_hash(leaf) for leaf in self.leaves]


@dataclass(frozen=True)
class Head:
    """What a segment says of itself."""

    origin: str
    before: Frontier
    leaves: tuple[bytes, ...]

    def __bytes__(self) -> bytes:
        """Return the segment's first line."""
        return canonical({
            "count": len(self.leaves),
            "first": self.before.size,
            "format": FORMAT,
            "frontier": [encoded(each) for each in self.before.hashes],
            "leaves": encoded(b"".join(self.leaves)),
            "origin": self.origin,
        })  # fmt: skip

    @classmethod
    def parse(cls, line: bytes) -> "Head":
        """Read the first line.

        Raises:
            SegmentWrong: where it is none, or not as it is written.
        """
        try:
            said = json.loads(line)
            leaves = decoded(said["leaves"])
            before = Frontier(said["first"], tuple(map(decoded, said["frontier"])))
            found = cls(said["origin"], before, tuple(_cut(leaves)))
            is_right = bytes(found) == line and found.before.is_possible
        except Exception as wrong:  # whatever somebody has put there
            raise SegmentWrong(f"no head of a segment: {type(wrong).__name__}") from wrong
        if not is_right:
            raise SegmentWrong("the head is not written as a head is")
        return found


def _cut(joined: bytes) -> Sequence[bytes]:
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


def render(origin: str, before: Frontier, leaves: Sequence[bytes], note: bytes) -> bytes:
    """Return the bytes of a segment; `note` is the signed checkpoint over everything up to its last leaf."""
    head = Head(origin, before, tuple(map(leaf_hash, leaves)))
    return b"".join(line + b"\n" for line in (bytes(head), *leaves)) + b"\n" + note


def segment_name(ordinal: int) -> str:
    """Return where the segment of a number is, below its log.

    >>> segment_name(12345)
    'segments/000/012/345.jsonl'
    """
    return f"segments/{_folders(ordinal)}.jsonl"


def checkpoint_name(ordinal: int) -> str:
    """Return where the checkpoint of a segment is once more, by itself.

    >>> checkpoint_name(12345)
    'checkpoints/000/012/345.txt'
    """
    return f"checkpoints/{_folders(ordinal)}.txt"


def _folders(ordinal: int) -> str:
    upper, last = divmod(ordinal, NAMES_IN_A_FOLDER)
    return "/".join(f"{part:03}" for part in (*divmod(upper, NAMES_IN_A_FOLDER), last))
