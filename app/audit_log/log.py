"""One sealed log: where it ends, and how it grows by a segment.

The log itself says where it ends, down to the topic's offset; nothing else is asked. What makes it grow is one write
that fails where the name is taken. So a process that is killed leaves a whole segment or none, and of two processes
that seal the same log one is first, and the other reads on from what the first has written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.audit_log.keys import SealingKey
from app.audit_log.offline.note import Checkpoint, Note, NoteWrong, VerifierKey, opened, sealed
from app.audit_log.offline.segment import Head, Parts, SegmentWrong, checkpoint_name, record_of, render, segment_name
from app.audit_log.offline.tree import Frontier, leaf_hash
from app.audit_log.place import Place, check_fit


class LogBroken(Exception):  # noqa: N818 - it names the state of the log
    """The log is not what was sealed. Nothing may be added to it: that would bury the traces."""


_EMPTY = Frontier()


@dataclass(frozen=True)
class Tail:
    """The end of a log: its last segment's number (-1 before the first), the tree, and the topic's next offset."""

    ordinal: int = -1
    after: Frontier = _EMPTY
    next_offset: int | None = None
    note: bytes = b""


def read_tail(place: Place, origin: str, ordinal: int, keys: Sequence[VerifierKey]) -> tuple[Head, Tail]:
    """Return what a segment says of itself, and the tail that it makes; all of it verified within itself.

    Raises:
        LogBroken: where it is not there, or not what was sealed.
        PlaceUnavailable: where nobody knows.
    """
    content = place.read(segment_name(ordinal))
    if content is None:
        raise LogBroken(f"{origin}: the segment {segment_name(ordinal)} was there and cannot be read now")
    try:
        parts = Parts.of(content)
        head, checkpoint = Head.parse(parts.head), opened(parts.note, keys, origin)
        after = head.before.grown(parts.hashes)
        offset, _value = record_of(parts.leaves[-1])
    except (SegmentWrong, NoteWrong, IndexError) as wrong:
        raise LogBroken(f"{origin}: the segment {segment_name(ordinal)} is damaged: {wrong}") from wrong
    if (after.size, after.root) != (checkpoint.size, checkpoint.root) or list(head.leaves) != parts.hashes:
        raise LogBroken(f"{origin}: the segment {segment_name(ordinal)} does not hold what was sealed")
    return head, Tail(ordinal, after, offset + 1, parts.note)


class SealedLog:
    """A log that may grow. All methods wait for the storage, so they are called in a thread."""

    def __init__(
        self, place: Place, second: Place | None, origin: str, key: SealingKey, known: Sequence[VerifierKey] = ()
    ) -> None:
        """`known` are keys that have signed before this one. Nothing is asked of the storage before `open`."""
        self.origin = origin
        self.tail = Tail()
        self._place = place
        self._second = second
        self._key = key
        self._name = key.named(origin)
        self._known = (self._name, *(each for each in known if each.name == origin))
        self._copied = False

    def open(self) -> None:
        """Find the end: three listings and one segment, however long the log is.

        Raises:
            LogBroken: where the end is damaged, or a copy of a checkpoint tells of more or of something else.
            PlaceUnfit: where the storage replaces objects.
            PlaceUnavailable: where it does not answer.
        """
        check_fit(self._place, self.origin)
        # Copies first: each is written after its segment, so that another sealer at work does not look like a cut.
        copied = [beyond for copies in self._copies if (beyond := copies.last("checkpoints")) is not None]
        last = self._place.last("segments")
        if copied and max(copied) > (-1 if last is None else last):
            raise LogBroken(f"{self.origin}: it ends before {checkpoint_name(max(copied))}, which was sealed")
        if last is not None:
            _head, self.tail = read_tail(self._place, self.origin, last, self._known)
        self.copy_checkpoint()

    def append(self, records: Sequence[tuple[int, bytes]]) -> bool:
        """Seal leaves, each with its offset, in a row; return False where another sealer was first.

        The tail says afterwards how far the log goes, also when this fails on the way.

        Raises:
            LogBroken: where what another has sealed is not to be believed, or is not what we were about to seal.
            PlaceUnavailable: where the storage does not answer; whether it was written shows at the next try.
        """
        self.copy_checkpoint()  # at most one is ever missing
        before, leaves = self.tail.after, [leaf for _offset, leaf in records]
        after = before.grown(map(leaf_hash, leaves))
        note = sealed(Checkpoint(self.origin, after.size, after.root).text, self._name, self._key.sign)
        content = render(self.origin, before, leaves, note)
        ordinal = self.tail.ordinal + 1
        is_mine = self._place.put_if_absent(segment_name(ordinal), content)
        if is_mine:
            self.tail, self._copied = Tail(ordinal, after, records[-1][0] + 1, note), False
        else:
            self._read_on(ordinal, Head(self.origin, before, tuple(map(leaf_hash, leaves))))
        self.copy_checkpoint()
        return is_mine

    def copy_checkpoint(self) -> None:
        """Put the last checkpoint where it can be found by itself, here and in the second place.

        Raises:
            LogBroken: where another checkpoint is there already.
        """
        if self._copied or self.tail.ordinal < 0:
            return
        name = checkpoint_name(self.tail.ordinal)
        for copies in self._copies:
            if not copies.put_if_absent(name, self.tail.note) and not _same(copies.read(name), self.tail.note):
                raise LogBroken(f"{self.origin}: {name} is another checkpoint than that of the segment")
        self._copied = True

    @property
    def _copies(self) -> list[Place]:
        return [self._place, *([self._second] if self._second is not None else [])]

    def _read_on(self, ordinal: int, mine: Head) -> None:
        """Go on behind what another sealer has written, which must be the same entries as far as both go."""
        theirs, tail = read_tail(self._place, self.origin, ordinal, self._known)
        common = min(len(theirs.leaves), len(mine.leaves))
        if theirs.before != mine.before or theirs.leaves[:common] != mine.leaves[:common]:
            raise LogBroken(f"{self.origin}: another sealer has sealed other entries from {mine.before.size} on")
        self.tail, self._copied = tail, False


def _same(one: bytes | None, other: bytes) -> bool:
    """Tell whether two notes say the same; a witness may have signed one of them besides."""
    try:
        return one is not None and Note.parse(one).text == Note.parse(other).text
    except NoteWrong:
        return False
