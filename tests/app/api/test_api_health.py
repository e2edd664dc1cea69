"""Health, metrics, and the description that clients are generated from."""

import pytest
from sqlalchemy.exc import OperationalError

from app.api.access import OPEN_PATHS, ROUTE_ROLES
from tests.app.api.world import World, bearer


async def test_the_process_is_alive_and_ready_without_a_key(world: World) -> None:
    nobody = {"Authorization": ""}
    assert (await world.client.get("/livez", headers=nobody)).status_code == 200
    answer = await world.client.get("/readyz", headers=nobody)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "missing": []})


async def test_a_projection_that_is_behind_makes_it_unready_and_says_so(world: World) -> None:
    world.ports.progress.failure = "TopicsMissing: document.status"
    answer = await world.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "missing": ["projection: TopicsMissing: document.status"]}
    world.ports.progress.failure, world.ports.progress.caught_up = None, False
    assert (await world.client.get("/readyz")).status_code == 503


async def test_metrics_count_routes_and_never_paths(world: World) -> None:
    await world.client.get("/v1/documents/sha256:abc")
    await world.client.get("/wp-admin/1")
    page = (await world.client.get("/metrics", headers={"Authorization": ""})).text
    assert 'quittance_api_requests_total{method="GET",route="/v1/documents/{document_id}",status="404"} 1.0' in page
    assert 'route="none",status="404"' in page
    assert "sha256:abc" not in page
    assert "wp-admin" not in page


async def test_the_description_names_every_route_and_how_to_authenticate(world: World) -> None:
    description = (await world.client.get("/v1/openapi.json", headers={"Authorization": ""})).json()
    assert description["openapi"].startswith("3.1")
    told = {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}
    assert set(ROUTE_ROLES) <= told
    assert {path for _, path in told} - {path for _, path in ROUTE_ROLES} <= OPEN_PATHS
    opened_by = {
        (method, path): {name for way in description["paths"][path][method.lower()]["security"] for name in way}
        for method, path in ROUTE_ROLES
    }
    assert {route for route, ways in opened_by.items() if "APIKeyCookie" in ways} == {("GET", "/v1/status")}
    assert all(ways >= {"HTTPBearer", "APIKeyHeader"} for ways in opened_by.values())
    assert set(description["components"]["securitySchemes"]) == {"HTTPBearer", "APIKeyHeader", "APIKeyCookie"}
    submit = description["paths"]["/v1/documents"]["post"]
    assert set(submit["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    assert {"200", "202"} <= set(submit["responses"])


async def test_a_bug_is_a_problem_that_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object, **__: object) -> None:
        raise RuntimeError("secret inv_live_abc")

    monkeypatch.setattr(world.ports.read_model, "documents", bug)
    answer = await world.client.get("/v1/documents")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "inv_live_" not in answer.text


@pytest.mark.parametrize(
    "failure",
    [
        OperationalError("select secret", {}, Exception("connection refused")),
        ConnectionRefusedError(111, "secret"),
        TimeoutError(),
    ],
)
async def test_a_database_that_is_away_is_a_problem_that_passes(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(world.ports.read_model, "documents", away)
    answer = await world.client.get("/v1/documents", headers=bearer("auditor"))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "secret" not in answer.text


async def test_people_get_a_page_that_loads_nothing(world: World) -> None:
    page = await world.client.get("/docs", headers={"Authorization": ""})
    assert page.status_code == 200
    assert all(path in page.text for _, path in ROUTE_ROLES)
    assert "<script" not in page.text
    assert "https://" not in page.text
