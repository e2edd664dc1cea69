"""`quittance suppliers erase` against a real Kafka: records on topics, documents under keys."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner, Result

from app.audit_log.place import FolderPlace
from app.audit_log.sealing import Sealing, SealingLimits
from app.cli import main
from app.documents import DocumentsConfig, KeyFolder, open_documents
from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.local.samples import Sample
from app.quality.cases import CaseBook
from app.quality.shelf import open_shelf
from app.settings import Settings
from app.snapshot import read_to_end
from app.supplier_data import Claiming
from app.topics import create_topics
from schemas.audit import AuditEntry
from schemas.codec import decode
from schemas.topics import AUDIT_ENTRY
from tests.app.quality.test_enclosing import case
from tests.app.replay.world import World
from tests.app.supplier_data.test_writing import scene
from tests.audit_log.logs import KEY, ORIGIN, opened

pytestmark = [pytest.mark.kafka]


class Installation:
    """Two documents of FR-001 and one of DE-001 on the topics and in the store."""

    def __init__(self, settings: Settings, environment: dict[str, str], world: World, own: list[Sample]) -> None:
        self.settings, self.environment, self.world, self.own = settings, environment, world, own

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environment)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("erasing")
    with Broker(folder / "kafka") as broker:
        environment = {
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "QUITTANCE_DOCUMENTS": f"file://{folder}/documents",
            "QUITTANCE_ERASURE_KEYS": f"file://{folder}/keys",
        }
        settings = Settings(
            kafka_bootstrap_servers=broker.bootstrap_servers,
            documents=environment["QUITTANCE_DOCUMENTS"],
            erasure_keys=environment["QUITTANCE_ERASURE_KEYS"],
        )
        world, own = asyncio.run(scene())
        installation = Installation(settings, environment, world, own)
        assert "create-keys" in installation.run("suppliers", "erase", "FR-001", "--yes").output
        made = installation.run("suppliers", "create-keys")
        assert made.exit_code == 0, made.output
        asyncio.run(_fill(installation, folder))
        yield installation


async def _fill(there: Installation, folder: Path) -> None:
    await create_topics(there.settings)
    async with AIOKafkaProducer(**client_arguments(there.settings)) as producer:
        for read in there.world.reads:
            headers = list(read.headers.items())
            await producer.send(read.topic, read.value, read.key, timestamp_ms=read.timestamp_ms, headers=headers)
    config = DocumentsConfig(location=there.settings.documents, keys=folder / "keys")
    async with open_documents(config) as store:
        for sample in there.world.samples.samples:
            await store.put(sample.content, sample.media_type)


def test_a_supplier_is_erased_and_the_rest_can_be_told(there: Installation) -> None:
    first, second = there.own
    other = next(sample for sample in there.world.samples.samples if sample.supplier_id == "DE-001")
    before = there.run("audit", "explain", first.document_id)
    assert "still lie in the store" in " ".join(before.output.split())

    book = CaseBook(open_shelf(there.settings))
    own, others = (book.add(case(sample.document_id)) for sample in (first, other))
    assert set(book.every()) == {own, others}

    done = there.run("suppliers", "erase", "FR-001", "--yes", "--by", "dpo@example.com")
    assert done.exit_code == 0, done.output
    assert "1 labelled case: unreadable with the documents, or deleted" in done.output
    assert (book.erased(), set(book.every())) == ([own], {others})
    told = there.run("quality", "cases", "show", own)
    assert (told.exit_code, "was erased with its document" in told.output) == (1, True)
    assert f"{own} was erased" in there.run("quality", "cases", "list").output
    assert "2 documents in the store: ciphertext that nobody can read" in done.output
    assert "invoice.validated: 2 records" in done.output
    assert "(the broker's retention and segment)" in done.output
    assert "payment.initiated: 2 records" in done.output

    for sample in (first, second):
        told = there.run("audit", "explain", sample.document_id)
        assert "The bytes were erased" in " ".join(told.output.split()), told.output
        assert told.exit_code == before.exit_code
    assert "still lie in the store" in " ".join(there.run("audit", "explain", other.document_id).output.split())

    again = there.run("suppliers", "erase", "FR-001", "--yes", "--json")
    assert again.exit_code == 0, again.output
    assert len(json.loads(again.output)["documents"]) == 2
    entries = asyncio.run(_erasures(there.settings))
    assert {(entry.actor, entry.outcome) for entry in entries} == {("dpo@example.com", "erased")}
    assert len({entry.entry_id for entry in entries}) == 1


async def test_the_follower_takes_down_whose_a_document_is(there: Installation) -> None:
    folder = Path(str(there.settings.erasure_keys).removeprefix("file://"))
    keys = KeyFolder(folder)
    other = next(sample for sample in there.world.samples.samples if sample.supplier_id == "DE-001")
    digest = other.document_id.removeprefix("sha256:")
    claiming = asyncio.create_task(Claiming(client_arguments(there.settings), keys).run())
    try:
        async with asyncio.timeout(60):
            while digest not in await asyncio.to_thread(lambda: list(keys.documents_of("DE-001"))):  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.05)
    finally:
        claiming.cancel()
        await asyncio.gather(claiming, return_exceptions=True)


def test_the_sealed_log_verifies_with_the_erasure_in_it(there: Installation, tmp_path: Path) -> None:
    erased = there.run("suppliers", "erase", "FR-001", "--yes", "--by", "dpo@example.com")
    assert erased.exit_code == 0, erased.output
    place = FolderPlace(tmp_path / "audit/audit.entry/0")
    sealing = Sealing(opened(place), SealingLimits(30.0), 0)
    values = asyncio.run(_audit_values(there.settings))
    for offset, value in enumerate(values):
        sealing.take(offset, value, 0.0)
    sealing.seal(0.0)
    (tmp_path / "keys.txt").write_text(f"{KEY.named(ORIGIN)}\n")
    told = there.run("audit", "verify", str(tmp_path / "audit"), "--keys", str(tmp_path / "keys.txt"))
    assert told.exit_code == 0, told.output
    assert any(b'"outcome":"erased"' in value for value in values)


def test_an_unknown_supplier_is_one_line(there: Installation) -> None:
    told = there.run("suppliers", "erase", "XX-999", "--yes")
    assert told.exit_code == 1
    assert "nothing is held on a supplier 'XX-999'" in told.output


def test_without_keys_nothing_is_erased_and_that_is_said(there: Installation) -> None:
    environment = {name: value for name, value in there.environment.items() if "KEYS" not in name}
    told = CliRunner().invoke(main, ["suppliers", "erase", "FR-001", "--yes"], env=environment)
    assert told.exit_code == 1
    assert "nothing was erased" in told.output


def test_it_asks_before(there: Installation) -> None:
    told = CliRunner().invoke(main, ["suppliers", "erase", "DE-001"], env=there.environment, input="n\n")
    assert told.exit_code == 1
    assert "for ever" in told.output


async def _audit_values(settings: Settings) -> list[bytes]:
    return [record.value or b"" async for record in read_to_end(settings, AUDIT_ENTRY.name)]


async def _erasures(settings: Settings) -> list[AuditEntry]:
    entries = [decode(record.value, AuditEntry) async for record in read_to_end(settings, AUDIT_ENTRY.name)]
    return [entry for entry in entries if entry.stage == "erasure"]
