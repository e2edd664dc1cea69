"""What happens to a file on its way through the world, and what an attacker does to it: seeded mutations of bytes."""

import random
import re
import zlib
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytearray, bytes], None]
# More than one change, so that a mutant that survives the first parser meets the second.
CHANGES_MAX = 8
BLOCK_MAX = 512
GROWTH_MAX = 4_096
_NUMBER = re.compile(rb"[0-9]{1,10}")
_NAME = re.compile(rb"/[A-Za-z0-9]{2,20}")
_TAG = re.compile(rb"</?[A-Za-z:]{1,40}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
ODD_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"4294967296", b"99999999999999999999", b"0.0000001")
ODD_BYTES = (0x00, 0x01, 0x0A, 0x20, 0x25, 0x28, 0x3C, 0x5B, 0x7F, 0x80, 0xC3, 0xFE, 0xFF)


def mutant(seeds: Sequence[bytes], number: int, seed: int) -> bytes:
    """Return the n-th mutant: a function of the seeds, the number and the seed alone."""
    rng = random.Random(f"mutant/{seed}/{number}")
    return changed(rng, rng.choice(seeds), rng.choice(seeds))


def changed(rng: random.Random, content: bytes, other: bytes) -> bytes:
    """Return the content with some changes; parts of another file may come into it."""
    mutated = bytearray(content)
    for _ in range(rng.randint(1, CHANGES_MAX)):
        rng.choice(_MUTATIONS)(rng, mutated, other)
    return bytes(mutated)


def _flip(rng: random.Random, content: bytearray, _other: bytes) -> None:
    if content:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _odd_byte(rng: random.Random, content: bytearray, _other: bytes) -> None:
    if content:
        content[rng.randrange(len(content))] = rng.choice(ODD_BYTES)


def _truncate(rng: random.Random, content: bytearray, _other: bytes) -> None:
    del content[rng.randrange(len(content) + 1) :]


def _remove(rng: random.Random, content: bytearray, _other: bytes) -> None:
    start, end = _block(rng, content)
    del content[start:end]


def _repeat(rng: random.Random, content: bytearray, _other: bytes) -> None:
    start, end = _block(rng, content)
    content[start:start] = content[start:end] * rng.randint(1, 8)


def _overwrite(rng: random.Random, content: bytearray, _other: bytes) -> None:
    start, end = _block(rng, content)
    content[start:end] = rng.randbytes(end - start)


def _splice(rng: random.Random, content: bytearray, other: bytes) -> None:
    """As two files that a spooler wrote over each other."""
    start, end = _block(rng, bytearray(other), GROWTH_MAX)
    at = rng.randrange(len(content) + 1)
    content[at:at] = other[start:end]


def _swap(rng: random.Random, content: bytearray, _other: bytes) -> None:
    start, end = _block(rng, content)
    at = rng.randrange(len(content) + 1)
    content[at:at] = content[start:end]
    del content[start:end]


def _odd_number(rng: random.Random, content: bytearray, _other: bytes) -> None:
    _replace(rng, content, _NUMBER, rng.choice(ODD_NUMBERS))


def _other_name(rng: random.Random, content: bytearray, other: bytes) -> None:
    """Another key of a dictionary: /Length where /Filter was."""
    names = _NAME.findall(other)
    if names:
        _replace(rng, content, _NAME, rng.choice(names))


def _other_tag(rng: random.Random, content: bytearray, other: bytes) -> None:
    tags = _TAG.findall(other)
    if tags:
        _replace(rng, content, _TAG, rng.choice(tags))


def _inside(rng: random.Random, content: bytearray, other: bytes) -> None:
    """Change what a compressed stream holds, and compress it again: else the first check would be the only one met."""
    streams = list(_STREAM.finditer(bytes(content)))
    if not streams:
        return
    stream = rng.choice(streams)
    try:
        inner = bytearray(zlib.decompress(stream[1]))
    except zlib.error:
        return
    for _ in range(rng.randint(1, CHANGES_MAX)):
        rng.choice(_SIMPLE)(rng, inner, other)
    content[stream.start(1) : stream.end(1)] = zlib.compress(bytes(inner))


def _replace(rng: random.Random, content: bytearray, pattern: re.Pattern[bytes], by: bytes) -> None:
    found = [match.span() for match in pattern.finditer(bytes(content))]
    if found:
        start, end = rng.choice(found)
        content[start:end] = by


def _block(rng: random.Random, content: bytearray, length_max: int = BLOCK_MAX) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + rng.randint(0, length_max))


_SIMPLE: tuple[Mutation, ...] = (_flip, _odd_byte, _remove, _repeat, _overwrite, _swap, _odd_number, _other_name)
_MUTATIONS: tuple[Mutation, ...] = (*_SIMPLE, _truncate, _splice, _other_tag, _inside, _inside, _odd_number)
