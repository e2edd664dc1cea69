"""The reference data as a stage had it: the states of `supplier.changed` up to a moment.

A worker follows that topic and is a little behind it; how far, nobody writes down, and clocks of two machines differ.
So there may be several states of the directory that a stage can have had: the one of its moment, and those before and
after each change near it. Any of them that leads to the recorded bytes is the one. What has been compacted away since
is taken from the record itself, which carries the supplier that it was matched with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.dossier import Exhibit
from schemas.events import SupplierChanged
from schemas.supplier import Supplier
from tables.suppliers import Directory

# A worker that is further behind than this is not ready, or its broker was away; clocks are never so far apart.
NEAR_MS_MAX = 60_000
# States tried for one record: an import changes thousands of suppliers at once, and one change matters.
STATES_MAX = 32


@dataclass(frozen=True)
class State:
    """A directory, and after how many records of the topic it is so.

    `late` counts the changes that its time would have let in and that it lacks (negative: that it has too early).
    `lost` are suppliers taken from the record.
    """

    directory: Directory
    length: int
    late: int = 0
    lost: tuple[str, ...] = ()


class Reference:
    """Answers what was known of all suppliers at a moment."""

    def __init__(self, changes: Sequence[Exhibit]) -> None:
        """`changes` are the records of `supplier.changed` in the topic's order."""
        self._changes = changes
        self._built: dict[tuple[int, str], Directory] = {}

    def states(self, moment_ms: int, matched: Supplier | None = None) -> Iterator[State]:
        """Yield the states that a worker may have had at a moment, the likeliest first."""
        times = [change.read.timestamp_ms for change in self._changes]
        length = sum(time <= moment_ms for time in times)
        near = [at for at, time in enumerate(times) if abs(time - moment_ms) <= NEAR_MS_MAX]
        lengths = {length, *near, *(at + 1 for at in near)}
        for candidate in sorted(lengths, key=lambda each: (abs(each - length), each))[:STATES_MAX]:
            yield self._state(candidate, length - candidate, matched)

    def _state(self, length: int, late: int, matched: Supplier | None) -> State:
        lost = matched is not None and self._is_lost(matched, length)
        name = matched.model_dump_json() if matched is not None and lost else ""
        if (length, name) not in self._built:
            directory = self._build(length)
            if matched is not None and lost:
                directory.apply(matched)
            self._built[length, name] = directory
        return State(
            self._built[length, name], length, late, (matched.supplier_id,) if matched is not None and lost else ()
        )

    def _is_lost(self, matched: Supplier, length: int) -> bool:
        """Tell whether the topic holds no state of the supplier up to there: compaction kept a later one only."""
        key = matched.supplier_id.encode()
        return not any(change.read.key == key for change in self._changes[:length])

    def _build(self, length: int) -> Directory:
        directory = Directory()
        for change in self._changes[:length]:
            if change.read.value is None:
                directory.remove((change.read.key or b"").decode(errors="replace"))
            elif isinstance(change.event, SupplierChanged):
                directory.apply(change.event.supplier)
        return directory
