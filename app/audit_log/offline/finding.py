"""What can be wrong with a log: findings, each naming the entry, and how a wrong segment comes to name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .segment import Head, Parts, SegmentWrong, record_of


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `entry` is the number of the first entry that it concerns, where that can be told."""

    kind: str
    where: str
    detail: str
    entry: int | None = None

    def __str__(self) -> str:
        """Return the finding as a line."""
        named = "" if self.entry is None else f"entry {self.entry}: "
        return f"{self.where}: {named}{self.detail} ({self.kind})"


def differences(where: str, first: int, parts: Parts, sealed: Sequence[bytes]) -> list[Finding]:
    """Name the entries of a segment that are not those that were sealed; `sealed` are the hashes of the right ones.

    One finding for each entry that was changed in its place. Where entries were taken out, put in or moved, all after
    the first are in another place, and saying so of each would hide the one that matters.
    """
    there = parts.hashes
    wrong = [at for at in range(min(len(there), len(sealed))) if there[at] != sealed[at]]
    at = wrong[0] if wrong else min(len(there), len(sealed))
    if len(there) < len(sealed):
        return [_finding("entry missing", where, first + at, sealed, there, parts, at)]
    if len(there) > len(sealed):
        return [_finding("entry added", where, first + at, sealed, there, parts, at)]
    kinds = {place: "entry moved" if there[place] in sealed else "entry changed" for place in wrong}
    return [_finding(kind, where, first + place, sealed, there, parts, place) for place, kind in kinds.items()]


def _finding(
    kind: str, where: str, entry: int, sealed: Sequence[bytes], there: Sequence[bytes], parts: Parts, at: int
) -> Finding:
    details = {
        "entry missing": f"{len(sealed)} entries were sealed here, {len(there)} are left; this is the first one gone",
        "entry added": f"{len(sealed)} entries were sealed here, {len(there)} are there; this is the first too much",
        "entry moved": "another entry of this segment stands in its place",
        "entry changed": "these are not the bytes that were sealed",
    }
    return Finding(kind, where, f"{details[kind]}{_named(parts, at)}", entry)


def _named(parts: Parts, at: int) -> str:
    if at >= len(parts.leaves):
        return ""
    try:
        offset, _value = record_of(parts.leaves[at])
    except SegmentWrong:
        return "; what stands there is no entry"
    return f"; what stands there calls itself offset {offset}"


def head_of(parts: Parts) -> Head | None:
    """Return what a segment says of itself, None where that is damaged."""
    try:
        return Head.parse(parts.head)
    except SegmentWrong:
        return None
