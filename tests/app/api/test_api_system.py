"""`quittance api` as a process, over real HTTP and a real Kafka, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from app.api.keys import digest_of
from app.cli_payments import read_payments
from app.cli_suppliers import read_suppliers
from app.local.ports import free_port
from app.publishing import KafkaPublisher
from app.readmodel.database import open_database
from app.readmodel.fingerprint import fingerprint
from app.settings import Settings
from app.topics import create_topics
from schemas import topics
from schemas.codec import decode
from schemas.events import DocumentReceived
from schemas.identifiers import document_id
from tests.app.api.test_api_suppliers import CSV
from tests.app.readmodel.events import initiated, payment_status, status
from tests.app.readmodel.test_projector import projecting

pytestmark = [pytest.mark.kafka, pytest.mark.system]

READY_SECONDS = 60.0
KEY = "inv_live_test"


class Api:
    """One API process; its database and documents outlive it."""

    def __init__(self, folder: Path, bootstrap: str) -> None:
        self.database_url = f"sqlite:///{folder}/read.db"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environment = {
            **os.environ,
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "QUITTANCE_DATABASE_URL": self.database_url,
            "QUITTANCE_DOCUMENTS": f"file://{folder}/documents",
            "QUITTANCE_API_PORT": self.url.rpartition(":")[2],
            "QUITTANCE_API_KEYS": f"ann:submitter+reviewer+approver+auditor+operator:{digest_of(KEY)}",
            "QUITTANCE_API_URL": self.url,
            "QUITTANCE_API_KEY": KEY,
        }
        self.log = folder / "api.log"

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the process until the block ends; it is ready when the block begins."""
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", "app", "api"], env=self.environment, stderr=log)
        try:
            self._await_ready(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def _await_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log.read_text()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"not ready: {httpx.get(f'{self.url}/readyz', timeout=5).text}\n{self.log.read_text()}")

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"X-API-Key": KEY}, timeout=40)

    def quittance(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "app", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
async def settings(kafka_bootstrap: str) -> Settings:
    chosen = Settings(kafka_bootstrap_servers=kafka_bootstrap)
    await create_topics(chosen)
    return chosen


@pytest.fixture
def api(tmp_path: Path, kafka_bootstrap: str) -> Api:
    return Api(tmp_path, kafka_bootstrap)


async def received_events(bootstrap: str, identifier: str) -> list[DocumentReceived]:
    found = []
    consumer = AIOKafkaConsumer("document.received", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    ends = await consumer.end_offsets(consumer.assignment())
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            found += [decode(record.value, DocumentReceived) for record in records if record.key == identifier.encode()]
    await consumer.stop()
    return found


async def test_a_document_goes_in_over_http_and_its_state_comes_out(
    settings: Settings, api: Api, kafka_bootstrap: str, tmp_path: Path
) -> None:
    content = str(tmp_path).encode()
    identifier = document_id(content)
    with api.running() as process:
        async with api.client() as client, KafkaPublisher(settings, source="test") as publisher:
            answer = await client.post("/v1/documents", files={"file": ("one.pdf", content, "application/pdf")})
            assert answer.status_code == 202, answer.text
            assert (await client.get(answer.headers["location"])).json()["state"] == "received"
            (event,) = await received_events(kafka_bootstrap, identifier)
            assert (event.submitted_by, event.tenant) == ("ann", "default")
            assert (await client.get(f"{answer.headers['location']}/content")).content == content
            await publisher.publish(topics.DOCUMENT_STATUS, status("held", identifier, reasons=("ACCOUNT-NEW",)))
            waited = await client.post(
                "/v1/documents", files={"file": ("again.pdf", content)}, headers={"Prefer": "wait=20"}
            )
            assert (waited.status_code, waited.json()["reasons"]) == (200, ["ACCOUNT-NEW"])
            assert len(await received_events(kafka_bootstrap, identifier)) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert KEY not in api.log.read_text()


async def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(
    settings: Settings, api: Api, kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with KafkaPublisher(settings, source="test") as publisher:
        for life in range(4):
            with api.running() as process:
                for number in range(150):
                    identifier = document_id(f"{tmp_path}{number % 30}".encode())
                    await publisher.publish(topics.DOCUMENT_STATUS, status("extracted", identifier, release=f"{life}"))
                    if number == 100 + 13 * life:
                        process.kill()
    with api.running():
        pass
    database = open_database(api.database_url)
    rebuilt = open_database(f"sqlite:///{tmp_path}/rebuilt.db")
    async with projecting(rebuilt, kafka_bootstrap):
        assert await fingerprint(database) == await fingerprint(rebuilt)
    await database.dispose()
    await rebuilt.dispose()


async def test_the_command_line_submits_and_tells(settings: Settings, api: Api, tmp_path: Path) -> None:
    good, missing = tmp_path / "one.xml", tmp_path / "none.xml"
    good.write_bytes(str(tmp_path).encode())
    identifier = document_id(good.read_bytes())
    with api.running():
        done = api.quittance("submit", str(good), str(missing), "--source", "cli")
        assert done.returncode == 1
        assert done.stdout.split() == ["received", identifier, str(good)]
        assert done.stderr.startswith(f"quittance: {missing}: ")
        assert done.stderr.count("\n") == 1
        told = api.quittance("status", identifier, "--jsonl")
        assert (told.returncode, f'"document_id": "{identifier}"' in told.stdout) == (0, True)
        unknown = api.quittance("status", document_id(b"never"))
        assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
        stranger = api.quittance("status", identifier, "--api-key", "inv_live_wrong")
        assert stranger.returncode == 1
        assert "inv_live_" not in stranger.stderr
    away = api.quittance("status", identifier)
    assert (away.returncode, away.stderr.count("\n")) == (1, 1)


async def test_suppliers_and_payments_are_told_without_the_api(settings: Settings, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "suppliers.csv"
    file.write_text(CSV, encoding="utf-8")
    imported = api.quittance("suppliers", "import", str(file), "--imported-by", "carl")
    assert (imported.returncode, imported.stdout) == (0, "2 suppliers imported\n"), imported.stderr
    known = {supplier.supplier_id: supplier for supplier in await read_suppliers(settings)}
    assert {account.verified_by for account in known["acme"].accounts} == {"carl"}
    shown = api.quittance("suppliers", "show", "--csv")
    assert "acme,default,Acme SARL" in shown.stdout
    file.write_text(CSV.replace("FR76 3000", "FR76 3001"), encoding="utf-8")
    refused = api.quittance("suppliers", "import", str(file))
    assert (refused.returncode, "line 2: accounts" in refused.stderr) == (1, True)
    async with KafkaPublisher(settings, source="test") as publisher:
        await publisher.publish(topics.PAYMENT_INITIATED, initiated())
        await publisher.publish(topics.PAYMENT_STATUS, payment_status("ACSC"))
    (listed,) = [one for one in await read_payments(settings) if one.command.command_id == initiated().command_id]
    assert listed.state in {"settled", "payment_initiated"}
    printed = api.quittance("payments", "list")
    assert initiated().command_id in printed.stdout


def test_a_setting_that_cannot_be_used_is_one_line(api: Api) -> None:
    for name, value in {"DATABASE_URL": "mysql://x", "API_KEYS": "ann:king:0", "DOCUMENTS": "ftp://x"}.items():
        environment = {**api.environment, f"QUITTANCE_{name}": value}
        command = [sys.executable, "-m", "app", "api"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
