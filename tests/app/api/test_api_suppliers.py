"""Suppliers through the API."""

import asyncio
from typing import Any

import pytest

from schemas import topics
from schemas.events import SupplierChanged
from tests.app.api.world import World, bearer
from tests.app.readmodel.events import IBAN, supplier_changed

CSV = """\
supplier_id,tenant,name,aliases,country,vat_identifier,legal_registration_identifier,accounts,bics,street,post_code,town
acme,default,Acme SARL,Acme;ACME France,FR,FR40303265045,,FR76 3000 6000 0112 3456 7890 189,AGRIFRPP,1 rue X,75001,Paris
beta,,Beta GmbH,,DE,,,DE89370400440532013000,,,10115,Berlin
"""
STATED: dict[str, Any] = {
    "name": "Acme SARL",
    "postal_address": {"town": "Paris", "country": "FR"},
    "accounts": [{"identifier": "fr76 3000 6000 0112 3456 7890 189"}],
}


def changes(world: World) -> list[SupplierChanged]:
    return [event for event in world.log.events(topics.SUPPLIER_CHANGED) if isinstance(event, SupplierChanged)]


async def upload(world: World, text: str, name: str = "ann") -> Any:
    headers = {"content-type": "text/csv", **bearer(name)}
    return await world.client.post("/v1/suppliers/import", content=text.encode(), headers=headers)


async def test_a_stated_supplier_can_be_read_at_once(world: World) -> None:
    answer = await world.client.put("/v1/suppliers/acme", json=STATED)
    assert answer.status_code == 200
    shown = (await world.client.get("/v1/suppliers/acme")).json()
    assert shown == answer.json()
    (account,) = shown["supplier"]["accounts"]
    assert (account["identifier"], account["verified_by"]) == (IBAN, "ann")
    assert world.log.records[topics.SUPPLIER_CHANGED.name][0].key == b"acme"


async def test_nobody_vouches_in_another_name(world: World) -> None:
    forged = {**STATED, "accounts": [{"identifier": IBAN, "verified_by": "cfo", "verified_at": "2020-01-01T00:00:00Z"}]}
    await world.client.put("/v1/suppliers/acme", json=forged, headers=bearer("operator"))
    (account,) = (await world.client.get("/v1/suppliers/acme")).json()["supplier"]["accounts"]
    assert account["verified_by"] == "operator"


async def test_an_account_that_stays_keeps_who_verified_it(world: World) -> None:
    await world.client.put("/v1/suppliers/acme", json=STATED)
    more = {**STATED, "accounts": [*STATED["accounts"], {"identifier": "DE89370400440532013000"}]}
    await world.client.put("/v1/suppliers/acme", json=more, headers=bearer("bob"))
    accounts = (await world.client.get("/v1/suppliers/acme")).json()["supplier"]["accounts"]
    assert [account["verified_by"] for account in accounts] == ["ann", "bob"]


@pytest.mark.parametrize(
    "change",
    [
        {"accounts": [{"identifier": "FR7630006000011234567890188"}]},
        {"accounts": [{"identifier": IBAN, "service_provider_identifier": "NOBIC"}]},
        {"accounts": [{"identifier": "???"}]},
        {"postal_address": {"country": "France"}},
        {"name": ""},
        {"amount_limit": 100.5},
    ],
)
async def test_a_supplier_that_cannot_be_paid_so_is_refused(world: World, change: dict[str, Any]) -> None:
    answer = await world.client.put("/v1/suppliers/acme", json=STATED | change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert not changes(world)


async def test_an_id_of_another_tenant_cannot_be_taken(world: World) -> None:
    await world.log.write(topics.SUPPLIER_CHANGED, supplier_changed(tenant="other"), key="acme")
    assert (await world.client.put("/v1/suppliers/acme", json=STATED)).status_code == 404
    assert (await upload(world, CSV)).status_code == 422
    assert len(changes(world)) == 1


async def test_a_file_states_all_of_its_suppliers(world: World) -> None:
    answer = await upload(world, CSV, "operator")
    assert (answer.status_code, answer.json()) == (200, {"suppliers": 2})
    listed = (await world.client.get("/v1/suppliers")).json()["items"]
    assert [item["supplier"]["supplier_id"] for item in listed] == ["acme", "beta"]
    assert {change.changed_by for change in changes(world)} == {"operator"}
    assert {account.verified_by for change in changes(world) for account in change.supplier.accounts} == {"operator"}


async def test_a_file_with_one_fault_is_not_imported_at_all(world: World) -> None:
    answer = await upload(world, CSV.replace("DE89370400440532013000", "DE89370400440532013001"))
    assert answer.status_code == 422
    assert [(fault["line"], fault["column"]) for fault in answer.json()["faults"]] == [(3, "accounts")]
    assert not changes(world)


async def test_a_file_for_another_tenant_is_refused(world: World) -> None:
    assert (await upload(world, CSV, "eve")).status_code == 422
    assert not changes(world)


async def test_suppliers_are_paged(world: World) -> None:
    await upload(world, CSV)
    async with asyncio.timeout(60):  # a busy machine may project later than an import waits for
        while len((await world.client.get("/v1/suppliers")).json()["items"]) < 2:  # noqa: ASYNC110 - it is asked over HTTP
            await asyncio.sleep(0.05)
    first = (await world.client.get("/v1/suppliers", params={"limit": 1})).json()
    second = (await world.client.get("/v1/suppliers", params={"limit": 1, "cursor": first["next"]})).json()
    assert [page["items"][0]["supplier"]["supplier_id"] for page in (first, second)] == ["acme", "beta"]
    assert second["next"] is None
