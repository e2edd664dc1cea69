"""What was unusual about a supplier's day, as lessons, once the day is over. In the role `quality`, beside the stages.

The watch of the API tells who is unusual today (app/watching/anomalies.py), and forgets it tomorrow. A field that one
supplier's papers suddenly miss is what a changed layout looks like before anybody has corrected one of them. The same
rules judge here, over the read model's documents of the day and of the eight weeks before. A lesson's id is a function
of tenant, supplier, field, kind and day: told again by a restart, or by a second process, it is the same lesson.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.anomalies.judging import Anomaly, Kind, comparable, judge
from app.publishing import Publisher, Unpublished
from app.quality.feedback import UNKNOWN_RELEASE
from app.readmodel.database import database_url, open_database
from app.readmodel.uncut import uncut
from app.watching.anomalies import FIELDS, PAST_DAYS, Days, counted, documents_between
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import record_id
from schemas.topics import FEEDBACK_RECORDED

log = logging.getLogger(__name__)

# What came before midnight is decided and projected within seconds; an hour forgives a queue or a short outage.
SETTLED = timedelta(hours=1)
# After a start the last days are told again, for a process that was away over a weekend has told nothing of it.
LOOK_BACK_DAYS = 7
EVERY_SECONDS = 600.0
CAUSES: Mapping[Kind, str] = {
    "missing": "FIELD-MISSING-UNUSUAL",
    "amount": "AMOUNT-UNUSUAL",
    "review": "REVIEW-UNUSUAL",
}
# The columns of the read model, as the fields of an invoice are called.
_NAMES: Mapping[str, str] = {"amount_due": "amount_due_for_payment", "due_date": "payment_due_date"}


class UnusualDays:
    """Tells of each day that is over, once in the life of this process."""

    def __init__(self, database: str, publisher: Publisher, now: Callable[[], datetime]) -> None:
        """`publisher` writes `feedback.recorded` and refuses everything else. `database` is opened once a day."""
        self._database = database
        self._publisher = publisher
        self._now = now
        self._told: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop` is set; a read model that is away is waited for, and nobody else waits with it."""
        while not stop.is_set():
            try:
                await self.tell()
            except (SQLAlchemyError, OSError, Unpublished) as failed:
                log.warning("unusual days are not told of just now: %s", type(failed).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)

    async def tell(self) -> int:
        """Write the lessons of the days that are over and were not told of yet; return how many there were.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: the database does not answer.
            Unpublished: the broker does not confirm; the days are told of again.
        """
        last = (self._now() - SETTLED).date() - timedelta(days=1)
        first = last - timedelta(days=LOOK_BACK_DAYS - 1) if self._told is None else self._told + timedelta(days=1)
        if first > last or not is_there(self._database):
            return 0
        days = await self._days(first - timedelta(days=PAST_DAYS), last)
        wanted = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        lessons = [lesson for day in wanted for lesson in lessons_of(days, day)]
        for lesson in lessons:
            await self._publisher.publish(FEEDBACK_RECORDED, lesson, key=lesson.document_id)
        self._told = last
        return len(lessons)

    @uncut
    async def _days(self, first: date, last: date) -> Days:
        engine = open_database(self._database)
        try:
            async with engine.connect() as connection:
                found = await connection.execute(documents_between(first, last))
                rows: Sequence[Mapping[str, Any]] = list(found.mappings())
        finally:
            await engine.dispose()
        return await asyncio.to_thread(counted, rows)


def is_there(database: str) -> bool:
    """Tell whether there is a read model to ask: to open a SQLite file that nobody has made would make it."""
    url = database_url(database)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def lessons_of(days: Days, on: date) -> Iterator[FeedbackRecorded]:
    """Yield what was unusual about each supplier's day, in the order of tenants, suppliers and fields."""
    for (tenant, supplier_id), sent in sorted(days.items()):
        if on not in sent:
            continue
        since = on - timedelta(days=PAST_DAYS)
        past = comparable({when: day for when, day in sent.items() if when >= since}, on)
        for anomaly in judge(sent[on], past, FIELDS):
            yield _lesson(tenant, supplier_id, on, anomaly)


def _lesson(tenant: str, supplier_id: str, on: date, anomaly: Anomaly) -> FeedbackRecorded:
    """Return the lesson. It is about no document: the supplier's day stands for one, so that days are counted apart."""
    name = _NAMES.get(anomaly.field, anomaly.field)
    return FeedbackRecorded(
        document_id=record_id("supplier-day", tenant, supplier_id, on.isoformat()),
        tenant=tenant,
        field=name or None,
        cause=CAUSES[anomaly.kind],
        source="anomaly",
        release=UNKNOWN_RELEASE,
        recorded_at=datetime.combine(on + timedelta(days=1), time(), UTC),
        supplier_id=supplier_id,
        reference=on.isoformat(),
        detail=_said(anomaly),
    )


def _said(anomaly: Anomaly) -> str:
    score = anomaly.score
    if anomaly.kind == "amount":
        told = f"The median of the sums to pay is {score.value:.4g}, usually {score.usual:.4g}"
    else:
        what = "It is missing" if anomaly.kind == "missing" else "A person has to look"
        told = f"{what} in {score.value:.0%} of the documents, usually in {score.usual:.0%}"
    return f"{told} ({anomaly.documents} documents of the day, z {score.z:.1f})."
