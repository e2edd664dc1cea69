"""What a record does to rows, and how changes meet the rows that stand. No SQL here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

TableName = Literal[
    "document", "decision", "payment", "payment_bytes", "payment_report", "supplier", "audit_entry", "reading", "lesson"
]  # fmt: skip
Scalar = str | int | bool | None
Row = Mapping[str, Scalar]
RowKey = tuple[TableName, tuple[str, ...]]
Rows = Mapping[RowKey, Row | None]


@dataclass(frozen=True)
class Change:
    """Some columns of one row, as one record states them.

    `rank_column` names the group that the columns form, and holds the rank of the record that wrote them last: groups
    of different topics never touch each other's columns, so topics may be read in any order.
    """

    table: TableName
    key: tuple[str, ...]
    rank_column: str
    rank: str
    values: Row
    keep: Literal["last", "first"] = "last"

    def wins_over(self, row: Row) -> bool:
        """Tell whether this change replaces what the row holds."""
        standing = row.get(self.rank_column)
        if not isinstance(standing, str):
            return True
        return self.rank > standing if self.keep == "last" else self.rank < standing


@dataclass(frozen=True)
class Removal:
    """The row is to go: a tombstone on a compacted topic."""

    table: TableName
    key: tuple[str, ...]


Effect = Change | Removal


def keys_of(effects: Iterable[Effect]) -> frozenset[RowKey]:
    """Return the rows that the effects concern."""
    return frozenset((effect.table, effect.key) for effect in effects)


def merge(standing: Rows, effects: Iterable[Effect]) -> Rows:
    """Return the rows after the effects; None is a row that is not there."""
    rows = dict(standing)
    for effect in effects:
        where: RowKey = (effect.table, effect.key)
        rows[where] = _merged(rows.get(where), effect)
    return rows


def _merged(row: Row | None, effect: Effect) -> Row | None:
    if isinstance(effect, Removal):
        return None
    if row is not None and not effect.wins_over(row):
        return row
    return {**(row or {}), **effect.values, effect.rank_column: effect.rank}
