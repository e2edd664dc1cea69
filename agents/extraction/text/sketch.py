"""What a paper looks like, as 64 hex digits: alike for the papers of one issuer's layout, whatever they ask for.

What stays from one paper of a layout to the next are its words: headings, labels, the issuer's own name, the small
print. What changes are numbers, dates, the buyer, the items, and how far down the sums stand. So a paper is taken as
the set of its words that hold no digit, each with the column in which it begins; rows of items are left out. Of that
set a sketch is kept (one permutation hashing: Li, Owen and Zhang 2012; Shrivastava 2017 for empty slots; four bits a
slot: Li and König 2010), from which the share of words that two papers have in common can be told within some percent.
"""

import hashlib
from collections.abc import Container, Iterator
from functools import cache

from agents.extraction.text.layout import Layout, Line
from agents.extraction.text.lexicon import fold
from schemas.base import Code

SLOTS = 64
_SLOT_BITS = 6
_VALUE_BITS = 4
# How often two slots are the same by chance.
_CHANCE = 1 / (1 << _VALUE_BITS)
# A page has so many columns: finer, and a word behind another buyer's name falls into the next one.
COLUMNS = 12
# A line with more numbers than these is a row of items: what was sold is said anew on each paper.
NUMBERS_MAX = 1
# Fewer words than these could be anybody's.
WORDS_MIN = 12
# Shorter ones are signs and units.
LETTERS_MIN = 2
# From here on two papers are of one layout. On generated papers those of one issuer and layout begin at 0.58, those of
# other layouts end at 0.31 (tests/agents/extraction/text/test_sketch.py).
ALIKE_MIN = 0.5


def sketch(layout: Layout) -> Code | None:
    """Return the sketch of a document's first and last page, or None where they have too few words for one."""
    found = {_hash(word, column) for line in _outer(layout) for word, column in _lasting(line, layout)}
    if len(found) < WORDS_MIN:
        return None
    slots: dict[int, tuple[int, int]] = {}
    for number in found:
        slot = number & (SLOTS - 1)
        value = number >> _SLOT_BITS & (2**_VALUE_BITS - 1)
        rank = number >> _SLOT_BITS + _VALUE_BITS
        slots[slot] = min(slots.get(slot, (rank, value)), (rank, value))
    return "".join(f"{slots[_filled(slots, slot)][1]:x}" for slot in range(SLOTS))


def similarity(one: str, other: str) -> float:
    """Return which share of their words two papers have in common, 0 to 1, as far as their sketches tell.

    >>> similarity("0" * SLOTS, "0" * SLOTS)
    1.0
    """
    if len(one) != SLOTS or len(other) != SLOTS:
        return 0.0
    same = sum(left == right for left, right in zip(one, other, strict=True)) / SLOTS
    return max((same - _CHANCE) / (1 - _CHANCE), 0.0)


def alike(one: str, other: str) -> bool:
    """Tell whether two papers are of one layout."""
    return similarity(one, other) >= ALIKE_MIN


def _outer(layout: Layout) -> Iterator[Line]:
    """Yield the lines of the first and of the last page: between them lie items."""
    pages = {min(layout.sizes, default=0), max(layout.sizes, default=0)}
    yield from (line for line in layout.lines if line.page in pages)


def _lasting(line: Line, layout: Layout) -> Iterator[tuple[str, int]]:
    """Yield the words of a line that hold no digit, with the column in which each begins."""
    words = [word for cell in line.cells for word in cell.words]
    if sum(any(sign.isdigit() for sign in word.text) for word in words) > NUMBERS_MAX:
        return
    width = layout.sizes[line.page][0] or 1.0
    for word in words:
        bare = "".join(sign for sign in fold(word.text) if sign.isalnum())
        if len(bare) >= LETTERS_MIN and bare.isalpha():
            yield bare, int(COLUMNS * word.left / width)


def _hash(word: str, column: int) -> int:
    return int.from_bytes(hashlib.blake2b(f"{word}\x1f{column}".encode(), digest_size=8).digest())


def _filled(slots: Container[int], slot: int) -> int:
    """Return the slot itself, or the one that stands in for it where it is empty: the same one for all papers."""
    return slot if slot in slots else next(other for other in _others(slot) if other in slots)


@cache
def _others(slot: int) -> tuple[int, ...]:
    return tuple(sorted(range(SLOTS), key=lambda other: hashlib.blake2b(bytes((slot, other))).digest()))
