"""Submitting and looking at documents."""

import asyncio

import httpx
import pytest

from app.api.bounds import DOCUMENT_BYTES_MAX
from app.publishing import Unpublished
from schemas import topics
from schemas.events import DocumentReceived, DocumentStatus
from schemas.identifiers import document_id
from tests.app.api.world import World, bearer
from tests.app.readmodel.events import KEY, audit, normalized, received, status, validated

CONTENT = b"%PDF-1.7 an invoice"
IDENTIFIER = document_id(CONTENT)


async def upload(world: World, content: bytes = CONTENT, headers: dict[str, str] | None = None) -> httpx.Response:
    return await world.client.post("/v1/documents", files={"file": ("one.pdf", content)}, headers=headers)


async def test_a_file_is_stored_announced_and_answered_with_its_place(world: World) -> None:
    answer = await upload(world)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/documents/{IDENTIFIER}"
    assert answer.json()["state"] == "received"
    (told,), (event,) = world.log.events(topics.DOCUMENT_STATUS), world.log.events(topics.DOCUMENT_RECEIVED)
    assert isinstance(told, DocumentStatus)
    assert isinstance(event, DocumentReceived)
    assert (event.document_id, event.submitted_by, event.size_bytes) == (IDENTIFIER, "ann", len(CONTENT))
    assert event.media_type == "application/pdf"
    assert await world.ports.documents.fetch(event.reference, IDENTIFIER) == CONTENT
    assert told.state == "received"


async def test_the_place_that_is_answered_can_be_read(world: World) -> None:
    place = (await upload(world)).headers["location"]
    shown = await world.client.get(place)
    assert (shown.status_code, shown.json()["document_id"]) == (200, IDENTIFIER)


