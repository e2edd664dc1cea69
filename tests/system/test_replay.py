"""Five hundred decisions of a running stack, replayed byte for byte from a real Kafka; and one forged record, named.

The stories of the same documents are told from the same records: none has anything that it cannot explain.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app import clock
from app.cli import main
from app.dossier import Dossier, Exhibit, Index, read_everything
from app.local.samples import SampleSet, load_set
from app.local.watch import Watch
from app.readmodel.record import Read
from app.release import release_id
from app.replay import Readers, Replay, replay
from app.replay.readers import open_readers
from app.settings import Settings
from app.story import tell
from schemas.payment import Debtor
from schemas.topics import PAYMENT_DECIDED, PAYMENT_INITIATED
from tests.app.supplier_data.test_writing import is_whole
from tests.local.samples.chain import debtor_of
from tests.system.anomalies import ENDS
from tests.system.cluster import Cluster, running_cluster

COUNT = 500
PAUSE_SECONDS = 0.01
END_SECONDS = 240.0
READ_PROCESSES = 2
# Documents replayed side by side: enough to keep both readers busy.
AT_ONCE = 4

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]


class Recorded:
    """Everything that stood on the topics in the end."""

    def __init__(self, samples: SampleSet, index: Index, suppliers: tuple[Exhibit, ...]) -> None:
        self.samples = samples
        self.suppliers = suppliers
        self.debtors: dict[str, Debtor] = {"default": debtor_of(samples.debtor)}
        self._index = index

    def dossier(self, document: str) -> Dossier:
        return Dossier.of(document, self._index, self.suppliers)

    async def replayed(self, dossier: Dossier, readers: Readers) -> Replay:
        return await replay(dossier, readers, self.debtors, running=release_id())

    async def all_replayed(self, readers: Readers) -> list[Replay]:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(document: str) -> Replay:
            async with turns:
                return await self.replayed(self.dossier(document), readers)

        return await asyncio.gather(*map(one, sorted(self.samples.document_ids())))


async def test_five_hundred_decisions_come_out_byte_for_byte(tmp_path: Path) -> None:
    samples = load_set(COUNT, seed=6)
    async with running_cluster(tmp_path, samples, ("first", "second")) as cluster:
        await decided(cluster)
        recorded = Recorded(samples, *await read_everything(cluster.settings))
        async with open_readers(cluster.settings, READ_PROCESSES) as readers:
            found = await recorded.all_replayed(readers)
            await a_forged_record_is_named(recorded, readers)
        await asyncio.to_thread(the_command_line_says_the_same, cluster.settings, recorded)
        await asyncio.to_thread(a_supplier_is_exported, cluster.settings, recorded, tmp_path / "export")
    unequal = [(each.document_id, each.gaps, each.differences) for each in found if not each.is_equal]
    assert unequal == []
    steps = Counter(step.stage for each in found for step in each.steps)
    records = sum(step.records_equal for each in found for step in each.steps)
    print(f"{len(found)} documents, {dict(steps)}, {records} records byte for byte")  # noqa: T201 - for the record
    assert steps["decision"] >= COUNT
    every_story_is_explained(recorded)


async def decided(cluster: Cluster) -> None:
    """Publish all documents and wait until each has come to its end."""
    watch = Watch(cluster.settings)
    watching = asyncio.create_task(watch.run())
    await cluster.feed(PAUSE_SECONDS)
    await cluster.until_ended(watch, END_SECONDS)
    watching.cancel()
    ended = {document for document, status in watch.seen.statuses.items() if status.state in ENDS}
    assert ended >= cluster.samples.document_ids()


async def a_forged_record_is_named(recorded: Recorded, readers: Readers) -> None:
    """Somebody with write access to the topic has raised one sum by a cent after the decision was made."""
    sample = next(sample for sample in recorded.samples.samples if sample.command_id)
    dossier = recorded.dossier(sample.document_id)
    forged = with_forged(dossier, PAYMENT_DECIDED.name, raise_by_a_cent)
    found = await recorded.replayed(forged, readers)
    assert not found.is_equal
    (difference,) = found.differences
    assert difference.member == "decision.payment.instructed_amount.value"
    assert json.loads(difference.replayed) == json.loads(difference.recorded)[:-1] + json.loads(difference.replayed)[-1]
    told = tell(forged, now=clock.now(), running=release_id())
    assert any("No entry explains the record at payment.decided" in alarm.text for alarm in told.alarms)


def raise_by_a_cent(tree: Any) -> None:
    amount = tree["decision"]["payment"]["instructed_amount"]
    amount["value"] = amount["value"][:-1] + str((int(amount["value"][-1]) + 1) % 10)


def with_forged(dossier: Dossier, topic: str, change: Callable[[Any], None]) -> Dossier:
    def one(read: Read) -> Read:
        tree = json.loads(read.value or b"")
        change(tree)
        return changed(read, value=json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())

    reads = [each.read for each in (*dossier.exhibits, *(entry.exhibit for entry in dossier.testimonies))]
    reads = [one(read) if read.topic == topic else read for read in reads]
    return Dossier.from_reads(dossier.document_id, reads, dossier.suppliers)


def every_story_is_explained(recorded: Recorded) -> None:
    for document in sorted(recorded.samples.document_ids()):
        told = tell(recorded.dossier(document), now=clock.now(), running=release_id())
        assert told.alarms == (), document


def the_command_line_says_the_same(settings: Settings, recorded: Recorded) -> None:
    sample = next(sample for sample in recorded.samples.samples if sample.command_id)
    environment, runner = environment_of(settings), CliRunner()
    for named in (sample.document_id, str(sample.command_id)):
        told = runner.invoke(main, ["audit", "explain", named, "--proof"], env=environment)
        assert told.exit_code == 0, told.output
        assert "The bytes still lie in the store" in " ".join(told.output.split())
        assert str(sample.truth["payment_account_identifier"]) not in told.output
    replayed = runner.invoke(main, ["audit", "replay", sample.document_id], env=environment)
    assert replayed.exit_code == 0, replayed.output
    assert "All 6 steps give the same bytes again" in replayed.output
    unknown = runner.invoke(main, ["audit", "explain", "sha256:" + "0" * 64], env=environment)
    assert unknown.exit_code == 1
    assert "Traceback" not in unknown.output


def a_supplier_is_exported(settings: Settings, recorded: Recorded, folder: Path) -> None:
    """Every document of one supplier is in the export, with its bytes."""
    supplier_id = next(str(sample.supplier_id) for sample in recorded.samples.samples if sample.command_id)
    own = {sample.document_id for sample in recorded.samples.samples if sample.supplier_id == supplier_id}
    arguments = ["suppliers", "export-data", supplier_id, str(folder)]
    exported = CliRunner().invoke(main, arguments, env=environment_of(settings))
    assert exported.exit_code == 0, exported.output
    assert is_whole(folder)
    assert {f"sha256:{path.name}" for path in (folder / "documents").iterdir()} >= own
    commands = {path.read_bytes() for path in (folder / "records" / PAYMENT_INITIATED.name).iterdir()}
    assert all(json.loads(command)["supplier_id"] == supplier_id for command in commands)
    assert len(commands) == len(
        {s.command_id for s in recorded.samples.samples if s.supplier_id == supplier_id} - {None}
    )


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "QUITTANCE_DOCUMENTS": settings.documents,
    }
