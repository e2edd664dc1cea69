"""Who may do what: every route with every role, other tenants, missing and unknown keys."""

import pytest

from app.api.access import OPEN_PATHS, ROUTE_ROLES
from app.api.application import routes
from app.api.keys import (
    KeysInvalid,
    Principal,
    digest_of,
    load_keyring,
    new_key,
    one_off_keyring,
    parse_entry,
)
from app.settings import Settings
from schemas import topics
from schemas.identifiers import document_id
from tests.app.api.world import ROLES, World, bearer
from tests.app.readmodel.events import COMMAND, DOCUMENT, initiated, received, status, supplier_changed

PARAMETERS = {
    "document_id": DOCUMENT, "command_id": COMMAND, "supplier_id": "acme", "seq": "0", "release_id": "r1",
    "wish": "canary", "feedback_id": "a" * 26,
}  # fmt: skip
DIGEST = digest_of("inv_live_x")


def filled(path: str) -> str:
    return path.format(**PARAMETERS)


def test_the_table_of_roles_has_exactly_the_routes() -> None:
    assert {route for route in routes() if route[1] not in OPEN_PATHS} == set(ROUTE_ROLES)


@pytest.mark.parametrize("role", ROLES)
async def test_exactly_the_declared_roles_get_through(world: World, role: str) -> None:
    for (method, path), roles in ROUTE_ROLES.items():
        answer = await world.client.request(method, filled(path), headers=bearer(role))
        assert (method, path, answer.status_code != 403) == (method, path, role in roles)
        if answer.status_code == 403:
            assert answer.json()["type"] == "urn:quittance:problem:role-missing"
            assert set(answer.json()["roles"]) == roles


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer inv_live_unknown"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Basic a2V5LWFubjo="},
        {"Authorization": "", "X-API-Key": DIGEST},
        {"Authorization": "Bearer " + digest_of("key-ann")},
    ],
)
async def test_without_a_known_key_nothing_is_answered(world: World, headers: dict[str, str]) -> None:
    for method, path in ROUTE_ROLES:
        answer = await world.client.request(method, filled(path), headers=headers)
        assert (method, path, answer.status_code) == (method, path, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_key_may_come_in_its_own_header(world: World) -> None:
    answer = await world.client.get("/v1/documents", headers={"Authorization": "", "X-API-Key": "key-auditor"})
    assert answer.status_code == 200


async def test_what_other_tenants_have_is_not_found(world: World) -> None:
    await world.log.write(topics.DOCUMENT_RECEIVED, received())
    await world.log.write(topics.DOCUMENT_STATUS, status("held"))
    await world.log.write(topics.PAYMENT_INITIATED, initiated())
    await world.log.write(topics.SUPPLIER_CHANGED, supplier_changed(), key="acme")
    bodies = {"/v1/reviews/{document_id}": {"action": "reject"}, "/v1/suppliers/{supplier_id}": {"name": "Mine"}}
    for method, path in ROUTE_ROLES:
        if "{" in path and "{release_id}" not in path:  # releases are of the house and no tenant's
            answer = await world.client.request(method, filled(path), headers=bearer("eve"), json=bodies.get(path))
            assert (path, answer.status_code) == (path, 404)


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1/documents/"])
async def test_other_paths_are_problems_too(world: World, path: str) -> None:
    answer = await world.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_another_method_is_a_problem(world: World) -> None:
    answer = await world.client.delete("/v1/documents")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert "allow" in answer.headers


def test_an_entry_names_person_roles_digest_and_tenant() -> None:
    assert parse_entry(f"ann:reviewer+approver:{DIGEST}") == (
        DIGEST,
        Principal("ann", frozenset({"reviewer", "approver"})),
    )
    assert parse_entry(f" bob:auditor:{DIGEST}:other ")[1].tenant == "other"


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "ann",
        f"ann:{DIGEST}",
        f"ann:king:{DIGEST}",
        f"ann:reviewer+king:{DIGEST}",
        f"ann::{DIGEST}",
        "ann:reviewer:inv_live_in_clear",
        f"ann:reviewer:{DIGEST}:",
        f"an n:reviewer:{DIGEST}",
        f"ann:reviewer:{DIGEST}:other:more",
    ],
)
def test_a_malformed_entry_is_refused_and_never_repeated(entry: str) -> None:
    with pytest.raises(KeysInvalid) as refused:
        parse_entry(entry)
    assert DIGEST not in str(refused.value)
    assert "inv_live_" not in str(refused.value)


def test_keys_come_from_the_setting_and_from_a_file(tmp_path: object) -> None:
    file = tmp_path / "keys"  # type: ignore[operator]  # pytest's Path
    file.write_text(f"# people\n\nann:reviewer:{digest_of('a')}\n", encoding="utf-8")
    settings = Settings(api_keys=(f"bob:auditor:{digest_of('b')}",), api_keys_file=file)
    keyring = load_keyring(settings)
    assert len(keyring) == 2
    known = keyring.principal("a")
    assert known is not None
    assert known.name == "ann"
    assert keyring.principal("c") is None


def test_a_one_off_key_has_every_role_and_a_prefix_that_scanners_know() -> None:
    keyring, key = one_off_keyring()
    principal = keyring.principal(key)
    assert principal is not None
    assert principal.roles == frozenset(ROLES)
    assert key.startswith("inv_live_")
    assert new_key() != new_key()


def test_document_ids_of_the_tests_are_what_they_seem() -> None:
    assert document_id(b"one invoice") == DOCUMENT
