"""Walks a log from its first segment to its last, rebuilding the tree from the entries, and says what is wrong.

Nothing that a segment says of itself is believed: the root is made anew from the entries, and must be the one that a
known key has signed. So two checkpoints in a row agree by construction. What the head of a segment repeats serves to
name an entry that was altered, and to go on behind it.
"""

from collections.abc import Iterable, Mapping

from .finding import Finding, differences, head_of
from .note import Checkpoint, NoteWrong, VerifierKey, opened
from .segment import Head, Parts, SegmentWrong, checkpoint_name, record_of, segment_name
from .tree import Frontier
from .verdict import Objects, Verdict

_EMPTY = Frontier()


class Walk:
    """One log on its way. `at` is the tree so far; None while it is not known, behind a segment that is no use."""

    def __init__(
        self,
        log: Objects,
        keys: Iterable[VerifierKey],
        *,
        second: Objects | None = None,
        older: Iterable[Checkpoint] = (),
        before: Frontier | None = _EMPTY,
    ) -> None:
        """`second` holds checkpoints alone; `older` are checkpoints that somebody has kept, already verified.

        With `before` None the log is a piece of one, and its first head is believed as far as its seal bears it out.
        """
        self._log = log
        self._keys = tuple(keys)
        self._second = second
        self._older = {checkpoint.size: checkpoint for checkpoint in older}
        self._at = before
        self._sealed: Checkpoint | None = None
        self._due: int | None = None  # the topic's next offset; not known behind a segment that is no use
        self.verdict = Verdict()

    def run(self) -> Verdict:
        """Walk to the end, which is where it was when this began: the log may grow meanwhile."""
        # Copies first: each is written after its segment, so that all of them are of segments that are listed then.
        copied = {place: objects.last("checkpoints") for place, objects in self._places().items()}
        last = self._log.last("segments")
        count = 0 if last is None else last + 1
        for ordinal in range(count):
            self._segment(ordinal)
        self._end(count, copied)
        return self.verdict

    def _wrong(self, kind: str, where: str, detail: str, entry: int | None = None) -> None:
        self.verdict.findings.append(Finding(kind, where, detail, entry))

    def _segment(self, ordinal: int) -> None:
        where = segment_name(ordinal)
        content = self._log.read(where)
        if content is None:
            self._wrong("segment missing", where, "it is not there, though later ones are", self._next)
            self._at = self._sealed = self._due = None
            return
        try:
            parts = Parts.of(content)
            checkpoint = self._checkpoint(parts.note)
        except (SegmentWrong, NoteWrong) as wrong:
            self._wrong("checkpoint invalid", where, f"its checkpoint is not valid: {wrong}", self._damaged(content))
            self._at = self._sealed = self._due = None
            return
        self._compare_copies(ordinal, checkpoint)
        self._entries(where, parts, checkpoint)
        self._sealed = self.verdict.checkpoint = checkpoint
        self.verdict.segments += 1

    @property
    def _next(self) -> int | None:
        return None if self._at is None else self._at.size

    def _checkpoint(self, note: bytes) -> Checkpoint:
        checkpoint = opened(note, self._keys, self.verdict.origin or None)
        self.verdict.origin = checkpoint.origin
        return checkpoint

    def _entries(self, where: str, parts: Parts, checkpoint: Checkpoint) -> None:
        before = self._before(where, parts)
        if before is None:
            self._wrong("segment foreign", where, "it does not go on where the segment before it ended", self._next)
            return
        hashes = parts.hashes
        after = before.grown(hashes)
        is_sealed = (after.size, after.root) == (checkpoint.size, checkpoint.root)
        if is_sealed and parts.head == bytes(Head(checkpoint.origin, before, tuple(hashes))):
            self._accept(where, before, parts)
        elif is_sealed:
            self._wrong("head damaged", where, "its first line is altered; its entries are those that were sealed")
            self._accept(where, before, parts)
        else:
            self._at, self._due = self._diagnose(where, before, parts, checkpoint), None
            return
        self._compare_older(before, hashes, after)
        self._at = after

    def _before(self, where: str, parts: Parts) -> Frontier | None:
        """Return the tree before a segment: as walked, or, behind a gap, what its head says and a seal confirms."""
        if self._at is not None:
            return self._at
        head = head_of(parts)
        if head is None:
            return None
        if self._sealed is not None and (head.before.size, head.before.root) != (self._sealed.size, self._sealed.root):
            self._wrong("segment foreign", where, "it goes on from another tree than was sealed", head.before.size)
        return head.before

    def _diagnose(self, where: str, before: Frontier, parts: Parts, checkpoint: Checkpoint) -> Frontier | None:
        """Name what is wrong with the entries of a segment; return the tree after it, where that is known."""
        head = head_of(parts)
        claimed = before.grown(head.leaves) if head else None
        if head and claimed and (claimed.size, claimed.root) == (checkpoint.size, checkpoint.root):
            self.verdict.findings += differences(where, before.size, parts, head.leaves)
            return claimed
        if head and head.before != before:
            detail = f"it goes on after {head.before.size} entries, and {before.size} came before it"
            self._wrong("segment foreign", where, detail, before.size)
        elif checkpoint.size <= before.size:
            detail = f"the checkpoint in it is an old one, of {checkpoint.size} entries"
            self._wrong("checkpoint replayed", where, detail, before.size)
        else:
            self.verdict.findings += differences(where, before.size, parts, head.leaves) if head else []
            until = max(checkpoint.size, before.size + len(parts.leaves)) - 1
            detail = f"entries {before.size} to {until} are not those whose root was signed"
            self._wrong("root differs", where, detail, before.size)
        return None

    def _damaged(self, content: bytes) -> int | None:
        """Return the first entry that was altered in a segment without a valid checkpoint, where its head tells."""
        head_line, *lines = content.split(b"\n")
        head = head_of(Parts(head_line, (), b""))
        if head is None:
            return self._next
        there = Parts(head_line, tuple(lines[: len(head.leaves)]), b"").hashes
        found = [at for at, (one, other) in enumerate(zip(there, head.leaves, strict=False)) if one != other]
        return head.before.size + found[0] if found else None

    def _accept(self, where: str, before: Frontier, parts: Parts) -> None:
        """Count entries that were sealed, and look whether the topic's offsets go on without a gap."""
        for entry, leaf in enumerate(parts.leaves, start=before.size):
            try:
                offset, _value = record_of(leaf)
            except SegmentWrong as wrong:
                self._wrong("entry unknown", where, f"sealed, but {wrong}", entry)
                continue
            if self.verdict.first_offset is None:
                self.verdict.first_offset = offset
            if self._due not in {None, offset}:
                kind = "offsets missing" if offset > (self._due or 0) else "offset repeated"
                self._wrong(kind, where, f"the topic's offset {offset} was sealed where {self._due} was due", entry)
            self._due = self.verdict.next_offset = offset + 1
        self.verdict.entries += len(parts.leaves)

    def _compare_older(self, before: Frontier, hashes: list[bytes], after: Frontier) -> None:
        """Hold checkpoints that somebody has kept against the tree that the entries give."""
        for size in [size for size in self._older if before.size < size <= after.size]:
            kept = self._older.pop(size)
            self.verdict.compared += 1
            if kept.origin != self.verdict.origin or before.grown(hashes[: size - before.size]).root != kept.root:
                self._wrong("history rewritten", kept.origin, f"a checkpoint of {size} entries was of other ones", size)

    def _compare_copies(self, ordinal: int, checkpoint: Checkpoint) -> None:
        name = checkpoint_name(ordinal)
        for place, objects in self._places().items():
            copy = objects.read(name)
            if copy is not None:
                self._compare_copy(f"{place}{name}", copy, checkpoint)

    def _places(self) -> Mapping[str, Objects]:
        return {"": self._log} | ({"second place: ": self._second} if self._second is not None else {})

    def _compare_copy(self, where: str, copy: bytes, checkpoint: Checkpoint) -> None:
        try:
            found = self._checkpoint(copy)
        except NoteWrong as wrong:
            self._wrong("checkpoint invalid", where, f"the copy is not valid: {wrong}")
            return
        self.verdict.compared += 1
        if found != checkpoint:
            detail = f"it is over {found.size} entries, the segment's over {checkpoint.size}, or with another root"
            self._wrong("checkpoint differs", where, detail, min(found.size, checkpoint.size) - 1)

    def _end(self, count: int, copied: Mapping[str, int | None]) -> None:
        """Look for what is beyond the end: copies of checkpoints of segments that are gone."""
        for place, objects in self._places().items():
            beyond = copied[place]
            if beyond is not None and beyond >= count:
                self._truncated(place, beyond, objects)
        for size, kept in sorted(self._older.items()):
            detail = f"a checkpoint of {size} entries is known, the log ends before"
            self._wrong("log truncated", kept.origin, detail, self._next)

    def _truncated(self, place: str, beyond: int, objects: Objects) -> None:
        name = checkpoint_name(beyond)
        try:
            size = f"{self._checkpoint(objects.read(name) or b'').size} entries"
        except NoteWrong:
            size = "entries that cannot be read"
        self._wrong("log truncated", f"{place}{name}", f"it seals {size}; the log ends before them", self._next)
