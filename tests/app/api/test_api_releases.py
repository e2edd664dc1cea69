"""Releases through the API: every step, by whom, and what is said where a step cannot be taken."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.quality.regression import Report
from schemas import topics
from schemas.codec import encode
from schemas.release import ReleaseChanged
from tables.promotion import HOLDBACK_SHARE
from tests.app.api.world import World, bearer

LABELS = {"labels": [{"language": "de", "concept": "payable", "phrase": "zu zahlen"}]}
NO_REPORT = "sha256:" + "0" * 64


def changes(world: World) -> list[ReleaseChanged]:
    return [event for event in world.log.events(topics.RELEASE_CHANGED) if isinstance(event, ReleaseChanged)]


async def drafted(world: World, **more: Any) -> str:
    answer = await world.client.post("/v1/releases", json={"learned": LABELS, **more})
    assert answer.status_code == 201, answer.text
    release: str = answer.json()["release_id"]
    return release


def kept(world: World, candidate: str, baseline: str = "test", complaints: tuple[str, ...] = ()) -> str:
    """Keep the report of a regression, and return its digest."""
    return world.ports.shelf.put("reports", encode(report(candidate, baseline, complaints)))


def report(candidate: str, baseline: str = "test", complaints: tuple[str, ...] = ()) -> Report:
    return Report(
        candidate=candidate,
        baseline=baseline,
        golden="cases",
        documents=1,
        seconds=1.0,
        rows=(),
        payables=(),
        worse=(),
        worse_in_all=0,
        better_in_all=0,
        claims=0,
        mended=0,
        complaints=complaints,
    )


async def take(world: World, release: str, wish: str, by: str = "ann", **body: Any) -> Any:
    return await world.client.post(f"/v1/releases/{release}/{wish}", json=body, headers=bearer(by))


async def canary(world: World) -> str:
    release = await drafted(world)
    for wish, body in (
        ("test", {"regression": kept(world, release)}),
        ("shadow", {"share": 0.1}),
        ("canary", {"share": 0.2}),
    ):
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


async def test_a_digest_alone_shows_nothing(world: World) -> None:
    release = await drafted(world)
    other = await drafted(world, confidence_min={"text": 0.95})
    for digest, reason in (
        (NO_REPORT, "RELEASE-REPORT-UNKNOWN"),
        (world.ports.shelf.put("reports", b"no report"), "RELEASE-REPORT-UNKNOWN"),
        (world.ports.shelf.put("cases", encode(report(release))), "RELEASE-REPORT-UNKNOWN"),
        (kept(world, other), "RELEASE-REPORT-OTHER"),
        (kept(world, release, other), "RELEASE-REPORT-OTHER"),
        (kept(world, release, "nobody"), "RELEASE-REPORT-OTHER"),
        (kept(world, release, complaints=("2 new false payables",)), "RELEASE-GATE-CLOSED"),
    ):
        refused = await take(world, release, "test", regression=digest)
        assert refused.headers["content-type"] == "application/problem+json"
        assert (refused.status_code, refused.json()["reason"]) == (409, reason)
    assert {change.state for change in changes(world)} == {"draft"}
    tested = (await take(world, release, "test", regression=kept(world, release))).json()
    assert (tested["state"], tested["regression"]) == ("tested", kept(world, release))


async def test_what_a_report_is_held_against_was_once_in_force(world: World) -> None:
    stood = await canary(world)
    for person in ("ann", "bob"):
        await take(world, stood, "promote", person)
    await take(world, stood, "rollback")
    release = await drafted(world, confidence_min={"text": 0.95})
    answer = await take(world, release, "test", regression=kept(world, release, stood))
    assert answer.json()["state"] == "tested"


async def test_who_goes_on_against_a_report_says_why(world: World) -> None:
    release = await drafted(world)
    closed = kept(world, release, complaints=("2 new false payables",))
    assert (await take(world, release, "test", regression=closed, override=True)).json()["reason"] == "RELEASE-REASON"
    let_through = await take(world, release, "test", regression=closed, override=True, reason="both were wrong before")
    assert let_through.json()["reason"] == "override: both were wrong before"


async def test_no_other_step_brings_a_report_along(world: World) -> None:
    release = await canary(world)
    before = changes(world)[-1].regression
    assert (await take(world, release, "canary", share=0.5, regression=NO_REPORT)).json()["regression"] == before


async def test_where_reports_cannot_be_had_nothing_is_tested(world: World, tmp_path: Path) -> None:
    release = await drafted(world)
    (tmp_path / "quality").write_bytes(b"a file where a folder should be")
    refused = await take(world, release, "test", regression=NO_REPORT)
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:quittance:problem:reports-unavailable")


async def test_a_promoted_release_keeps_its_place_when_it_is_settled(world: World) -> None:
    release = await canary(world)
    for person in ("ann", "bob"):
        promoted = (await take(world, release, "promote", person)).json()
    listed = (await world.client.get("/v1/releases")).json()
    assert (promoted["holdback"], listed["active"], listed["below"]) == (HOLDBACK_SHARE, release, "test")
    assert (await take(world, release, "settle")).json()["reason"] == "RELEASE-REASON"
    settled = (await take(world, release, "settle", reason="the one below pays falsely")).json()
    assert (settled["state"], settled["holdback"], settled["in_force"]) == ("active", 0.0, True)
    assert (await world.client.get("/v1/releases")).json()["below"] is None


async def test_a_second_canary_waits_for_the_first(world: World) -> None:
    await canary(world)
    other = await drafted(world, confidence_min={"text": 0.95})
    await take(world, other, "test", regression=kept(world, other))
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
