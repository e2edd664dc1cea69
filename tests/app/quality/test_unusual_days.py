"""What was unusual about a supplier's day becomes a lesson once the day is over, and the same one each time."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agents.quality.causes import cause_of
from app.local.kafka import Broker
from app.publishing import KafkaPublisher, Published, Unpublished
from app.quality.unusual_days import LOOK_BACK_DAYS, SETTLED, UnusualDays, lessons_of
from app.readmodel.database import open_database
from app.readmodel.store import ProjectionStore
from app.readmodel.tables import decision, document
from app.releases.looking import OnlyTo
from app.settings import Settings
from app.topics import create_topics
from app.watching.anomalies import PAST_DAYS, counted
from schemas.codec import encode
from schemas.feedback import FeedbackRecorded
from schemas.topics import FEEDBACK_RECORDED, Topic
from tests.app.quality.test_collecting import lessons_of as lessons_on

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
A_DAY = 6


def sent(on: date, *, supplier: str = "acme", missing: bool = False, held: bool = False, amount: str = "100.00") -> Any:
    """Yield the rows of the documents that a supplier sent on a day."""
    for number in range(A_DAY):
        yield {
            "tenant": "default",
            "supplier_id": supplier,
            "document_id": f"{supplier}/{on}/{number}",
            "received_at": f"{on}T{9 + number:02}:00:00.000Z",
            "currency": "EUR",
            "outcome": "hold" if held else "approve",
            "invoice_number": None if missing else f"R{number}",
            "issue_date": on.isoformat(),
            "due_date": on.isoformat(),
            "seller_name": "Acme",
            "amount_due": amount,
        }


def usual(supplier: str = "acme", *, until: date = YESTERDAY) -> Iterator[dict[str, Any]]:
    for before in range(1, PAST_DAYS + 1):
        yield from sent(until - timedelta(days=before), supplier=supplier)


def found(*rows: dict[str, Any], on: date = YESTERDAY) -> list[FeedbackRecorded]:
    return list(lessons_of(counted([*usual(), *usual("town"), *rows]), on))


def test_a_field_that_goes_missing_at_once_points_at_its_label() -> None:
    [lesson] = found(*sent(YESTERDAY, missing=True), *sent(YESTERDAY, supplier="town"))
    assert (lesson.supplier_id, lesson.field, lesson.source) == ("acme", "invoice_number", "anomaly")
    assert (lesson.cause, lesson.reference) == ("FIELD-MISSING-UNUSUAL", "2026-11-23")
    assert lesson.recorded_at == datetime(2026, 11, 24, tzinfo=UTC)
    cause = cause_of(lesson)
    assert cause.kind == "label_missed"
    assert "missing in 100% of the documents, usually in 0%" in cause.evidence


@pytest.mark.parametrize("rows", [{"held": True}, {"amount": "9000.00"}, {"amount": "2.00"}])
def test_sums_and_held_documents_say_that_the_supplier_changed_and_not_what(rows: dict[str, Any]) -> None:
    [lesson] = found(*sent(YESTERDAY, **rows))
    assert cause_of(lesson).kind == "supplier_changed"


def test_a_usual_day_and_another_day_teach_nothing() -> None:
    assert found(*sent(YESTERDAY)) == []
    assert found(*sent(YESTERDAY, missing=True), on=TODAY) == []


def test_a_supplier_without_a_past_is_not_judged() -> None:
    assert found(*sent(YESTERDAY, supplier="new", missing=True)) == []


def test_the_same_day_is_the_same_lesson_and_another_day_supplier_or_field_another() -> None:
    first, again = (found(*sent(YESTERDAY, missing=True))[0] for _ in range(2))
    assert encode(first) == encode(again)
    other_supplier = found(*sent(YESTERDAY, supplier="town", missing=True))[0]
    before = YESTERDAY - timedelta(days=7)
    rows = [row for row in usual() if not row["received_at"].startswith(before.isoformat())]
    [other_day] = lessons_of(counted([*rows, *sent(before, missing=True)]), before)
    assert len({each.feedback_id for each in (first, other_supplier, other_day)}) == 3


class Heard:
    """Takes what is published."""

    def __init__(self) -> None:
        self.lessons: list[FeedbackRecorded] = []
        self.fails = False

    async def publish(
        self,
        topic: Topic,
        event: BaseModel,
        *,
        key: str | None = None,
        correlation_id: str | None = None,  # noqa: ARG002 - the form of the port
    ) -> Published:
        if self.fails:
            raise Unpublished("BROKER-TIMEOUT", "no word")
        assert topic is FEEDBACK_RECORDED
        assert isinstance(event, FeedbackRecorded)
        assert key == event.document_id
        self.lessons.append(event)
        return None  # type: ignore[return-value]


async def filled(folder: Path, *rows: dict[str, Any]) -> str:
    """Make a read model of the rows."""
    url = f"sqlite:///{folder}/read.db"
    engine = open_database(url)
    await ProjectionStore(engine).create()
    names = {column.name for column in document.columns}
    async with engine.begin() as connection:
        for row in rows:
            key = f"key/{row['document_id']}"
            known = {name: value for name, value in row.items() if name in names}
            await connection.execute(document.insert().values(**known, invoice_key=key))
            told = {"tenant": row["tenant"], "document_id": row["document_id"], "invoice_key": key}
            await connection.execute(decision.insert().values(**told, outcome=row["outcome"]))
    await engine.dispose()
    return url


def clock(moment: datetime) -> Any:
    return lambda: moment


MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)


async def test_a_day_is_told_of_once_it_is_over_and_once_in_a_life(tmp_path: Path) -> None:
    url, heard = await filled(tmp_path, *usual(), *sent(YESTERDAY, missing=True)), Heard()
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert await UnusualDays(url, heard, clock(midnight + SETTLED - timedelta(seconds=1))).tell() == 0
    days = UnusualDays(url, heard, clock(midnight + SETTLED))
    assert (await days.tell(), await days.tell()) == (1, 0)
    assert await UnusualDays(url, heard, clock(MORNING)).tell() == 1
    assert len({encode(each) for each in heard.lessons}) == 1


async def test_a_process_that_was_away_tells_of_the_days_before(tmp_path: Path) -> None:
    url, heard = await filled(tmp_path, *usual(), *sent(YESTERDAY, missing=True)), Heard()
    assert await UnusualDays(url, heard, clock(MORNING + timedelta(days=LOOK_BACK_DAYS - 1))).tell() == 1
    assert await UnusualDays(url, heard, clock(MORNING + timedelta(days=LOOK_BACK_DAYS))).tell() == 0


async def test_what_was_not_confirmed_is_told_again(tmp_path: Path) -> None:
    url, heard = await filled(tmp_path, *usual(), *sent(YESTERDAY, missing=True)), Heard()
    days = UnusualDays(url, heard, clock(MORNING))
    heard.fails = True
    with pytest.raises(Unpublished):
        await days.tell()
    heard.fails = False
    assert await days.tell() == 1


async def test_where_there_is_no_read_model_none_is_made(tmp_path: Path) -> None:
    days = UnusualDays(f"sqlite:///{tmp_path}/var/read.db", Heard(), clock(MORNING))
    assert await days.tell() == 0
    assert not (tmp_path / "var").exists()


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_the_lesson_stands_on_the_topic(tmp_path: Path) -> None:
    url = await filled(tmp_path, *usual(), *sent(YESTERDAY, missing=True))
    with Broker(tmp_path / "kafka") as broker:
        settings = Settings(kafka_bootstrap_servers=broker.bootstrap_servers)
        await create_topics(settings, partitions=1)
        stop = asyncio.Event()
        async with KafkaPublisher(settings, source="quittance/quality") as publisher, lessons_on(settings) as learned:
            days = UnusualDays(url, OnlyTo(publisher, FEEDBACK_RECORDED), clock(MORNING))
            running = asyncio.create_task(days.run(stop))
            [lesson] = await learned(1)
            stop.set()
            await running
    assert (lesson.supplier_id, lesson.field, lesson.cause) == ("acme", "invoice_number", "FIELD-MISSING-UNUSUAL")
