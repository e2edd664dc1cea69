"""Unusual suppliers over HTTP: what the watch has found, of one's own tenant alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.anomalies.judging import Anomaly
from app.anomalies.score import Score
from app.api.anomalies import ITEMS_MAX
from app.api.application import create_api
from app.watching.anomalies import Looked, Unusual
from tests.app.api.world import World, bearer

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def unusual(
    supplier_id: str, z: float, *, tenant: str = "default", kind: Any = "missing", of: str = "due_date"
) -> Unusual:
    return Unusual(tenant, supplier_id, Anomaly(kind, of, Score(0.9, 0.02, z), 12))


@asynccontextmanager
async def watched(world: World, looked: Looked | None) -> AsyncIterator[httpx.AsyncClient]:
    app = create_api(replace(world.ports, anomalies=lambda: looked), {})
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


async def asked(world: World, looked: Looked | None, who: str = "auditor") -> httpx.Response:
    async with watched(world, looked) as client:
        return await client.get("/v1/quality/anomalies", headers=bearer(who))


async def test_the_strongest_come_first_with_what_is_usual(world: World) -> None:
    found = (unusual("FR-001", 5.0), unusual("DE-001", -9.5, kind="review", of=""), unusual("IT-001", 7.0))
    answer = await asked(world, Looked(AT, found, {"default": 40}))
    assert answer.status_code == 200
    told = answer.json()
    assert [item["supplier_id"] for item in told["items"]] == ["DE-001", "IT-001", "FR-001"]
    assert told["items"][0]["field"] is None
    assert told["items"][1] == {"supplier_id": "IT-001", "kind": "missing", "field": "due_date",
                                "value": 0.9, "usual": 0.02, "z": 7.0, "documents": 12}  # fmt: skip
    assert (told["found"], told["suppliers_judged"], told["looked_at"]) == (3, 40, "2026-11-24T09:30:00.000Z")


async def test_nobody_sees_another_tenants(world: World) -> None:
    looked = Looked(AT, (unusual("FR-001", 5.0), unusual("X-1", 9.0, tenant="other")), {"default": 3, "other": 7})
    own, foreign = (await asked(world, looked)).json(), (await asked(world, looked, "eve")).json()
    assert [item["supplier_id"] for item in own["items"]] == ["FR-001"]
    assert [item["supplier_id"] for item in foreign["items"]] == ["X-1"]
    assert (own["suppliers_judged"], foreign["suppliers_judged"]) == (3, 7)


async def test_a_quiet_day_is_an_answer_and_not_having_looked_is_none(world: World) -> None:
    assert (await asked(world, Looked(AT))).json()["items"] == []
    silent = await asked(world, None)
    assert silent.status_code == 503
    assert silent.json()["type"].endswith("anomalies-unavailable")
    assert "retry-after" in silent.headers


async def test_more_than_anybody_looks_at_are_counted(world: World) -> None:
    found = tuple(unusual(f"S-{number:04}", 5.0 + number) for number in range(ITEMS_MAX + 5))
    told = (await asked(world, Looked(AT, found))).json()
    assert told["found"] == ITEMS_MAX + 5
    assert len(told["items"]) == ITEMS_MAX
    assert told["items"][0]["supplier_id"] == f"S-{ITEMS_MAX + 4:04}"


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 200), ("operator", 200), ("reviewer", 403), ("submitter", 403)]
)
async def test_it_is_for_auditors_and_operators(world: World, who: str, status: int) -> None:
    assert (await asked(world, Looked(AT), who)).status_code == status
