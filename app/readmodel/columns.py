"""Values as the columns of both databases hold them: text for moments, dates and money, nothing that either refuses."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from app.readmodel.change import Change, Row, Scalar, TableName
from schemas.codec import encode

# What a signed 64-bit column holds; a publisher may state any size.
_INTEGER_MAX = 2**63 - 1
# PostgreSQL takes no NUL in text, JSON does; one record must not stop the projection.
_NUL = "\x00"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def change(
    table: TableName,
    key: tuple[str, ...],
    rank_column: str,
    ranked: str,
    values: Row,
    *,
    keep: Literal["last", "first"] = "last",
) -> Change:
    """Return the change of one row, with nothing in it that either database would refuse."""
    storable = {name: _storable(value) for name, value in values.items()}
    return Change(table, tuple(_text(part) for part in key), rank_column, ranked, storable, keep)


def _storable(value: Scalar) -> Scalar:
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return value.replace(_NUL, _REPLACEMENT)


def bounded(value: int | None) -> int | None:
    """Return a number as far as a column holds it."""
    return None if value is None else min(max(value, 0), _INTEGER_MAX)


def iso(moment: datetime) -> str:
    """Return a moment in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(day: date | None) -> str | None:
    """Return a date as ISO 8601."""
    return None if day is None else day.isoformat()


def json_list(values: Iterable[Any]) -> str:
    """Return values as a JSON array."""
    return json.dumps(list(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def body(record: BaseModel) -> str:
    """Return a record in its canonical form."""
    return encode(record).decode()
