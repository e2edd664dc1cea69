"""S3 goes away under load and comes back: what came meanwhile is held with its reason, and paid after a replay."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.local.ports import free_port
from app.local.samples import Sample, SampleSet, load_set
from app.local.watch import Watch
from tests.chaos.proxy import Link
from tests.servers.s3 import S3Server
from tests.system.cluster import Cluster, running_cluster
from tests.system.verifier import read_all, verify

NAME = "only"
COUNT = 24
THIRD = COUNT // 3
END_SECONDS = 120.0  # a deadline on a busy machine, not what it takes

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.s3, pytest.mark.timeout(300)]


def part(samples: SampleSet, first: int, last: int) -> SampleSet:
    return SampleSet(samples.samples[first:last], samples.suppliers, samples.debtor)


async def quittance(cluster: Cluster, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *arguments,
        env={**os.environ, "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told
    return told.decode()


async def test_what_comes_while_s3_is_away_waits_and_is_paid_after_a_replay(
    tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = load_set(COUNT, seed=23)
    before, meanwhile, after = (part(samples, n * THIRD, (n + 1) * THIRD) for n in range(3))
    link = Link(free_port(), int(s3_server.endpoint_url.rsplit(":", 1)[1]))
    await link.open()
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("QUITTANCE_DOCUMENTS", f"s3://{s3_server.bucket}/outage")
    async with running_cluster(tmp_path, SampleSet((), samples.suppliers, samples.debtor), ()) as cluster:
        cluster.documents = f"s3://{s3_server.bucket}/outage"
        monkeypatch.setenv("QUITTANCE_S3_ENDPOINT_URL", f"http://127.0.0.1:{link.port}")
        cluster.start_worker(NAME)
        await cluster.ready(NAME)
        monkeypatch.setenv("QUITTANCE_S3_ENDPOINT_URL", s3_server.endpoint_url)  # publishers have their own way
        watch = Watch(cluster.settings)
        watching = asyncio.create_task(watch.run())
        await send(cluster, before.samples)
        await ended(cluster, watch, before)
        await link.cut()
        await send(cluster, meanwhile.samples)
        await ended(cluster, watch, meanwhile)
        for name in meanwhile.document_ids():
            status = watch.seen.statuses[name]
            assert (status.state, status.reasons) == ("held", ("DOCUMENTS-UNAVAILABLE",))
        await cluster.ready(NAME)  # an outage of others stops no stage
        await link.open()
        await send(cluster, after.samples)
        await ended(cluster, watch, after)
        assert f"{THIRD} replayed" in await quittance(cluster, "dead", "replay", "--reason", "DOCUMENTS-UNAVAILABLE")
        await until_complete(watch, samples)
        watching.cancel()
        everything = await read_all(cluster.bootstrap)
        await asyncio.to_thread(cluster.stop)
    await link.close()
    report = verify(everything, set(samples.document_ids()), set(samples.command_ids()))
    # held, and paid after the replay: two ends, for each that was to be paid of those that came meanwhile; else clean
    told = report.anomalies.pop("two ends")
    assert {line.partition(": ")[0] for line in told} <= meanwhile.document_ids()
    assert report.is_clean, report.as_json()


async def send(cluster: Cluster, samples: tuple[Sample, ...]) -> None:
    async with cluster.sending() as one:
        for sample in samples:
            await one(sample)


async def ended(cluster: Cluster, watch: Watch, samples: SampleSet) -> None:
    cluster.samples = samples
    await cluster.until_ended(watch, END_SECONDS)
    assert samples.document_ids() <= watch.seen.statuses.keys()


async def until_complete(watch: Watch, samples: SampleSet) -> None:
    """Every document has the outcome that it deserves."""
    async with asyncio.timeout(END_SECONDS):
        while samples.complaints(watch.seen.outcomes()):  # noqa: ASYNC110 - the topics tell
            await asyncio.sleep(0.3)
