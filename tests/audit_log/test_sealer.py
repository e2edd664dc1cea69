"""The sealer on a real Kafka: killed, frozen, replaced, without its storage; each record is in the log once."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from app.audit_log.sealing import ENTRIES_MAX
from app.local.kafka import Broker
from app.settings import Settings
from app.topics import create_topics
from tests.audit_log.logs import entry
from tests.audit_log.sealers import Sealers, writing

# For a hang; on a busy machine a process takes half a minute to start, and this starts a dozen.
pytestmark = [pytest.mark.kafka, pytest.mark.system, pytest.mark.timeout(900)]
KILLS = 6
PACE_SECONDS = 0.05


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of this module's own, with all topics: the names are those of production."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        asyncio.run(create_topics(Settings(kafka_bootstrap_servers=broker.bootstrap_servers), partitions=2))
        yield broker.bootstrap_servers


@pytest.fixture
async def sealers(bootstrap: str, tmp_path: Path) -> AsyncIterator[Sealers]:
    running = Sealers(bootstrap, tmp_path)
    yield running
    await asyncio.to_thread(running.end)


async def whole(sealers: Sealers) -> None:
    """Wait until the log has all that is on the topic, and say that it has each record once, in order, verified."""
    there = await sealers.on_topic()
    await sealers.until(lambda: sealers.size() >= len(there))
    assert sealers.sealed() == there
    verdict = sealers.verdict()
    assert verdict.is_intact, verdict.findings


async def always(write: Callable[[], Awaitable[None]]) -> None:
    """Write on and on, at a pace at which there is always something to seal."""
    while True:
        await write()
        await asyncio.sleep(PACE_SECONDS)


async def test_killed_at_any_moment_it_leaves_a_log_with_each_record_once(sealers: Sealers, bootstrap: str) -> None:
    choice, numbers = random.Random(5), iter(range(10**6))

    def burst() -> list[bytes | None]:
        """New entries, one told again, one told otherwise, and what no stage would write."""
        values: list[bytes | None] = [entry(next(numbers)) for _ in range(choice.randrange(1, 40))]
        return [*values, values[0], entry(0, release=str(next(numbers))), b"\x00junk\n", b"", None]

    async with writing(bootstrap) as write, asyncio.TaskGroup() as group:
        stream = group.create_task(always(lambda: write(burst())))
        for kill in range(KILLS):
            sealers.start(f"sealer-{kill}")
            await sealers.until_grown(choice.randrange(1, 4))
            sealers.kill(f"sealer-{kill}")
        stream.cancel()
        sealers.start("last")
        await whole(sealers)
    assert sealers.stop("last") == 0


async def test_a_frozen_sealer_that_comes_back_forks_nothing(sealers: Sealers, bootstrap: str) -> None:
    async with writing(bootstrap) as write:
        sealers.start("zombie")
        await write([entry(number) for number in range(100)])
        await sealers.until_grown(1)
        sealers.signal("zombie", signal.SIGSTOP)
        sealers.start("heir")
        await write([entry(number) for number in range(100, 200)])
        await whole(sealers)
        sealers.signal("zombie", signal.SIGCONT)
        for first in range(200, 500, 50):
            await write([entry(number) for number in range(first, first + 50)])
        await whole(sealers)


async def test_what_waits_is_sealed_on_sigterm_and_readiness_says_how_it_is(sealers: Sealers, bootstrap: str) -> None:
    slow = Sealers(bootstrap, sealers.folder, seal_seconds=3_600)
    try:
        slow.start("slow")
        async with writing(bootstrap) as write:
            await write([entry(1), entry(2)])
        there = await slow.on_topic()
        await slow.answers("slow", "readyz", lambda answer: answer.is_success)
        await slow.answers("slow", "metrics", lambda answer: behind(answer.text) == len(there) % ENTRIES_MAX)
        assert await asyncio.to_thread(slow.stop, "slow") == 0
        assert slow.sealed() == there
        assert slow.verdict().is_intact
    finally:
        await asyncio.to_thread(slow.end)


def behind(page: str) -> int | None:
    lines = [line for line in page.splitlines() if line.startswith('quittance_audit_entries_behind{partition="0"}')]
    return int(float(lines[0].split()[-1])) if lines else None


async def test_a_broken_log_is_told_and_not_written_on(sealers: Sealers, bootstrap: str) -> None:
    sealers.start("first")
    async with writing(bootstrap) as write:
        await write([entry(1)])
    await whole(sealers)
    await asyncio.to_thread(sealers.stop, "first")
    (sealers.folder / "second/audit.entry/0/checkpoints/000/000/999.txt").write_text("of what is gone")
    sealers.start("second")
    answer = await sealers.answers("second", "readyz", lambda answer: "ends before" in answer.text)
    assert not answer.is_success
    assert "is not sealed" in sealers.log_of("second")


def test_without_a_key_no_sealer_starts(bootstrap: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "worker", "--role", "sealer"],
        env={**os.environ, "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": bootstrap, "QUITTANCE_METRICS_PORT": "0"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("quittance: the audit log is sealed with an Ed25519 key: make one")
    assert done.stderr.count("\n") == 1
