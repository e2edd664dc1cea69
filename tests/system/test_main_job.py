"""Five hundred documents, two workers, six partitions, a real Kafka; calm, with a kill, and with a graceful stop.

Beside them a sealer of the audit log, which is killed on its way each time.

Plain Faust loses events at both of the latter (docs/faust.md).
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.local.samples import load_set
from app.local.watch import Watch
from tests.audit_log.sealers import sealing
from tests.system.cluster import Cluster, running_cluster
from tests.system.sealed import check_documents, check_sealed
from tests.system.verifier import read_all, verify

COUNT = 500
PAUSE_SECONDS = 0.02
END_SECONDS = 120.0

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(600)]


def _nothing(_cluster: Cluster) -> dict[int, Callable[[], None]]:
    return {}


def _kill(cluster: Cluster) -> dict[int, Callable[[], None]]:
    def again() -> None:
        cluster.start_worker("first")

    return {COUNT // 3: lambda: cluster.kill_worker("first"), COUNT // 2: again}


def _terminate(cluster: Cluster) -> dict[int, Callable[[], None]]:
    def stop() -> None:
        assert cluster.stop_worker("first") == 0

    return {COUNT // 3: stop, COUNT // 2: lambda: cluster.start_worker("first")}


@pytest.mark.parametrize(("name", "plan"), [("calm", _nothing), ("kill", _kill), ("terminate", _terminate)])
async def test_each_document_ends_once_and_each_invoice_is_paid_once(
    name: str, plan: Callable[[Cluster], dict[int, Callable[[], None]]], tmp_path: Path
) -> None:
    samples = load_set(COUNT, seed=len(name))
    async with (
        running_cluster(tmp_path, samples, ("first", "second")) as cluster,
        sealing(cluster.bootstrap, tmp_path / "audit") as sealers,
    ):
        watch = Watch(cluster.settings)
        watching = asyncio.create_task(watch.run())
        await cluster.feed(PAUSE_SECONDS, {**plan(cluster), COUNT // 4: sealers.restart})
        await cluster.until_ended(watch, END_SECONDS)
        watching.cancel()
        records = await read_all(cluster.bootstrap)
        await sealers.until_sealed(len(records["audit.entry"]))
        report = verify(records, set(samples.document_ids()), set(samples.command_ids()))
    check_sealed(report, records, tmp_path / "audit/log")
    check_documents(report, records, tmp_path / "documents")
    print(report.as_json())  # noqa: T201 - shown where it fails
    assert report.is_clean, report.as_json()
    assert samples.complaints(watch.seen.outcomes()) == []
