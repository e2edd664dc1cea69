"""Cases of what stands on feedback.recorded, releases of what stands on release.changed, on a real Kafka."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner

from app.cli import main
from app.documents import KeyFolder, open_documents
from app.documents.keys import Claim
from app.extraction import documents_config
from app.local.kafka import Broker
from app.release import release_id
from app.settings import Settings
from app.topics import create_topics
from schemas.codec import encode
from schemas.evidence import FieldName
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import document_id
from schemas.release import Bundle, LabelLearned, Learned, ReleaseChanged
from schemas.topics import FEEDBACK_RECORDED, RELEASE_CHANGED
from tests.app.quality.test_loop import PAPERS, paper

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
BUNDLE = Bundle(
    code=release_id(),
    learned=Learned(labels=(LabelLearned(language="de", concept="invoice_number", phrase="Vorgangskennung"),)),
)


@dataclass
class There:
    """An installation: a broker, and a store with one paper."""

    settings: Settings
    environment: dict[str, str]
    document: str

    def run(self, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["quality", *arguments], env=self.environment)
        assert result.exit_code == code, result.output
        return result.output


def correction(document: str, field: FieldName, right: str) -> FeedbackRecorded:
    return FeedbackRecorded(
        document_id=document, tenant="default", field=field, right=right, cause="correction", source="review",
        release=release_id(), recorded_at=NOW, reporter="ada", lane="text",
    )  # fmt: skip


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("quality")
    with Broker(folder / "kafka") as broker:
        environment = {
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "QUITTANCE_DOCUMENTS": f"file://{folder}/documents",
        }
        settings = Settings(
            kafka_bootstrap_servers=broker.bootstrap_servers, documents=environment["QUITTANCE_DOCUMENTS"]
        )
        content = paper(*PAPERS[0])
        asyncio.run(filled(settings, content))
        yield There(settings, environment, document_id(content))


async def filled(settings: Settings, content: bytes) -> None:
    """Store a paper; write corrections of it, one of a paper that is gone, and a record that is none; and a release."""
    await create_topics(settings, partitions=1)
    async with open_documents(documents_config(settings)) as store:
        await store.put(content, "application/pdf")
    name, gone = document_id(content), document_id(b"gone")
    release = ReleaseChanged(
        release_id=BUNDLE.release_id, state="draft", changed_by="ada", changed_at=NOW, bundle=BUNDLE
    )
    records: list[tuple[str, str, bytes | None]] = [
        (FEEDBACK_RECORDED.name, name, encode(correction(name, "invoice_number", "wrong"))),
        (FEEDBACK_RECORDED.name, name, b"{"),
        (FEEDBACK_RECORDED.name, name, encode(correction(name, "invoice_number", PAPERS[0][0]))),
        (FEEDBACK_RECORDED.name, gone, encode(correction(gone, "invoice_number", "1"))),
        (RELEASE_CHANGED.name, "deleted", None),
        (RELEASE_CHANGED.name, release.release_id, encode(release)),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers)
    await producer.start()
    try:
        for topic, key, value in records:
            await producer.send_and_wait(topic, value, key=key.encode())
    finally:
        await producer.stop()


def test_corrections_on_the_topic_become_cases_that_a_release_is_measured_on(there: There) -> None:
    told = there.run("cases", "gather", "--consent", "contract").splitlines()
    assert "cannot be read" in told[0]
    (kept,) = (json.loads(line) for line in there.run("cases", "list", "--jsonl").splitlines())
    assert kept["case_id"] == told[1]
    assert (kept["document_id"], kept["truth"]) == (there.document, {"invoice_number": PAPERS[0][0]})
    there.run("cases", "gather", "--consent", "contract", "--retain-days", "1")
    told_at_last = there.run("regress", "--candidate", BUNDLE.release_id, "--baseline", release_id(), "--jobs", "1")
    assert f"candidate {BUNDLE.release_id}" in told_at_last
    assert "0 documents are read worse, 1 better" in told_at_last


def test_a_release_that_is_nowhere_is_told(there: There) -> None:
    told = there.run("regress", "--candidate", "0.9.9+nowhere", "--baseline", "code", code=1)
    assert "there is no release 0.9.9+nowhere" in told


def test_a_case_goes_with_its_erased_document(tmp_path: Path) -> None:
    environment = {
        "QUITTANCE_DOCUMENTS": f"file://{tmp_path}/documents",
        "QUITTANCE_ERASURE_KEYS": f"file://{tmp_path}/keys",
    }
    there = There(Settings(), environment, "")
    keys = KeyFolder(tmp_path / "keys")
    keys.create()
    file = tmp_path / "a.pdf"
    file.write_bytes(paper(*PAPERS[0]))
    case_id = there.run(
        "cases", "add", str(file), "--truth", "invoice_number=1", "--by", "ada", "--consent", "contract"
    ).strip()
    assert there.run("cases", "expire") == ""
    name = document_id(file.read_bytes()).removeprefix("sha256:")
    assert keys.claim(name, Claim(tenant="default", supplier_id="muster", at=NOW))
    assert keys.destroy("muster", NOW, "ada")
    assert there.run("cases", "expire").strip() == case_id
