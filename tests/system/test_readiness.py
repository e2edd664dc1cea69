"""A worker says that it is ready when its tables are recovered and its ledger is read, and not before.

The worker is a real one on a real Kafka; it is held at either place until the test lets it go on.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.local.ports import LOOPBACK
from app.local.samples import load_set
from app.topics import create_topics
from tests.system.cluster import READY_SECONDS, Cluster
from tests.system.held_worker import FOLLOWED, READ, RECOVERED

NAME = "held"
ASK_SECONDS = 0.05
# It would be ready by now, were readiness not about what it is held at.
STEADY_SECONDS = 2.0
FOLLOWING = "the releases are being read"
JOINING = "ledger: the consumer group is being joined or tables recovered"
COMPILING = "reader: the official rules are being compiled"
READING = "ledger: the payment ledger is being read"

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]


@pytest.fixture
async def cluster(kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cluster]:
    monkeypatch.setenv("HELD_IN", str(tmp_path))
    made = Cluster(kafka_bootstrap, tmp_path, load_set(1, seed=1), ("-m", "tests.system.held_worker"))
    await create_topics(made.settings)
    (tmp_path / FOLLOWED).touch()
    yield made
    await asyncio.to_thread(made.stop)


async def test_it_is_ready_when_tables_are_recovered_and_the_ledger_is_read(cluster: Cluster, tmp_path: Path) -> None:
    cluster.start_worker(NAME)
    await _says(cluster, [JOINING])
    (tmp_path / RECOVERED).touch()
    await _says(cluster, [READING])
    (tmp_path / READ).touch()
    await _says(cluster, [])
    assert await asyncio.to_thread(cluster.stop_worker, NAME) == 0


async def test_neither_role_joins_before_it_knows_what_is_in_force(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / FOLLOWED).unlink()
    (tmp_path / RECOVERED).touch()
    (tmp_path / READ).touch()
    cluster.start_worker(NAME)
    joining = JOINING.removeprefix("ledger: ")
    waits = [f"{role}: {why}" for role in ("ledger", "reader") for why in (joining, FOLLOWING)]
    # The rules are compiled meanwhile, which is told as soon as the role is open: only then it is steady.
    await _until(cluster, sorted([*waits, COMPILING]))
    await _says(cluster, waits)
    (tmp_path / FOLLOWED).touch()
    await _says(cluster, [])


async def test_a_worker_that_joins_makes_the_other_recover_before_it_is_ready_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / RECOVERED).touch()
    (tmp_path / READ).touch()
    cluster.start_worker(NAME)
    await _says(cluster, [])
    (tmp_path / READ).unlink()
    cluster.start_worker("joining")
    # the readers' group takes a newcomer in when it pleases: the reader is not what is held here
    await _says(cluster, [READING], role="ledger")
    await _says(cluster, [READING], "joining", role="ledger")
    (tmp_path / READ).touch()
    for name in (NAME, "joining"):
        await _says(cluster, [], name)


async def _says(cluster: Cluster, missing: list[str], name: str = NAME, role: str = "") -> None:
    """Wait until this, and for some time nothing else, is what the worker waits for; 200 if it is nothing.

    `role` looks at the lines of that role alone.
    """
    await _until(cluster, missing, name, role)
    end = asyncio.get_running_loop().time() + STEADY_SECONDS
    while asyncio.get_running_loop().time() < end:
        assert await _asked(cluster, name, role) == missing
        await asyncio.sleep(ASK_SECONDS)


async def _until(cluster: Cluster, missing: list[str], name: str = NAME, role: str = "") -> None:
    """Wait until this is what the worker waits for."""
    async with asyncio.timeout(READY_SECONDS):
        while await _asked(cluster, name, role) != missing:
            assert not cluster.bury_ended()
            await asyncio.sleep(ASK_SECONDS)


async def _asked(cluster: Cluster, name: str, role: str) -> list[str] | None:
    """What /readyz names as missing, 200 being for nothing at all; None while nobody answers."""
    async with httpx.AsyncClient(timeout=READY_SECONDS) as client:
        try:
            answer = await client.get(f"http://{LOOPBACK}:{cluster.port(name)}/readyz")
        except httpx.TransportError:
            return None
    missing: list[str] = answer.json()["missing"]
    assert answer.is_success == (not missing)
    return sorted(line for line in missing if line.startswith(role))
