"""A cluster as an operator would run it: a broker of its own, worker processes started by the command line."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil

from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.kafka import Broker
from app.local.ports import LOOPBACK, free_port
from app.local.processes import Child, start_child
from app.local.samples import SampleSet, debtor_environment, supplier_csv
from app.local.watch import Watch
from app.publishing import KafkaPublisher
from app.settings import Settings
from app.suppliers import parse_suppliers
from app.topics import create_topics
from schemas.events import DocumentReceived, SupplierChanged
from schemas.topics import DOCUMENT_RECEIVED, SUPPLIER_CHANGED
from tests.system.verifier import ENDS

READY_SECONDS = 60.0
SESSION_TIMEOUT_SECONDS = 6  # the broker's minimum: a killed worker is missed so much sooner
GONE_SECONDS = 5.0
QUIET_SECONDS = 3.0  # after the last end, redelivered events may still be on their way


class Cluster:
    """Workers by name over one broker; `settings` are those of every process."""

    def __init__(self, broker: Broker, folder: Path, samples: SampleSet) -> None:
        self.folder = folder
        self.bootstrap = broker.bootstrap_servers
        self.samples = samples
        self.documents = f"file://{folder}/documents"
        self._workers: dict[str, tuple[Child, int]] = {}

    @property
    def settings(self) -> Settings:
        return Settings(kafka_bootstrap_servers=self.bootstrap, documents=self.documents)

    def start_worker(self, name: str) -> None:
        port = free_port()
        own = {
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "QUITTANCE_DOCUMENTS": self.documents,
            "QUITTANCE_METRICS_PORT": str(port),
            "QUITTANCE_SESSION_TIMEOUT_SECONDS": str(SESSION_TIMEOUT_SECONDS),
            "QUITTANCE_READ_PROCESSES": "1",
            "QUITTANCE_LOG_FORMAT": "text",
            **debtor_environment(self.samples.debtor),
        }
        child = start_child(
            name,
            [sys.executable, "-m", "app", "worker"],
            log=self.folder / f"{name}.log",
            environment={**os.environ, **own},
        )
        self._workers[name] = child, port

    def kill_worker(self, name: str) -> None:
        """As `kill -9` of the one process that an operator sees: what it started must die with it."""
        child, _port = self._workers.pop(name)
        started = psutil.Process(child.pid).children(recursive=True)
        os.kill(child.pid, signal.SIGKILL)
        _gone, alive = psutil.wait_procs(started, timeout=GONE_SECONDS)
        assert not alive, f"left behind by {name}: {alive}"
        child.stop()

    def stop_worker(self, name: str) -> int | None:
        """SIGTERM, and wait for the end; its exit code."""
        child, _port = self._workers.pop(name)
        return child.stop(timeout_seconds=60.0)

    async def ready(self, name: str) -> None:
        child, port = self._workers[name]
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            assert child.exit_code is None, (self.folder / f"{name}.log").read_text()[-3000:]
            try:
                async with httpx.AsyncClient() as client:
                    if (await client.get(f"http://{LOOPBACK}:{port}/readyz", timeout=2.0)).is_success:
                        return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
        raise AssertionError((self.folder / f"{name}.log").read_text()[-3000:])

    def stop(self) -> None:
        for child, _port in self._workers.values():
            child.stop()
        self._workers.clear()

    async def import_suppliers(self) -> None:
        content = supplier_csv(self.samples.suppliers).encode()
        async with KafkaPublisher(self.settings, source="test") as publisher:
            for supplier in parse_suppliers(content, verified_by="test", verified_at=clock.now()):
                event = SupplierChanged(supplier=supplier, changed_by="test", changed_at=clock.now())
                await publisher.publish(SUPPLIER_CHANGED, event, key=supplier.supplier_id)

    async def feed(self, pause_seconds: float, at: dict[int, Callable[[], None]] | None = None) -> None:
        """Publish every sample; before the n-th, do what `at` says."""
        async with (
            KafkaPublisher(self.settings, source="test") as publisher,
            open_documents(documents_config(self.settings)) as store,
        ):
            for number, sample in enumerate(self.samples.samples):
                if at and number in at:
                    await asyncio.to_thread(at[number])
                reference = await store.put(sample.content, sample.media_type)
                event = DocumentReceived(
                    document_id=sample.document_id,
                    reference=str(reference),
                    media_type=sample.media_type,
                    received_at=clock.now(),
                )
                await publisher.publish(DOCUMENT_RECEIVED, event)
                await asyncio.sleep(pause_seconds)

    async def until_ended(self, watch: Watch, timeout_seconds: float) -> None:
        """Wait until every document has come to an end and nothing moves any more, or the time is over."""
        documents = self.samples.document_ids()
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            ended = [status.state in ENDS for name, status in watch.seen.statuses.items() if name in documents]
            if sum(ended) == len(documents):
                await asyncio.sleep(QUIET_SECONDS)
                return
            await asyncio.sleep(0.3)


@asynccontextmanager
async def running_cluster(folder: Path, samples: SampleSet, workers: tuple[str, ...]) -> AsyncIterator[Cluster]:
    """A cluster whose workers are ready and know the suppliers."""
    with Broker(folder / "kafka") as broker:
        cluster = Cluster(broker, folder, samples)
        await create_topics(cluster.settings)
        await cluster.import_suppliers()
        try:
            for name in workers:
                cluster.start_worker(name)
            for name in workers:
                await cluster.ready(name)
            yield cluster
        finally:
            cluster.stop()
