"""Asks the read model what each supplier sent today and in the eight weeks before, and says what is unusual about it.

The metric counts; who it is, is said in the log, by supplier id, once when it begins and once when it ends.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.anomalies.judging import KINDS, Anomaly, Day, comparable, judge
from app.readmodel.tables import decision, document
from app.readmodel.uncut import uncut
from app.watching.telemetry import WatchTelemetry

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
# Eight Mondays: enough for a median, recent enough for a supplier that changed its ways for good.
PAST_DAYS = 56
# Whoever sends more than the others is judged; with one document a day there is nothing to judge anyway.
SUPPLIERS_MAX = 1_000
# The newest ones. A firm with more a fortnight is judged by fewer days, or not, but never out of memory.
ROWS_MAX = 200_000
# The columns of the read model whose absence is counted.
FIELDS = ("invoice_number", "issue_date", "due_date", "seller_name", "amount_due")

Supplier = tuple[str, str]  # tenant, supplier id
Days = dict[Supplier, dict[date, Day]]


def documents_between(first: date, last: date) -> Select[Any]:
    """Return the question: a row a document of a known supplier, received on the days from `first` to `last`."""
    query = select(
        document.c.tenant,
        document.c.supplier_id,
        document.c.received_at,
        document.c.currency,
        decision.c.outcome,
        *(document.c[name] for name in FIELDS),
    ).join(
        decision,
        and_(
            decision.c.tenant == document.c.tenant,
            decision.c.document_id == document.c.document_id,
            decision.c.invoice_key == document.c.invoice_key,  # one of two, where there are two
        ),
        isouter=True,
    )
    within = document.c.received_at.between(first.isoformat(), (last + timedelta(days=1)).isoformat())
    known = query.where(document.c.supplier_id.is_not(None), within)
    return known.order_by(document.c.received_at.desc()).limit(ROWS_MAX)


def counted(rows: Sequence[Mapping[str, Any]]) -> Days:
    """Return what each supplier sent on each day; the suppliers that sent most, where there are too many."""
    sent = Counter(_supplier(row) for row in rows)
    kept = {supplier for supplier, _ in sent.most_common(SUPPLIERS_MAX)}
    days: Days = {}
    for row in rows:
        if _supplier(row) not in kept:
            continue
        supplier, outcome = _supplier(row), row["outcome"]
        on = datetime.fromisoformat(row["received_at"]).date()
        days.setdefault(supplier, {}).setdefault(on, Day()).add(
            [name for name in FIELDS if row[name] is None],
            _number(row["amount_due"]),
            row["currency"],
            held=None if outcome is None else outcome == "hold",
        )
    return days


def _supplier(row: Mapping[str, Any]) -> Supplier:
    return row["tenant"], row["supplier_id"]


def _number(text: str | None) -> float | None:
    with suppress(TypeError, ValueError):
        return float(text or "")
    return None


class AnomalyWatch:
    """Sets the gauge of anomalies. The past is read once a day, today each time."""

    def __init__(self, engine: AsyncEngine, telemetry: WatchTelemetry) -> None:
        """The engine is closed by whoever opened it."""
        self._engine = engine
        self._telemetry = telemetry
        self._past: Days = {}
        self._past_of: date | None = None
        self._told: dict[tuple[Supplier, str, str], Anomaly] = {}

    async def ask(self) -> None:
        """Ask once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: where the database does not answer.
        """
        today = clock.now().date()
        if self._past_of != today:
            yesterday = today - timedelta(days=1)
            self._past = counted(await self._rows(today - timedelta(days=PAST_DAYS), yesterday))
            self._past_of = today
        self._state(dict(self._found(counted(await self._rows(today, today)), today)))

    async def forget(self) -> None:
        """Take the gauges away."""
        self._telemetry.anomalies.clear()
        self._past_of = None

    @uncut
    async def _rows(self, first: date, last: date) -> list[Mapping[str, Any]]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(documents_between(first, last))).mappings())

    def _found(self, now: Days, today: date) -> Iterator[tuple[tuple[Supplier, str, str], Anomaly]]:
        judged = 0
        for supplier, days in now.items():
            past = comparable(self._past.get(supplier, {}), today)
            judged += bool(past)
            for anomaly in judge(days.get(today, Day()), past, FIELDS):
                yield (supplier, anomaly.kind, anomaly.field), anomaly
        self._telemetry.judged.set(judged)

    def _state(self, found: Mapping[tuple[Supplier, str, str], Anomaly]) -> None:
        counts = Counter(anomaly.kind for anomaly in found.values())
        for kind in KINDS:
            self._telemetry.anomalies.labels(kind).set(counts[kind])
        for key in found.keys() - self._told.keys():
            ((tenant, supplier), what, name), anomaly = key, found[key]
            score = anomaly.score
            log.warning(
                "supplier %s of %s is unusual today: %s %s is %.4g, usually %.4g (z %.1f, %d documents)",
                supplier, tenant, what, name or "rate", score.value, score.usual, score.z, anomaly.documents,
            )  # fmt: skip
        for (tenant, supplier), what, name in self._told.keys() - found.keys():
            log.info("supplier %s of %s is as usual again: %s %s", supplier, tenant, what, name or "rate")
        self._told = dict(found)