async def test_the_same_bytes_twice_are_one_document(world: World) -> None:
    answers = await asyncio.gather(*(upload(world) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 1


async def test_a_document_that_somebody_else_announced_is_not_announced_again(world: World) -> None:
    await world.log.write(topics.DOCUMENT_RECEIVED, received(IDENTIFIER))
    await upload(world)
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 1


async def test_what_the_broker_did_not_confirm_is_not_accepted_and_may_be_sent_again(world: World) -> None:
    world.log.refusal = Unpublished("BROKER-TIMEOUT", "no confirmation")
    refused = await upload(world)
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:quittance:problem:broker-unconfirmed"
    world.log.refusal = None
    assert (await upload(world)).status_code == 202
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 1


async def test_a_process_that_ended_between_status_and_event_has_not_swallowed_the_document(world: World) -> None:
    world.log.refusal, world.log.refused = Unpublished("BROKER-TIMEOUT", "the process ended"), topics.DOCUMENT_RECEIVED
    assert (await upload(world)).status_code == 503
    assert len(world.log.events(topics.DOCUMENT_STATUS)) == 1
    world.log.refusal = None
    assert (await upload(world)).status_code == 202
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 1


async def test_a_document_that_only_its_status_tells_of_is_known(world: World) -> None:
    await world.log.write(topics.DOCUMENT_STATUS, status("held", IDENTIFIER))
    assert (await upload(world)).json()["state"] == "held"
    assert not world.log.events(topics.DOCUMENT_RECEIVED)


async def test_a_reference_is_announced_as_it_is(world: World) -> None:
    body = {"reference": "s3://invoices/one.xml", "sha256": IDENTIFIER.removeprefix("sha256:"), "source": "erp-7"}
    answer = await world.client.post("/v1/documents", json=body)
    assert answer.status_code == 202
    (event,) = world.log.events(topics.DOCUMENT_RECEIVED)
    assert isinstance(event, DocumentReceived)
    assert (event.reference, event.source) == ("s3://invoices/one.xml", "erp-7")
    assert event.media_type in {"application/xml", "text/xml"}


@pytest.mark.parametrize(
    ("body", "status_code"),
    [
        ({"reference": "s3://invoices/one.xml"}, 422),
        ({"reference": "http://invoices/one.xml", "document_id": IDENTIFIER}, 422),
        ({"reference": "file://host/one.xml", "document_id": IDENTIFIER}, 422),
        ({"reference": "s3://b/one", "document_id": IDENTIFIER, "sha256": "0" * 64}, 422),
        ({"document_id": IDENTIFIER}, 422),
        ([], 422),
    ],
)
async def test_a_reference_that_names_nothing_is_refused(world: World, body: object, status_code: int) -> None:
    answer = await world.client.post("/v1/documents", json=body)
    assert answer.status_code == status_code
    assert answer.headers["content-type"] == "application/problem+json"
    assert not world.log.records


@pytest.mark.parametrize(
    ("arguments", "status_code"),
    [
        ({"content": b"x", "headers": {"content-type": "application/pdf"}}, 415),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 422),
        ({"files": {"other": b"x"}}, 422),
        ({"files": {"file": b""}}, 422),
        ({"data": {"file": "text"}, "files": {"other": b"x"}}, 422),
        ({"content": b"garbage", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400),
        ({"content": b"garbage", "headers": {"content-type": "multipart/form-data"}}, 400),
    ],
)
async def test_a_body_of_another_kind_is_refused(world: World, arguments: dict[str, object], status_code: int) -> None:
    answer = await world.client.post("/v1/documents", **arguments)  # type: ignore[arg-type]  # httpx has no name for it
    assert answer.status_code in {status_code, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert not world.log.records


async def test_a_body_that_is_too_long_is_refused_while_it_is_read(world: World) -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 10 * DOCUMENT_BYTES_MAX:
            sent += 1024 * 1024
            yield b"0" * 1024 * 1024

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await world.client.post("/v1/documents", content=endless(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert sent <= DOCUMENT_BYTES_MAX + 3 * 1024 * 1024
    assert not world.log.records


async def test_a_body_whose_stated_length_is_too_long_is_not_read(world: World) -> None:
    headers = {"content-type": "application/json", "content-length": str(2**40)}
    answer = await world.client.post("/v1/documents", content=b"{}", headers=headers)
    assert answer.status_code == 413


async def test_the_same_idempotency_key_gives_the_same_answer(world: World) -> None:
    first = await upload(world, headers={"Idempotency-Key": "k1"})
    again = await upload(world, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json(), again.headers["location"]) == (
        first.status_code,
        first.json(),
        first.headers["location"],
    )
    assert again.headers["idempotent-replayed"] == "true"
    other = await upload(world, b"another invoice", headers={"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-key-reused")
    stranger = await upload(world, headers={"Idempotency-Key": "k1", **bearer("bob")})
    assert stranger.status_code == 202


async def test_a_failed_request_uses_up_no_idempotency_key(world: World) -> None:
    world.log.refusal = Unpublished("BROKER-TIMEOUT", "no confirmation")
    assert (await upload(world, headers={"Idempotency-Key": "k1"})).status_code == 503
    world.log.refusal = None
    assert (await upload(world, headers={"Idempotency-Key": "k1"})).status_code == 202


async def test_the_same_key_twice_at_once_has_one_effect(world: World) -> None:
    answers = await asyncio.gather(*(upload(world, headers={"Idempotency-Key": "k1"}) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 1


async def test_a_client_that_waits_gets_the_result(world: World) -> None:
    waiting = asyncio.create_task(upload(world, headers={"Prefer": "respond-async, wait=20"}))
    await world.log.announced.wait()
    await world.log.write(topics.DOCUMENT_STATUS, status("extracted", IDENTIFIER))
    await world.log.write(topics.DOCUMENT_STATUS, status("held", IDENTIFIER, reasons=("ACCOUNT-NEW",)))
    answer = await waiting
    assert (answer.status_code, answer.json()["state"]) == (200, "held")
    assert answer.json()["reasons"] == ["ACCOUNT-NEW"]
    assert answer.headers["preference-applied"] == "wait=20"


async def test_a_client_that_waits_in_vain_gets_the_place(world: World) -> None:
    answer = await upload(world, headers={"Prefer": "wait=0"})
    assert answer.status_code == 202
    assert answer.headers["location"]


async def test_lists_page_through_everything_once(world: World) -> None:
    for number in range(7):
        await world.log.write(topics.DOCUMENT_RECEIVED, received(document_id(b"%d" % number)))
    await world.log.write(topics.DOCUMENT_STATUS, status("held", document_id(b"3")))
    seen, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await world.client.get("/v1/documents", params=query)).json()
        seen += [item["document_id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(document_id(b"%d" % number) for number in range(7))
    held = (await world.client.get("/v1/documents", params={"status": "held"})).json()
    assert [item["document_id"] for item in held["items"]] == [document_id(b"3")]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WyJhIl0", "status=lost", "limit=0", "limit=201", "supplier=%00"])
async def test_a_list_refuses_what_it_does_not_know(world: World, query: str) -> None:
    answer = await world.client.get(f"/v1/documents?{query}")
    assert answer.status_code == 422


async def test_a_list_can_be_of_one_supplier(world: World) -> None:
    await world.log.write(topics.INVOICE_VALIDATED, validated(), key=KEY)
    found = (await world.client.get("/v1/documents", params={"supplier": "acme"})).json()["items"]
    assert [item["invoice"] is None or item["invoice"]["supplier_id"] for item in found] == [True]
    await world.log.write(topics.INVOICE_NORMALIZED, normalized(), key=KEY)
    found = (await world.client.get("/v1/documents", params={"supplier": "acme"})).json()["items"]
    assert [item["invoice"]["amount_due"] for item in found] == ["120.00"]
    assert (await world.client.get("/v1/documents", params={"supplier": "else"})).json()["items"] == []


async def test_the_bytes_come_back_and_no_browser_shows_them(world: World) -> None:
    await upload(world)
    answer = await world.client.get(f"/v1/documents/{IDENTIFIER}/content")
    assert answer.content == CONTENT
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_bytes_that_are_gone_are_a_problem(world: World) -> None:
    await world.log.write(topics.DOCUMENT_RECEIVED, received(reference="file:///nowhere/one.pdf"))
    answer = await world.client.get(f"/v1/documents/{received().document_id}/content")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_audit_of_a_document_is_that_of_its_invoice_too(world: World) -> None:
    known = received().document_id
    await world.log.write(topics.DOCUMENT_STATUS, status("held", invoice_key=KEY))
    await world.log.write(topics.AUDIT_ENTRY, audit("a1"))
    await world.log.write(topics.AUDIT_ENTRY, audit("a2", document_id=None, invoice_key=KEY))
    await world.log.write(topics.AUDIT_ENTRY, audit("a3", document_id=IDENTIFIER))
    entries = (await world.client.get(f"/v1/documents/{known}/audit")).json()["entries"]
    assert [entry["entry_id"] for entry in entries] == ["a1", "a2"]


async def test_another_reading_counts_up(world: World) -> None:
    await upload(world)
    for expected in (1, 2):
        answer = await world.client.post(f"/v1/documents/{IDENTIFIER}/reanalyze")
        assert (answer.status_code, answer.json()["analysis"]) == (202, expected)
    events = world.log.events(topics.DOCUMENT_RECEIVED)
    assert [event.analysis for event in events if isinstance(event, DocumentReceived)] == [0, 1, 2]
    assert {event.submitted_by for event in events if isinstance(event, DocumentReceived)} == {"ann"}
    assert len(world.log.events(topics.DOCUMENT_STATUS)) == 1


async def test_a_document_with_a_payment_is_not_read_again(world: World) -> None:
    await upload(world)
    await world.log.write(topics.DOCUMENT_STATUS, status("payment_initiated", IDENTIFIER))
    answer = await world.client.post(f"/v1/documents/{IDENTIFIER}/reanalyze")
    assert (answer.status_code, answer.json()["state"]) == (409, "payment_initiated")


@pytest.mark.parametrize("path", ["", "/content", "/audit"])
@pytest.mark.parametrize("identifier", [document_id(b"unknown"), "sha256:xyz", "%00", "a" * 5000])
async def test_an_unknown_document_is_not_found(world: World, path: str, identifier: str) -> None:
    answer = await world.client.get(f"/v1/documents/{identifier}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_another_tenants_document_does_not_exist(world: World) -> None:
    await upload(world)
    for method, path in (("GET", ""), ("GET", "/content"), ("GET", "/audit"), ("POST", "/reanalyze")):
        answer = await world.client.request(method, f"/v1/documents/{IDENTIFIER}{path}", headers=bearer("eve"))
        assert answer.status_code == 404
    assert (await world.client.get("/v1/documents", headers=bearer("eve"))).json()["items"] == []
    assert (await upload(world, headers=bearer("eve"))).status_code == 202
    assert len(world.log.events(topics.DOCUMENT_RECEIVED)) == 2
