"""The sealed log over HTTP: what is handed out is verified without us, and nobody sees another tenant's entries."""

from pathlib import Path

import httpx

from app.audit_log.offline.note import opened
from app.audit_log.offline.proof import InclusionProof
from app.audit_log.offline.segment import leaf_of, segment_name
from app.audit_log.place import FolderPlace
from tests.app.api.world import World, bearer
from tests.audit_log.logs import KEY, ORIGIN, entry
from tests.audit_log.logs import opened as opened_log

KEYS = (KEY.named(ORIGIN),)


def seal(folder: Path) -> FolderPlace:
    """Six entries, the fourth of another tenant."""
    place = FolderPlace(folder / "audit/audit.entry/0")
    log = opened_log(place)
    values = [entry(number, tenant="other" if number == 3 else "default") for number in range(6)]
    log.append([(offset, leaf_of(offset, value)) for offset, value in enumerate(values)])
    return place


async def get(world: World, path: str, who: str = "auditor") -> httpx.Response:
    return await world.client.get(f"/v1/audit/{path}", headers=bearer(who))


async def test_the_checkpoint_is_a_signed_note(world: World, tmp_path: Path) -> None:
    seal(tmp_path)
    answer = await get(world, "checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert opened(answer.content, KEYS, ORIGIN).size == 6


async def test_a_proof_verifies_offline_with_the_entry_in_it(world: World, tmp_path: Path) -> None:
    seal(tmp_path)
    answer = await get(world, "2/proof")
    proof = InclusionProof.parse(answer.content)
    assert proof.verified(KEYS).size == 6
    assert proof.leaf == leaf_of(2, entry(2))


async def test_before_anything_is_sealed_and_beyond_the_end_there_is_nothing(world: World, tmp_path: Path) -> None:
    assert (await get(world, "checkpoint")).status_code == 404
    assert (await get(world, "0/proof")).status_code == 404
    seal(tmp_path)
    assert (await get(world, "6/proof")).status_code == 404
    assert (await get(world, "-1/proof")).status_code == 422


async def test_another_tenants_entry_is_as_if_it_were_not_there(world: World, tmp_path: Path) -> None:
    seal(tmp_path)
    assert (await get(world, "3/proof")).status_code == 404
    assert (await get(world, "3/proof", "eve")).status_code == 200
    assert (await get(world, "2/proof", "eve")).status_code == 404


async def test_of_a_damaged_log_nothing_is_handed_out(world: World, tmp_path: Path) -> None:
    path = tmp_path / "audit/audit.entry/0" / segment_name(0)
    seal(tmp_path)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"e2"', b'"e9"'))
    answer = await get(world, "2/proof")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:quittance:problem:audit-unavailable")
