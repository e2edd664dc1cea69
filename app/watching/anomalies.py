"""Asks the read model what each supplier sent today and in the eight weeks before, and says what is unusual about it.

The metric counts; who it is, is said in the log, by supplier id, once when it begins and once when it ends, and to
whoever asks the API (app/api/anomalies.py).
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Unusual:
    """What is unusual about one supplier of a tenant today."""

    tenant: str
    supplier_id: str
    anomaly: Anomaly

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what makes it the same anomaly as a minute ago."""
        return self.tenant, self.supplier_id, self.anomaly.kind, self.anomaly.field


@dataclass(frozen=True)
class Looked:
    """What was found, and when. `judged` are the suppliers, by tenant, whose past is long enough to say anything."""

    at: datetime
    unusual: tuple[Unusual, ...] = ()
    judged: Mapping[str, int] = field(default_factory=dict)


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
    """Sets the gauge of anomalies, and keeps what it found. The past is read once a day, today each time."""

    def __init__(self, engine: AsyncEngine, telemetry: WatchTelemetry) -> None:
        """The engine is closed by whoever opened it."""
        self._engine = engine
        self._telemetry = telemetry
        self._past: Days = {}
        self._past_of: date | None = None
        self._told: frozenset[tuple[str, str, str, str]] = frozenset()
        self._looked: Looked | None = None

    def last(self) -> Looked | None:
        """Return what was found last; None where nobody has looked yet, or there was no answer."""
        return self._looked

    async def ask(self) -> None:
        """Ask once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: where the database does not answer.
        """
        now = clock.now()
        today = now.date()
        if self._past_of != today:
            yesterday = today - timedelta(days=1)
            self._past = counted(await self._rows(today - timedelta(days=PAST_DAYS), yesterday))
            self._past_of = today
        self._looked = self._judged(counted(await self._rows(today, today)), now)
        self._state(self._looked)

    async def forget(self) -> None:
        """Take the gauges away."""
        self._telemetry.anomalies.clear()
        self._looked = None
        self._past_of = None

    @uncut
    async def _rows(self, first: date, last: date) -> list[Mapping[str, Any]]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(documents_between(first, last))).mappings())

    def _judged(self, sent: Days, now: datetime) -> Looked:
        found, judged = list[Unusual](), Counter[str]()
        for (tenant, supplier_id), days in sent.items():
            past = comparable(self._past.get((tenant, supplier_id), {}), now.date())
            judged[tenant] += bool(past)
            day = days.get(now.date(), Day())
            found += [Unusual(tenant, supplier_id, anomaly) for anomaly in judge(day, past, FIELDS)]
        return Looked(now, tuple(found), judged)

    def _state(self, looked: Looked) -> None:
        self._telemetry.judged.set(sum(looked.judged.values()))
        counts = Counter(each.anomaly.kind for each in looked.unusual)
        for kind in KINDS:
            self._telemetry.anomalies.labels(kind).set(counts[kind])
        for each in looked.unusual:
            if each.key not in self._told:
                _tell(each)
        now = frozenset(each.key for each in looked.unusual)
        for tenant, supplier, what, name in self._told - now:
            log.info("supplier %s of %s is as usual again: %s %s", supplier, tenant, what, name or "rate")
        self._told = now


def _tell(each: Unusual) -> None:
    anomaly, score = each.anomaly, each.anomaly.score
    log.warning(
        "supplier %s of %s is unusual today: %s %s is %.4g, usually %.4g (z %.1f, %d documents)",
        each.supplier_id, each.tenant, anomaly.kind, anomaly.field or "rate", score.value, score.usual, score.z,
        anomaly.documents,
    )  # fmt: skip
