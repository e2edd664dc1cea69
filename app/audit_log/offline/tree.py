"""The Merkle tree of RFC 9162, section 2.1 (the same as RFC 6962's): hashes, frontiers, paths, and their verification.

Hashes are SHA-256, 32 bytes. Leaves are counted from 0; a range of leaves `(first, end)` leaves `end` out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
# Place of a complete subtree: its height above the leaves, and its number within that height.
Node = tuple[int, int]


class PathWrong(Exception):  # noqa: N818 - it says what is wrong
    """A path proves nothing: too long, too short, or for another tree."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf. The zero byte keeps a leaf from passing for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that must be remembered of a tree to let it grow: the complete subtrees that it is made of, largest first.

    There is one for each bit of the size. It names the tree: other leaves give other hashes.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Tell whether a tree of that size has so many complete subtrees."""
        return self.size >= 0 and len(self.hashes) == self.size.bit_count()

    @property
    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def grown(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier of the tree with more leaves; each is given by its hash."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaves:
            for _node, hashed in _completed(size, stack, leaf):
                stack.append(hashed)
            size += 1
        return Frontier(size, tuple(stack))

    def nodes(self, leaves: Iterable[bytes]) -> dict[Node, bytes]:
        """Return every complete subtree that the frontier holds, or that more leaves complete."""
        found = dict(zip(self._places(), self.hashes, strict=True))
        size, stack = self.size, list(self.hashes)
        for leaf in leaves:
            for node, hashed in _completed(size, stack, leaf):
                found[node] = hashed
                stack.append(hashed)
            size += 1
        return found

    def _places(self) -> Iterator[Node]:
        first = 0
        for height in reversed(range(self.size.bit_length())):
            if self.size >> height & 1:
                yield height, first >> height
                first += 1 << height


def _completed(size: int, stack: list[bytes], leaf: bytes) -> Iterator[tuple[Node, bytes]]:
    """Yield the subtrees that one more leaf completes, the leaf first; what goes into a larger one leaves the stack.

    Whoever iterates puts each that is yielded on the stack.
    """
    yield (0, size), leaf
    height = 0
    while size >> height & 1:
        right, left = stack.pop(), stack.pop()
        height += 1
        yield (height, size >> height), node_hash(left, right)


def _split(width: int) -> int:
    """Return the largest power of two that is smaller than the width (RFC 9162, section 2.1.1)."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes are the inclusion path of a leaf, from the leaf up (RFC 9162, section 2.1.3.1)."""
    if not 0 <= index < size:
        raise PathWrong(f"a tree of {size} leaves has none of number {index}")
    found: list[Range] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first = middle
    return found[::-1]


def consistency_ranges(older: int, newer: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree grew out of an older one (RFC 9162, section 2.1.4.1)."""
    if not 0 < older <= newer:
        raise PathWrong(f"a tree of {newer} leaves did not grow out of one of {older}")
    found: list[Range] = []
    first, end = 0, newer
    while end != older:
        middle = first + _split(end - first)
        if older <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first = middle
    return [*([(first, end)] if first else []), *found[::-1]]


def range_hash(wanted: Range, node: Callable[[Node], bytes]) -> bytes:
    """Return the hash over a range of a path, out of the complete subtrees that `node` knows."""
    first, end = wanted
    width = end - first
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return node((height, first >> height))
    middle = first + _split(width)
    return node_hash(range_hash((first, middle), node), range_hash((middle, end), node))


def root_by_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's hash and its path lead to (RFC 9162, section 2.1.3.2).

    Raises:
        PathWrong: where the path is not as long as that leaf's is.
    """
    if not 0 <= index < size:
        raise PathWrong(f"a tree of {size} leaves has none of number {index}")
    at, last, root = index, size - 1, leaf
    for beside in path:
        if last == 0:
            raise PathWrong("the path is too long")
        if at & 1 or at == last:
            root = node_hash(beside, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise PathWrong("the path is too short")
    return root


def roots_by_consistency(older: int, newer: int, older_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of both trees that a path leads to (RFC 9162, section 2.1.4.2).

    Raises:
        PathWrong: where the path is not one between trees of these sizes.
    """
    if older == newer and not path:
        return older_root, older_root
    if not 0 < older < newer or not path:
        raise PathWrong("the path is not one between trees of these sizes")
    hashes = [older_root, *path] if older & (older - 1) == 0 else list(path)
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise PathWrong("the path is too long")
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise PathWrong("the path is too short")
    return old, new
