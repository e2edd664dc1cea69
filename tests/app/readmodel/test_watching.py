"""What the read model says of documents that wait, and of suppliers: on both databases."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.readmodel.columns import iso
from app.readmodel.store import ProjectionStore
from app.readmodel.tables import decision, document
from app.watching.anomalies import SUPPLIERS_MAX, AnomalyWatch, counted
from app.watching.states import AGES, StateWatch
from app.watching.telemetry import WatchTelemetry
from tests.app.readmodel.events import KEY

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture
async def telemetry(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> WatchTelemetry:
    await ProjectionStore(engine).create()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return WatchTelemetry(CollectorRegistry())


async def given(engine: AsyncEngine, *rows: dict[str, Any], outcome: str | None = None) -> None:
    columns = {name for row in rows for name in row}
    async with engine.begin() as connection:
        whole = [{**dict.fromkeys(columns), "tenant": "default", "invoice_key": KEY, **row} for row in rows]
        await connection.execute(insert(document), whole)
        if outcome:
            decided = [
                {
                    "tenant": "default",
                    "document_id": row["document_id"],
                    "invoice_key": KEY,
                    "outcome": outcome,
                    "decision_rank": "1",
                }
                for row in rows
            ]
            await connection.execute(insert(decision), decided)


def values(gauge: Any) -> dict[tuple[str, ...], float]:
    (family,) = gauge.collect()
    return {tuple(one.labels.values()): one.value for one in family.samples}


async def test_documents_wait_by_state_and_age(engine: AsyncEngine, telemetry: WatchTelemetry) -> None:
    def row(name: str, state: str | None, ago: timedelta, *, final: bool | None = False) -> dict[str, Any]:
        since = iso(NOW - ago)
        at = {"status_at": since} if state else {"received_at": since}
        return {"document_id": name, "state": state, "final": final if state else None, **at}

    await given(
        engine,
        row("a", "held", timedelta(minutes=5)),
        row("b", "held", timedelta(days=2)),
        row("c", "approved", timedelta(hours=1)),
        row("d", "settled", timedelta(days=30), final=True),
        row("e", None, timedelta(seconds=90)),
    )
    watch = StateWatch(engine, telemetry)
    await watch.ask()
    waiting, oldest = values(telemetry.waiting), values(telemetry.oldest_waiting)
    assert oldest == {("approved",): 3600.0, ("held",): 2 * 86400.0, ("received",): 90.0}
    assert [waiting["held", age] for age in AGES] == [2, 2, 1, 1, 1, 0]
    assert not any("settled" in labels for labels in waiting)
    await watch.forget()
    assert values(telemetry.waiting) == {}


def sent(days_ago: int, number: int, **changes: Any) -> list[dict[str, Any]]:
    """Invoices of one supplier on one day."""
    usual = {
        "supplier_id": "S1", "received_at": iso(NOW - timedelta(days=days_ago, hours=3)), "invoice_number": "1",
        "issue_date": "2026-11-01", "due_date": "2026-12-01", "seller_name": "Acme", "amount_due": "100.00",
        "currency": "EUR",
    }  # fmt: skip
    return [{"document_id": f"{days_ago}/{n}", **usual, **changes} for n in range(number)]


async def test_a_supplier_whose_due_dates_vanish_is_unusual_and_named_in_the_log_once(
    engine: AsyncEngine, telemetry: WatchTelemetry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for ago in range(1, 20):
        await given(engine, *sent(ago, 10), outcome="approve")
    await given(engine, *sent(0, 10, due_date=None, currency="USD", amount_due="9.00"), outcome="approve")
    watch = AnomalyWatch(engine, telemetry)
    await watch.ask()
    await watch.ask()
    assert values(telemetry.anomalies) == {("missing",): 1, ("amount",): 0, ("review",): 0}
    assert telemetry.judged._value.get() == 1
    told = [record.message for record in caplog.records if record.name == "app.watching.anomalies"]
    assert len(told) == 1
    assert told[0].startswith("supplier S1 of default is unusual today: missing due_date is 1, usually 0 (z ")
    looked = watch.last()
    assert looked is not None
    assert [(each.supplier_id, each.anomaly.field) for each in looked.unusual] == [("S1", "due_date")]
    assert (looked.at, looked.judged) == (NOW, {"default": 1})
    await watch.forget()
    assert watch.last() is None


async def test_usual_suppliers_and_those_of_a_single_day_are_no_anomaly(
    engine: AsyncEngine, telemetry: WatchTelemetry
) -> None:
    for ago in range(20):
        await given(engine, *sent(ago, 10), outcome="approve")
    await given(engine, *[{**row, "document_id": f"new{n}", "supplier_id": "S2"} for n, row in enumerate(sent(0, 10))])
    watch = AnomalyWatch(engine, telemetry)
    await watch.ask()
    assert set(values(telemetry.anomalies).values()) == {0}
    assert telemetry.judged._value.get() == 1


def test_the_number_of_suppliers_in_memory_is_bounded_and_the_largest_stay() -> None:
    rows = [
        {"tenant": "default", "outcome": None, **row, "supplier_id": f"S{n}"}
        for n in range(SUPPLIERS_MAX + 50)
        for row in sent(0, 2 if n < 50 else 1)
    ]
    kept = counted(rows)
    assert len(kept) == SUPPLIERS_MAX
    assert {("default", f"S{n}") for n in range(50)} <= set(kept)
