"""Asks the read model which documents have not come to an end, and for how long they have stood where they are."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.readmodel.columns import iso
from app.readmodel.tables import document
from app.readmodel.uncut import uncut
from app.watching.telemetry import WatchTelemetry

EVERY_SECONDS = 15.0
# A stage takes a second, a person a day, a bank a weekend.
AGES: Mapping[str, timedelta] = {
    "0s": timedelta(),
    "1m": timedelta(minutes=1),
    "10m": timedelta(minutes=10),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
}
state_of = func.coalesce(document.c.state, "received")
since = func.coalesce(document.c.status_at, document.c.received_at)


def open_documents_by_state(now: datetime) -> Select[Any]:
    """Return the question: a row a state, with the oldest moment and a count for each age."""
    older = {name: iso(now - age) for name, age in AGES.items()}
    counts = [func.sum(case((since <= moment, 1), else_=0)).label(name) for name, moment in older.items()]
    query = select(state_of.label("state"), func.min(since).label("oldest"), *counts)
    return query.where(document.c.final.is_not(True)).group_by(state_of)


class StateWatch:
    """Sets the gauges of documents that wait."""

    def __init__(self, engine: AsyncEngine, telemetry: WatchTelemetry) -> None:
        """The engine is closed by whoever opened it."""
        self._engine = engine
        self._telemetry = telemetry

    async def ask(self) -> None:
        """Ask once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: where the database does not answer.
        """
        now = clock.now()
        self._state(await self._rows(now), now)

    async def forget(self) -> None:
        """Take the gauges away."""
        self._telemetry.waiting.clear()
        self._telemetry.oldest_waiting.clear()

    @uncut
    async def _rows(self, now: datetime) -> list[Mapping[str, Any]]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(open_documents_by_state(now))).mappings())

    def _state(self, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
        self._telemetry.waiting.clear()  # a state without documents has no row
        self._telemetry.oldest_waiting.clear()
        for row in rows:
            for age in AGES:
                self._telemetry.waiting.labels(row["state"], age).set(row[age])
            oldest = now - datetime.fromisoformat(row["oldest"]) if row["oldest"] else timedelta()
            self._telemetry.oldest_waiting.labels(row["state"]).set(max(0.0, oldest.total_seconds()))
