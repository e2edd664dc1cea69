"""Whatever comes in, a problem goes out: no route answers a stranger's bytes with a 5xx."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.access import ROUTE_ROLES
from schemas import topics
from tests.app.api.world import World
from tests.app.readmodel.events import COMMAND, DOCUMENT, KEY, initiated, normalized, received, status

WRITING = sorted(route for route in ROUTE_ROLES if route[0] in {"POST", "PUT"})
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "deep": b"[" * 200_000,
    "deep object": b'{"a":' * 100_000,
    "not UTF-8": b'{"name":"\xff"}',
    "half a surrogate pair": b'{"name":"\\ud800","reason":"\\ud800","action":"reject","reference":"s3://b/\\ud800"}',
    "NUL": b'{"name":"a\\u0000b","reason":"a\\u0000b","action":"reject","aliases":["\\u0000"]}',
    "huge number": b'{"amount_limit":1e999,"name":"x"}',
    "huge digits": b'{"amount_limit":"' + b"9" * 5_000 + b'","name":"x"}',
    "NaN": b'{"amount_limit":NaN,"name":"x"}',
    "twice": b'{"action":"approve","action":"reject"}',
    "prototype": b'{"__class__":"x","name":{"$ne":1},"action":["approve"]}',
    "CSV with NUL": b"supplier_id,name\n\x00,\x00\n",
    "long": b'{"name":"' + b"x" * 900_000 + b'"}',
}


def filled(path: str) -> str:
    return path.format(document_id=DOCUMENT, command_id=COMMAND, supplier_id="acme", release_id="r1", wish="canary")


async def everything_known(world: World) -> None:
    await world.log.write(topics.DOCUMENT_RECEIVED, received(submitted_by="carl"))
    await world.log.write(topics.INVOICE_NORMALIZED, normalized(received=received(submitted_by="carl")), key=KEY)
    await world.log.write(topics.DOCUMENT_STATUS, status("held", invoice_key=KEY))
    await world.log.write(topics.PAYMENT_INITIATED, initiated())


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "multipart/form-data; boundary=x", ""])
async def test_no_body_brings_a_route_down(world: World, kind: str) -> None:
    await everything_known(world)
    for name, body in HOSTILE.items():
        for method, path in WRITING:
            answer = await world.client.request(method, filled(path), content=body, headers={"content-type": kind})
            assert answer.status_code < 500, (name, method, path, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"


@given(segment=st.text(max_size=80), query=st.dictionaries(st.sampled_from(["cursor", "limit", "status"]), st.text()))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_address_brings_a_route_down(world: World, segment: str, query: dict[str, str]) -> None:
    for path in ("/v1/documents", "/v1/payments", "/v1/suppliers"):
        listed = await world.client.get(path, params=query)
        assert listed.status_code < 500, listed.text
    for _, template in ROUTE_ROLES:
        if "{" in template:
            quoted = "".join(f"%{byte:02X}" for byte in segment.encode("utf-8", errors="surrogatepass")) or "x"
            answer = await world.client.get(re.sub(r"\{\w+\}", quoted, template))
            assert answer.status_code < 500, (template, quoted, answer.text)


@pytest.mark.parametrize("value", ["", "x" * 5_000, "wait=", "wait=-1", "wait=1e9", "wait=١", 'wait="1"; x', "\xff"])
async def test_no_header_brings_a_route_down(world: World, value: str) -> None:
    for name in ("Prefer", "Idempotency-Key", "X-API-Key", "Content-Type", "Content-Length", "traceparent"):
        headers: list[tuple[Any, Any]] = [(name.encode(), value.encode())]
        answer = await world.client.post("/v1/documents", content=b"{}", headers=headers)
        assert answer.status_code < 500, (name, answer.text)
