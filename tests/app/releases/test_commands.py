"""`quittance quality risk` and `quittance quality replay` over a real Kafka and a real folder of documents."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from click.testing import CliRunner, Result

from agents.decision.decision import AUDIT_SAMPLE
from app import clock
from app.cli import main
from app.cli_suppliers import import_suppliers
from app.documents import open_documents
from app.extraction import READER, SandboxedReader, documents_config
from app.kafka_client import client_arguments
from app.local.samples import debtor_environment, demo_set, supplier_csv
from app.publishing import KafkaPublisher
from app.readmodel.database import open_database
from app.readmodel.store import ProjectionStore
from app.readmodel.tables import lesson
from app.release import release_id
from app.releases.desk import Desk
from app.releases.following import FollowedBook
from app.rules import OfficialRules
from app.sandbox import Sandbox
from schemas.audit import AuditEntry
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.evidence import ExtractedInvoice
from schemas.identifiers import document_id
from schemas.release import Bundle, Learned, ReleaseChanged
from schemas.topics import AUDIT_ENTRY, INVOICE_EXTRACTED, TOPICS
from tests.app.releases.houses import House
from tests.app.releases.test_reviewed import learned
from tests.app.releases.world import HELD_ALL

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


async def quittance(house: House, *arguments: str, **more: str) -> Result:
    """Run a command as a person does, in its own thread and with its own loop."""
    environment = {
        "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": house.settings.kafka_bootstrap_servers,
        "QUITTANCE_DOCUMENTS": house.settings.documents,
        "QUITTANCE_DATABASE_URL": "sqlite:////nowhere/read.db",
        **debtor_environment(demo_set().debtor),
        **more,
    }
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)


async def read_once(house: House) -> list[str]:
    """Read three samples as the running code does, and leave them on the topic; return their ids."""
    samples = demo_set().samples[:3]
    await import_suppliers(house.settings, supplier_csv(demo_set().suppliers).encode(), "test")
    async with (
        open_documents(documents_config(house.settings)) as store,
        Sandbox(READER, 1) as sandbox,
        OfficialRules() as rules,
    ):
        reader = SandboxedReader(sandbox, rules)
        for sample in samples:
            reference = str(await store.put(sample.content, sample.media_type))
            received = DocumentReceived(document_id=sample.document_id, reference=reference)
            extracted = await reader.read(sample.content, Learned())
            assert isinstance(extracted, ExtractedInvoice)
            event = InvoiceExtracted(
                received=received, extracted=extracted, release=release_id(), event_time=clock.now()
            )
            await house.write(INVOICE_EXTRACTED, event, sample.document_id)
    return [sample.document_id for sample in samples]


async def drafted(house: House, bundle: Bundle) -> str:
    book = FollowedBook(house.settings)
    book.follower.start()
    try:
        async with KafkaPublisher(house.settings, source="test") as publisher:
            outcome = await Desk(book, publisher).draft(bundle, "ada", clock.now())
    finally:
        await book.follower.stop()
    assert isinstance(outcome, ReleaseChanged)
    return outcome.release_id


async def test_the_past_under_a_draft_that_holds_everything(house: House) -> None:
    started = clock.now() - timedelta(seconds=1)
    names = await read_once(house)
    release = await drafted(house, Bundle(code=release_id(), policy=HELD_ALL))
    before = {topic.name: len(await house.read(topic)) for topic in TOPICS}
    span = ("--from", started.isoformat(), "--to", (clock.now() + timedelta(minutes=1)).isoformat())
    result = await quittance(house, "quality", "replay", "--release", release, *span, "--jobs", "1", "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    assert found["documents"] == len(names)
    approved = [each for each in found["differing"] if each["other"]["outcome"] == "approve"]
    assert approved, "a sample of the demo is approved by the code alone"
    assert {each["own"]["outcome"] for each in approved} == {"hold"}
    assert found["reasons"]["+LANE-REVIEW"] >= len(approved)
    assert found["fields"] == {}, "the same code reads the same values"
    assert {topic.name: len(await house.read(topic)) for topic in TOPICS} == before
    told = await quittance(house, "quality", "replay", "--release", release, *span, "--jobs", "1")
    assert "approve -> hold" in told.output
    nothing = await quittance(
        house, "quality", "replay", "--release", release_id(), "--from", "2020-01-01", "--to", "2020-01-02", "--json"
    )
    assert json.loads(nothing.output)["documents"] == 0


async def cut(house: House, topic: str) -> None:
    """Delete what stands on a topic, as its retention does."""
    admin = AIOKafkaAdminClient(**client_arguments(house.settings))
    await admin.start()
    try:
        consumer = AIOKafkaConsumer(topic, **client_arguments(house.settings))
        await consumer.start()
        try:
            places = [TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic) or ()]
            ends = await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        await admin.delete_records({place: RecordsToDelete(before_offset=end) for place, end in ends.items()})
    finally:
        await admin.close()


async def test_what_the_topic_has_forgotten_is_found_by_the_audit_log(house: House) -> None:
    started = clock.now() - timedelta(seconds=1)
    names = await read_once(house)
    for number, name in enumerate(names):
        entry = AuditEntry(
            entry_id=f"{house.code}-{number}",
            tenant="default",
            stage="extraction",
            document_id=name,
            read=(),
            outcome="extracted",
            actor="stage:extraction",
            release=release_id(),
            correlation_id="c",
            event_time=clock.now(),
        )
        await house.write(AUDIT_ENTRY, entry, "default")
    release = await drafted(house, Bundle(code=release_id(), policy=HELD_ALL))
    ended = clock.now() + timedelta(minutes=1)
    span = ("--from", started.isoformat(), "--to", ended.isoformat())
    arguments = ("quality", "replay", "--release", release, *span, "--jobs", "1")
    known = json.loads((await quittance(house, *arguments, "--json")).output)
    await cut(house, INVOICE_EXTRACTED.name)
    result = await quittance(house, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    assert (known["read_again"], found["read_again"]) == (0, len(names))
    assert (found["documents"], found["outcomes"]) == (known["documents"], known["outcomes"])
    assert [each["document_id"] for each in found["differing"]] == [each["document_id"] for each in known["differing"]]
    assert f"{len(names)} of them by the audit log" in (await quittance(house, *arguments)).output
    await cut(house, AUDIT_ENTRY.name)
    gone = await quittance(house, *arguments)
    assert (gone.exit_code, gone.output.count("\n")) == (1, 1)
    assert f"give {clock.now():%Y-%m-%d}T" in gone.output


async def test_what_cannot_be_replayed_is_one_line(house: House) -> None:
    span = ("--from", "2026-11-01", "--to", "2026-11-02")
    unknown = await quittance(house, "quality", "replay", "--release", "0.0.9+nobody", *span)
    assert unknown.exit_code == 1
    assert "no release for this code" in unknown.output
    wrong = await quittance(house, "quality", "replay", "--release", "r", "--from", "yesterday", "--to", "2026-11-02")
    assert wrong.exit_code == 2


async def test_the_read_model_remembers_what_persons_found_before(house: House, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/read.db"
    engine = open_database(database)
    await ProjectionStore(engine).create()
    async with engine.begin() as connection:
        for number in range(4):
            told = learned(
                "rejection" if number == 0 else "approval", AUDIT_SAMPLE, document=document_id(bytes([number]))
            )
            row = {"document_id": told.document_id, "recorded_at": "2026-06-01", "body": told.model_dump_json()}
            await connection.execute(lesson.insert().values(tenant="default", feedback_id=told.feedback_id, **row))
    await engine.dispose()
    result = await quittance(house, "quality", "risk", "--json", QUITTANCE_DATABASE_URL=database)
    assert result.exit_code == 0, result.output
    (found,) = [json.loads(line) for line in result.output.splitlines()]
    assert (found["release"], found["lane"], found["reviewed"], found["false"]) == ("r1", "text", 4, 1)
    assert found["confidence_min"] is None


async def test_where_nobody_has_looked_nothing_is_bounded(house: House, tmp_path: Path) -> None:
    told = await quittance(house, "quality", "risk")
    assert told.exit_code == 0, told.output
    assert "nobody has looked" in told.output
    file = tmp_path / "bundle.json"
    written = await quittance(house, "quality", "risk", "--release", release_id(), "--draft", str(file))
    assert written.exit_code == 0, written.output
    assert json.loads(file.read_text())["confidence_min"] == {}
    assert (await quittance(house, "quality", "risk", "--draft", str(file))).exit_code == 2
