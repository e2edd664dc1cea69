"""Which release reads and decides a document: a fold of `release.changed`, the same on every worker.

The topic is compacted: of each release only its last record is certain to be there. So what is in force is a function
of the last records alone. The active release is the one that became active last, by the number that its promotion was
given; the ones below it stay `active` in their own last records, and come into force again as soon as what lies on top
is retired. Rolling back is therefore one record, and there is no moment without a release: at the bottom lies what the
code itself brings along. An active release may leave a share of the documents to the one below it (`holdback`); that
ends by a record as well, for a clock is not the same on every worker.

Two writers may make a record on the same last one, and the later of them does not know of the earlier: a promotion must
not undo a rolling back that way. So records of a release are counted, and one whose number was used before does not
count, wherever it stands. Since compaction would keep it all the same, whoever notices writes again what counts
(`overtaken`).
"""

import hashlib
from dataclasses import dataclass

from schemas.release import Bundle, ReleaseChanged, ReleaseState

# The part of a hash that decides about a share: 2**32 steps are finer than any share that a person writes.
_HASH_BYTES = 4


@dataclass(frozen=True)
class Running:
    """A release as a stage uses it. `is_withdrawn`: it was taken back, and what it has read is no longer believed."""

    name: str
    bundle: Bundle
    is_withdrawn: bool = False

    @classmethod
    def of(cls, bundle: Bundle) -> "Running":
        """Return a bundle under its own name."""
        return cls(bundle.release_id, bundle)


class Releases:
    """All releases that the topic names. Changed by `apply` and `remove` alone."""

    def __init__(self, code: str) -> None:
        """`code` names the code that runs here; only bundles made for it are ever in force."""
        self.base = Running.of(Bundle(code=code))
        self._changes: dict[str, tuple[int, ReleaseChanged]] = {}
        self._overtaken: set[str] = set()

    def apply(self, change: ReleaseChanged, offset: int) -> bool:
        """Take in the record at an offset, and tell whether it counts: a later one of the same release replaces it."""
        known = self.change(change.release_id)
        counts = known is None or _follows(change, known)
        if counts:
            self._changes[change.release_id] = (offset, change)
        if counts or change == known:
            self._overtaken.discard(change.release_id)
        else:
            self._overtaken.add(change.release_id)
        return counts

    def overtaken(self) -> tuple[ReleaseChanged, ...]:
        """Return what counts of each release whose last record does not: it is to be written again."""
        return tuple(change for change in self.changes() if change.release_id in self._overtaken)

    def remove(self, release_id: str) -> None:
        """Forget a release: its record was deleted."""
        self._changes.pop(release_id, None)
        self._overtaken.discard(release_id)

    def change(self, release_id: str) -> ReleaseChanged | None:
        """Return the last record of a release."""
        found = self._changes.get(release_id)
        return found[1] if found else None

    def changes(self) -> tuple[ReleaseChanged, ...]:
        """Return the last record of every release, in the order in which they were written."""
        return tuple(change for _, change in sorted(self._changes.values(), key=lambda found: found[0]))

    def promoted(self, change: ReleaseChanged) -> ReleaseChanged:
        """Return a record that makes a release active, numbered above all that were active before."""
        highest = max((known.activation for _, known in self._changes.values()), default=0)
        return change.model_copy(update={"activation": highest + 1})

    @property
    def active(self) -> Running:
        """Return the release in force."""
        return self._actives()[0]

    @property
    def below(self) -> Running:
        """Return what would be in force if the active release were taken back; below the code is the code."""
        return self._actives()[1]

    @property
    def held_back(self) -> float:
        """Return the part of the documents that the release below decides, so that the active one can be compared.

        While there is a canary it is none: two draws over the same documents would spoil each other.
        """
        change = self.change(self.active.name)
        return change.holdback if change is not None and self.canary is None else 0.0

    @property
    def canary(self) -> Running | None:
        """Return the release that decides a share of the documents, if there is one."""
        return self._latest("canary")

    @property
    def shadow(self) -> Running | None:
        """Return the release that looks on at a share of the documents, if there is one."""
        return self._latest("shadow")

    def choose(self, document_id: str) -> Running:
        """Return the release that reads a document: always the same one while the releases stand as they do."""
        canary = self.canary
        if canary is not None and self._falls_on(canary, document_id):
            return canary
        active, held_back = self.active, self.held_back
        return self.below if held_back and not falls_on(active.name, document_id, 1.0 - held_back) else active

    def shadowed(self, document_id: str) -> Running | None:
        """Return the release that looks on at a document, or None."""
        shadow = self.shadow
        return shadow if shadow is not None and self._falls_on(shadow, document_id) else None

    def named(self, name: str) -> Running | None:
        """Return a release by its name, whatever its state; None where it is of other code or unknown."""
        if name == self.base.name:
            return self.base
        change = self.change(name)
        if change is None or change.bundle is None or not self._is_ours(change):
            return None
        return Running(name, change.bundle, is_withdrawn=change.state == "retired")

    def is_ours(self, name: str) -> bool:
        """Tell whether a name belongs to the code that runs here, known or not yet known."""
        return name == self.base.name or name.startswith(f"{self.base.name}.")

    def _latest(self, state: ReleaseState) -> Running | None:
        return next(iter(self._ordered(state)), None)

    def _actives(self) -> tuple[Running, ...]:
        """Return what is in force, what lies below it, and so on; the code is there as often as it takes."""
        return (*self._ordered("active"), self.base, self.base)

    def _ordered(self, state: ReleaseState) -> list[Running]:
        """Return the releases in a state, the latest first."""
        ours = [found for found in self._changes.values() if found[1].state == state and self._is_ours(found[1])]
        ours.sort(key=lambda found: (found[1].activation, found[0]), reverse=True)
        return [Running(change.release_id, change.bundle) for _, change in ours if change.bundle]

    def _is_ours(self, change: ReleaseChanged) -> bool:
        return change.bundle is not None and change.bundle.code == self.base.name

    def _falls_on(self, running: Running, document_id: str) -> bool:
        change = self.change(running.name)
        return change is not None and falls_on(running.name, document_id, change.share)


def _follows(change: ReleaseChanged, known: ReleaseChanged) -> bool:
    """Tell whether a record was made on the one that is known, or later. Those without a number follow one another."""
    return change.revision > known.revision or change.revision == known.revision == 0


def drawn(release_id: str, document_id: str) -> float:
    """Return where a document stands between 0 and 1 for one release: sticky, and independent between releases.

    >>> drawn("r", "d") == drawn("r", "d")
    True
    """
    found = hashlib.sha256(f"{release_id}\x1f{document_id}".encode()).digest()[:_HASH_BYTES]
    return float(int.from_bytes(found) / 2 ** (8 * _HASH_BYTES))


def falls_on(release_id: str, document_id: str, share: float) -> bool:
    """Tell whether a document is among the share of a release."""
    return drawn(release_id, document_id) < share
