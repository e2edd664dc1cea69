"""Releases through the API: every step, by whom, and what is said where a step cannot be taken."""

import asyncio
from typing import Any

import pytest

from schemas import topics
from schemas.release import ReleaseChanged
from tests.app.api.world import World, bearer

LABELS = {"labels": [{"language": "de", "concept": "payable", "phrase": "zu zahlen"}]}
REPORT = "sha256:" + "0" * 64


def changes(world: World) -> list[ReleaseChanged]:
    return [event for event in world.log.events(topics.RELEASE_CHANGED) if isinstance(event, ReleaseChanged)]


async def drafted(world: World, **more: Any) -> str:
    answer = await world.client.post("/v1/releases", json={"learned": LABELS, **more})
    assert answer.status_code == 201, answer.text
    release: str = answer.json()["release_id"]
    return release


async def take(world: World, release: str, wish: str, by: str = "ann", **body: Any) -> Any:
    return await world.client.post(f"/v1/releases/{release}/{wish}", json=body, headers=bearer(by))


async def canary(world: World) -> str:
    release = await drafted(world)
    for wish, body in (("test", {"regression": REPORT}), ("shadow", {"share": 0.1}), ("canary", {"share": 0.2})):
        answer = await take(world, release, wish, **body)
        assert answer.status_code == 200, answer.text
    return release


async def test_a_release_comes_into_force_by_two_persons_and_goes_back_by_one(world: World) -> None:
    release = await canary(world)
    first = (await take(world, release, "promote", "ann")).json()
    assert (first["state"], first["promoted_by"], first["wanting"]) == ("canary", ["ann"], 1)
    again = (await take(world, release, "promote", "ann")).json()
    assert (again["state"], again["promoted_by"]) == ("canary", ["ann"])
    second = (await take(world, release, "promote", "bob")).json()
    assert (second["state"], second["promoted_by"], second["in_force"]) == ("active", ["ann", "bob"], True)
    assert (await world.client.get("/v1/releases")).json()["active"] == release
    back = (await take(world, release, "rollback", "bob", reason="wrong totals")).json()
    assert (back["state"], back["changed_by"], back["reason"]) == ("retired", "bob", "wrong totals")
    assert (await world.client.get("/v1/releases")).json()["active"] == "test"


async def test_a_draft_is_named_by_its_content_and_written_by_whoever_sends_it(world: World) -> None:
    release = await drafted(world, author="the board", reason="three corrections")
    shown = (await world.client.get(f"/v1/releases/{release}")).json()
    assert (shown["author"], shown["state"], shown["code"]) == ("ann", "draft", "test")
    assert shown["bundle"]["learned"]["labels"][0]["phrase"] == "zu zahlen"
    assert await drafted(world, reason="told otherwise") == release
    assert len(changes(world)) == 1
    assert world.log.records[topics.RELEASE_CHANGED.name][0].key == release.encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"learned": LABELS, "labels": []}, 422),
        ({"confidence_min": {"text": 0.5}}, 422),
        ({}, 409),
        ({"reason": "nothing"}, 409),
    ],
)
async def test_a_draft_that_cannot_be_a_release_is_refused(world: World, body: dict[str, Any], status: int) -> None:
    answer = await world.client.post("/v1/releases", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert not changes(world)


async def test_a_refusal_says_why_and_what_to_do(world: World) -> None:
    release = await drafted(world)
    refused = await take(world, release, "canary", share=0.5)
    assert (refused.status_code, refused.json()["reason"]) == (409, "RELEASE-STATE")
    assert "override" in refused.json()["detail"]
    assert (await take(world, release, "canary", share=0.5, override=True)).json()["reason"] == "RELEASE-REASON"
    assert (await take(world, release, "test")).json()["reason"] == "RELEASE-UNTESTED"
    assert (await take(world, release, "shadow", share=1.5)).status_code == 422
    assert (await take(world, release, "launch")).status_code == 422
    let_through = await take(world, release, "canary", share=0.5, override=True, reason="the supplier waits")
    assert let_through.json()["reason"] == "override: the supplier waits"


async def test_a_second_canary_waits_for_the_first(world: World) -> None:
    await canary(world)
    other = await drafted(world, confidence_min={"text": 0.95})
    await take(world, other, "test", regression=REPORT)
    await take(world, other, "shadow", share=0.1)
    refused = (await take(world, other, "canary", share=0.1)).json()
    assert refused["reason"] == "RELEASE-BUSY"


async def test_what_is_not_known_is_not_found(world: World) -> None:
    assert (await world.client.get("/v1/releases/test.000000000000")).status_code == 404
    assert (await take(world, "test.000000000000", "rollback")).status_code == 404


@pytest.mark.parametrize("name", ["submitter", "reviewer", "approver", "auditor"])
async def test_only_an_operator_changes_a_release(world: World, name: str) -> None:
    release = await canary(world)
    assert (await take(world, release, "rollback", name)).status_code == 403
    answer = await world.client.post("/v1/releases", json={"learned": LABELS}, headers=bearer(name))
    assert answer.status_code == 403


async def test_an_operator_of_another_tenant_changes_nothing(world: World) -> None:
    release = await canary(world)
    refused = await take(world, release, "rollback", "eve")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:quittance:problem:release-of-the-house")
    assert changes(world)[-1].state == "canary"


async def test_two_operators_at_once_are_two_promoters(world: World) -> None:
    release = await canary(world)
    await asyncio.gather(take(world, release, "promote", "ann"), take(world, release, "promote", "bob"))
    shown = (await world.client.get(f"/v1/releases/{release}")).json()
    assert (shown["state"], sorted(shown["promoted_by"])) == ("active", ["ann", "bob"])
