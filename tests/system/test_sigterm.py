"""SIGTERM at any moment of a worker's start: it ends with 0, and what it started has ended with it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.local.samples import load_set
from app.topics import create_topics
from tests.system.cluster import NOT_BEGUN, READY_SECONDS, STOP_SECONDS, Cluster
from tests.system.processes import catches

# Of the time that a start takes here and now; beyond 1 the worker is at work.
MOMENTS = (0.0, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9, 1.1)
WATCH_SECONDS = 0.001

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]


@pytest.fixture
async def cluster(kafka_bootstrap: str, tmp_path: Path) -> Cluster:
    made = Cluster(kafka_bootstrap, tmp_path, load_set(1, seed=1))
    await create_topics(made.settings)
    return made


async def test_a_worker_that_is_asked_to_end_while_it_starts_ends_well(cluster: Cluster) -> None:
    began = time.monotonic()
    cluster.start_worker("measured")
    try:
        await cluster.ready("measured")
        whole = time.monotonic() - began
        ends = {"ready": cluster.stop_worker("measured")}
        for moment in MOMENTS:
            name = f"at-{moment}"
            cluster.start_worker(name)
            await _begun(cluster, name)
            await asyncio.sleep(moment * whole)
            ends[name] = await asyncio.to_thread(cluster.stop_worker, name)
    finally:
        cluster.stop()
    assert set(ends.values()) == {0}, ends


async def test_before_its_first_line_the_kernel_ends_it_and_nothing_is_left(cluster: Cluster) -> None:
    cluster.start_worker("early")
    assert cluster.stop_worker("early") in (NOT_BEGUN, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("role", [(), ("--role", "ledger")], ids=["both", "ledger"])
def test_one_whose_broker_is_nowhere_ends_well_too(number: signal.Signals, role: tuple[str, ...]) -> None:
    """As early as can be, by the program that the package installs: nothing is imported yet."""
    own = {"QUITTANCE_METRICS_PORT": "0", "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    quittance = Path(sys.executable).with_name("quittance")
    with subprocess.Popen([quittance, "worker", *role], env={**os.environ, **own}) as worker:
        deadline = time.monotonic() + READY_SECONDS
        # Python itself catches SIGINT; SIGTERM is caught by our first lines, and last.
        while not catches(worker.pid, signal.SIGTERM):
            assert time.monotonic() < deadline
            time.sleep(WATCH_SECONDS)
        worker.send_signal(number)
        assert worker.wait(STOP_SECONDS) == 0


async def _begun(cluster: Cluster, name: str) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not cluster.begun(name):  # noqa: ASYNC110 - another process; there is no event for it
            await asyncio.sleep(WATCH_SECONDS)
