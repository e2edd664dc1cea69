"""A canary whose policy holds everything, decided by real workers, is taken back by the quality process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app import clock
from app.local.ports import LOOPBACK, free_port
from app.local.processes import start_child
from app.local.samples import Sample, load_set
from app.publishing import KafkaPublisher
from app.release import release_id
from app.releases.desk import Desk
from app.releases.following import FollowedBook
from app.releases.guarding import GUARD
from schemas.release import Bundle, ReleaseChanged
from tables.promotion import Step
from tests.system.cluster import Cluster, running_cluster
from tests.system.releases import release_of
from tests.system.switching import POLICY
from tests.system.verifier import read_all

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]
COUNT = 160
SHARE = 0.4
# Guards against a hang; nothing is measured by them.
WAIT_SECONDS = 240.0
ASK_SECONDS = 0.2
PAUSE_SECONDS = 0.1


@asynccontextmanager
async def quality(cluster: Cluster) -> AsyncIterator[int]:
    """The process of the role, as an operator starts it; yields where it answers."""
    port = free_port()
    own = {
        "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap,
        "QUITTANCE_DOCUMENTS": cluster.documents,
        "QUITTANCE_METRICS_PORT": str(port),
        "QUITTANCE_LOG_FORMAT": "text",
    }
    command = [sys.executable, "-m", "app", "worker", "--role", "quality"]
    child = start_child("quality", command, log=cluster.folder / "quality.log", environment={**os.environ, **own})
    try:
        async with asyncio.timeout(WAIT_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            while not await _is_ready(client, port):
                assert child.exit_code is None, (cluster.folder / "quality.log").read_text()
                await asyncio.sleep(ASK_SECONDS)
        yield port
        assert child.stop() == 0, (cluster.folder / "quality.log").read_text()
    finally:
        child.stop(timeout_seconds=0.0)


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://{LOOPBACK}:{port}/readyz")).is_success
    except httpx.HTTPError:
        return False


async def feed(cluster: Cluster, samples: list[Sample], done: asyncio.Event) -> None:
    """Publish at an even pace, until somebody says that it is enough."""
    async with cluster.sending() as send:
        for sample in samples:
            if done.is_set():
                return
            await send(sample)
            await asyncio.sleep(PAUSE_SECONDS)


async def state(desk: Desk, bundle: Bundle) -> ReleaseChanged | None:
    return (await desk.releases()).change(bundle.release_id)


async def test_a_canary_that_holds_everything_is_taken_back_while_documents_flow(tmp_path: Path) -> None:
    samples = load_set(COUNT, seed=9)
    once = list({sample.document_id: sample for sample in samples.samples}.values())
    bundle = Bundle(code=release_id(), policy=POLICY, reason="nobody approves XML")
    async with running_cluster(tmp_path, samples, ("worker",)) as cluster, quality(cluster) as port:
        book = FollowedBook(cluster.settings)
        book.follower.start()
        async with KafkaPublisher(cluster.settings, source="test") as publisher:
            desk, done = Desk(book, publisher), asyncio.Event()
            assert isinstance(await desk.draft(bundle, "ada", clock.now()), ReleaseChanged)
            step = Step("canary", "ada", clock.now(), reason="a test", share=SHARE, override=True)
            assert isinstance(await desk.advance(bundle.release_id, step), ReleaseChanged)
            feeding = asyncio.create_task(feed(cluster, once, done))
            async with asyncio.timeout(WAIT_SECONDS):
                while (change := await state(desk, bundle)) and change.state != "retired":  # noqa: ASYNC110 - it is asked
                    await asyncio.sleep(ASK_SECONDS)
            done.set()
            await feeding
        await book.follower.stop()
        async with httpx.AsyncClient(trust_env=False) as client:
            page = (await client.get(f"http://{LOOPBACK}:{port}/metrics")).text
        records = await read_all(cluster.bootstrap)
    assert change is not None
    assert change.changed_by == GUARD
    assert "held: " in change.reason or "unapproved: " in change.reason
    assert 'quittance_canary_rollbacks_total{signal="held"}' in page
    deciders = {release_of(record) for record in records["payment.decided"]}
    assert deciders == {release_id(), bundle.release_id}
    assert bundle.release_id not in {release_of(record) for record in records["payment.initiated"]}
    entries = [record for record in records["audit.entry"] if b'"stage":"releases"' in record.value]
    assert [b'"outcome":"retired"' in record.value for record in entries] == [False, False, True]
