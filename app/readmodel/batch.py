"""A batch of records folded into effects: what is new in it, what cannot be read, where it ends. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.readmodel.change import Effect
from app.readmodel.projection import effects_of
from app.readmodel.record import Read
from schemas.codec import Undecodable

Partition = tuple[str, int]
Offsets = Mapping[Partition, int]


class Gap(Exception):  # noqa: N818 - it names what lies between
    """Records between the stored offset and the batch were never seen; the reader must go back."""


@dataclass(frozen=True)
class Skipped:
    """A record that is not projected, and why: a machine reason and one sentence."""

    read: Read
    reason: str
    detail: str


@dataclass(frozen=True)
class Folded:
    """What a batch does: its effects in order, what it leaves out, and the offsets to go on from."""

    effects: tuple[Effect, ...]
    skipped: tuple[Skipped, ...]
    next_offsets: Offsets
    applied: int


def unseen(batch: Sequence[Read], begun_at: Offsets, stored: Offsets) -> list[Read]:
    """Return the records that no transaction has stored yet.

    `begun_at` says from where the batch was read on, without a hole. Another process may project into the same
    database: what it stored meanwhile is left out here.

    Raises:
        Gap: where the database stands before the place that the batch begins at.
    """
    for partition, offset in begun_at.items():
        if stored.get(partition, 0) < offset:
            raise Gap(f"{partition[0]}/{partition[1]} is stored up to {stored.get(partition, 0)}, read from {offset}")
    return [read for read in batch if read.offset >= stored.get((read.topic, read.partition), 0)]


def fold(batch: Sequence[Read]) -> Folded:
    """Return the effects of a batch. A record that cannot be read is left out and named, and never stops the rest."""
    effects: list[Effect] = []
    skipped: list[Skipped] = []
    next_offsets: dict[Partition, int] = {}
    for read in batch:
        where = (read.topic, read.partition)
        next_offsets[where] = max(read.offset + 1, next_offsets.get(where, 0))
        outcome = _effects_or_reason(read)
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            effects.extend(outcome)
    return Folded(tuple(effects), tuple(skipped), next_offsets, len(batch) - len(skipped))


def skip(read: Read, reason: str, detail: str) -> Folded:
    """Return a batch of one record that is passed over: only its offset counts."""
    return Folded((), (Skipped(read, reason, detail),), {(read.topic, read.partition): read.offset + 1}, 0)


def _effects_or_reason(read: Read) -> tuple[Effect, ...] | Skipped:
    try:
        return effects_of(read)
    except Undecodable as wrong:
        return Skipped(read, wrong.reason, wrong.detail)
    except (ValueError, OverflowError) as surprise:  # a moment of year 1 in another zone, a surrogate in a text
        return Skipped(read, "VALUE-UNSTORABLE", f"{type(surprise).__name__}: {surprise}")
