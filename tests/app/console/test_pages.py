"""The console's pages as programs see them: who gets in, by what, and what a page may load."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.api.access import COOKIE, ROUTE_ROLES
from tests.app.console.conftest import Console

STATUS, LOGIN, LOGOUT = "/console/status", "/console/login", "/console/logout"


@pytest.fixture
async def client(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=console.url, trust_env=False) as client:
        yield client


async def test_without_a_key_there_is_nothing_to_see_but_the_log_in(
    console: Console, client: httpx.AsyncClient
) -> None:
    for cookies in ({}, {COOKIE: "inv_live_unknown"}, {COOKIE: ""}):
        answer = await client.get(STATUS, headers={"Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())})
        assert (answer.status_code, answer.headers["location"], answer.content) == (303, LOGIN, b"")
    assert console.asked == 0


async def test_a_key_is_kept_where_no_script_and_no_other_site_reaches_it(client: httpx.AsyncClient) -> None:
    answer = await client.post(LOGIN, data={"key": "key-auditor"})
    assert (answer.status_code, answer.headers["location"]) == (303, STATUS)
    kept = answer.headers["set-cookie"].lower()
    assert all(each in kept for each in ("httponly", "samesite=strict", "path=/"))
    assert not any(each in kept for each in ("secure", "max-age", "expires"))
    assert (await client.get(STATUS)).status_code == 200
    assert (await client.get("/v1/status")).json()["picture"]["verdict"]["state"] == "unknown"


async def test_behind_tls_the_cookie_never_leaves_it(client: httpx.AsyncClient) -> None:
    answer = await client.post(LOGIN, data={"key": "key-auditor"}, headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_key_that_is_unknown_or_may_not_look_is_not_kept(client: httpx.AsyncClient) -> None:
    refusals = (("inv_live_unknown", 401, "unknown"), ("key-submitter", 403, "needs the role approver or auditor"))
    for key, status, word in refusals:
        answer = await client.post(LOGIN, data={"key": key})
        assert (answer.status_code, "set-cookie" in answer.headers) == (status, False)
        assert word in answer.text
        assert key not in answer.text
    assert (await client.get(STATUS, headers={"Cookie": f"{COOKIE}=key-submitter"})).status_code == 403


async def test_another_sites_form_neither_logs_in_nor_out(client: httpx.AsyncClient) -> None:
    for path in (LOGIN, LOGOUT):
        answer = await client.post(path, data={"key": "key-auditor"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert "set-cookie" not in answer.headers


async def test_logging_out_forgets_the_key(client: httpx.AsyncClient) -> None:
    await client.post(LOGIN, data={"key": "key-auditor"})
    await client.post(LOGOUT)
    assert (await client.get(STATUS)).status_code == 303


async def test_the_cookie_opens_nothing_else(client: httpx.AsyncClient) -> None:
    for method, path in sorted(ROUTE_ROLES.keys() - {("GET", "/v1/status")}):
        answer = await client.request(method, path, headers={"Cookie": f"{COOKIE}=key-ann"})
        assert (method, path, answer.status_code) == (method, path, 401)


@pytest.mark.parametrize("path", [STATUS, LOGIN, "/console/status.css", "/console/status.js"])
async def test_nothing_comes_from_elsewhere_and_nothing_stays_in_a_cache(client: httpx.AsyncClient, path: str) -> None:
    await client.post(LOGIN, data={"key": "key-auditor"})
    answer = await client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "://" not in policy
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("body", [b"", b"key=", b"key=" + b"x" * 300, b"key=" + b"x" * 10_000, b"key=%FF"])
async def test_nonsense_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(LOGIN, content=body, headers=form)
    assert answer.status_code in {401, 413, 422}
    assert "set-cookie" not in answer.headers
