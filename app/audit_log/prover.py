"""Makes proofs from a sealed log: a few segments are read for one, however long the log is, and none is believed.

A complete subtree of a path is found where its last leaf was sealed: that segment's frontier and leaves complete it.
Each proof is verified before it is handed out, so that what this module reads need not be.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

from app.audit_log.offline.note import Checkpoint, NoteWrong, VerifierKey, opened
from app.audit_log.offline.proof import ConsistencyProof, InclusionProof, ProofWrong
from app.audit_log.offline.segment import Head, Parts, SegmentWrong, segment_name
from app.audit_log.offline.tree import Node, consistency_ranges, inclusion_ranges, range_hash
from app.audit_log.place import Place

# A segment with the subtrees that it completes: some 200 kB. A path needs a segment for each doubling of the log.
SEGMENTS_KEPT = 32


class NotSealed(Exception):  # noqa: N818 - it says what is asked for
    """There is no such entry in the log, or not yet."""


class _Segment:
    """A segment as far as proofs need it."""

    def __init__(self, content: bytes) -> None:
        self.parts = Parts.of(content)
        self._head = Head.parse(self.parts.head)
        self.first = self._head.before.size
        self.end = self.first + len(self.parts.leaves)

    def nodes(self) -> dict[Node, bytes]:
        """Return every complete subtree that its frontier has or its leaves complete."""
        return self._head.before.nodes(self.parts.hashes)


class Prover:
    """Proves what is in one log, up to its last segment when this was made."""

    def __init__(self, place: Place, keys: Sequence[VerifierKey]) -> None:
        """Find the end of the log.

        Raises:
            NotSealed: where the log is empty.
            ProofWrong: where its end is not to be believed.
            PlaceUnavailable: where the storage does not answer.
        """
        self._place = place
        self._keys = tuple(keys)
        self._segment = lru_cache(maxsize=SEGMENTS_KEPT)(self._read)
        self._nodes = lru_cache(maxsize=SEGMENTS_KEPT)(lambda ordinal: self._segment(ordinal).nodes())
        last = place.last("segments")
        if last is None:
            raise NotSealed("nothing is sealed yet")
        self._last = last
        self.note = self._segment(last).parts.note
        try:
            self.checkpoint: Checkpoint = opened(self.note, keys)
        except NoteWrong as wrong:
            raise ProofWrong(f"the last checkpoint: {wrong}") from wrong

    def leaf(self, index: int) -> bytes:
        """Return the leaf of an entry.

        Raises:
            NotSealed: where there is none.
        """
        if not 0 <= index < self.checkpoint.size:
            raise NotSealed(f"the log has {self.checkpoint.size} entries, the first is 0")
        segment = self._segment(self._holder(index))
        return segment.parts.leaves[index - segment.first]

    def inclusion(self, index: int) -> InclusionProof:
        """Prove an entry; the leaf goes along.

        Raises:
            NotSealed: where there is none.
            ProofWrong: where the log is damaged, so that nothing can be proven of it.
        """
        leaf = self.leaf(index)
        path = [range_hash(each, self._node) for each in inclusion_ranges(index, self.checkpoint.size)]
        proof = InclusionProof(index, tuple(path), self.note, leaf)
        proof.verified(self._keys)
        return proof

    def consistency(self, older: int) -> ConsistencyProof:
        """Prove that the log grew out of what it was with `older` entries. Whoever has that checkpoint verifies it.

        Raises:
            NotSealed: where it never had so many.
            ProofWrong: where the log is damaged.
        """
        if not 0 < older <= self.checkpoint.size:
            raise NotSealed(f"the log has {self.checkpoint.size} entries")
        path = [range_hash(each, self._node) for each in consistency_ranges(older, self.checkpoint.size)]
        return ConsistencyProof(older, tuple(path), self.note)

    def _node(self, node: Node) -> bytes:
        height, number = node
        ordinal = self._holder(((number + 1) << height) - 1)
        try:
            return self._nodes(ordinal)[node]
        except KeyError:
            raise ProofWrong(f"{segment_name(ordinal)} is damaged") from None

    def _holder(self, index: int) -> int:
        """Return the number of the segment that holds a leaf: some twenty are looked at for a million."""
        ends: Callable[[int], int] = lambda ordinal: self._segment(ordinal).end  # noqa: E731 - the key of a search
        return bisect_right(range(self._last), index, key=ends)

    def _read(self, ordinal: int) -> _Segment:
        content = self._place.read(segment_name(ordinal))
        try:
            return _Segment(content or b"")
        except SegmentWrong as wrong:
            raise ProofWrong(f"{segment_name(ordinal)}: {wrong}") from wrong
