"""A cluster as an operator would run it: a broker of its own, worker processes started by the command line."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.kafka import Broker
from app.local.ports import LOOPBACK, free_port
from app.local.processes import Child, start_child
from app.local.samples import Sample, SampleSet, debtor_environment, supplier_csv
from app.local.watch import Watch
from app.publishing import KafkaPublisher
from app.settings import Settings
from app.suppliers import parse_suppliers
from app.topics import create_topics
from schemas.events import DocumentReceived, SupplierChanged
from schemas.topics import DOCUMENT_RECEIVED, SUPPLIER_CHANGED
from tests.local.liveness import ends_within
from tests.system.anomalies import ENDS
from tests.system.processes import catches, in_session

# Guards against a hang, with room for a machine that is several times slower; nothing is measured by them.
READY_SECONDS = 480.0
ANSWER_SECONDS = 30.0
STOP_SECONDS = 120.0
GONE_SECONDS = 30.0
NOT_BEGUN = -1_000
SESSION_TIMEOUT_SECONDS = 6  # the broker's minimum: a killed worker is missed so much sooner
QUIET_SECONDS = 3.0  # after the last end, redelivered events may still be on their way


@dataclass(frozen=True)
class Ended:
    """A worker that ended by itself, and what it said last."""

    name: str
    exit_code: int | None
    said: str

    def __str__(self) -> str:
        return f"{self.name} {self.exit_code}: {self.said}"


class Cluster:
    """Workers by name over one broker; `settings` are those of every process."""

    def __init__(
        self, bootstrap: str, folder: Path, samples: SampleSet, command: tuple[str, ...] = ("-m", "app", "worker")
    ) -> None:
        """`command` is what Python is given to run a worker."""
        self.folder = folder
        self.bootstrap = bootstrap
        self.samples = samples
        self.documents = f"file://{folder}/documents"
        self.routes: dict[str, str] = {}  # bootstrap servers of workers that reach the brokers on a way of their own
        self._command = command
        self._workers: dict[str, tuple[Child, int]] = {}

    @property
    def settings(self) -> Settings:
        return Settings(kafka_bootstrap_servers=self.bootstrap, documents=self.documents)

    def start_worker(self, name: str) -> None:
        port = free_port()
        own = {
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": self.routes.get(name, self.bootstrap),
            "QUITTANCE_DOCUMENTS": self.documents,
            "QUITTANCE_METRICS_PORT": str(port),
            "QUITTANCE_SESSION_TIMEOUT_SECONDS": str(SESSION_TIMEOUT_SECONDS),
            "QUITTANCE_READ_PROCESSES": "1",
            "QUITTANCE_LOG_FORMAT": "text",
            **debtor_environment(self.samples.debtor),
        }
        child = start_child(
            name,
            [sys.executable, *self._command],
            log=self.folder / f"{name}.log",
            environment={**os.environ, **own},
        )
        self._workers[name] = child, port

    def kill_worker(self, name: str) -> None:
        """As `kill -9` of the one process that an operator sees: what it started must die with it."""
        child, _port = self._workers.pop(name)
        started = psutil.Process(child.pid).children(recursive=True)
        os.kill(child.pid, signal.SIGKILL)
        alive = [process for process in started if not ends_within(process.pid, GONE_SECONDS)]
        assert not alive, f"left behind by {name}: {alive}"
        child.stop()

    def stop_worker(self, name: str) -> int | None:
        """SIGTERM, and wait for the end; its exit code. What it started has ended before it.

        NOT_BEGUN for one that the kernel ended before its first line of ours, when nothing of ours can catch a signal.
        """
        child, _port = self._workers.pop(name)
        begun = catches(
            child.pid, signal.SIGTERM
        )  # read before the signal: what begins in between is the stricter case
        os.kill(child.pid, signal.SIGTERM)
        code = child.wait(STOP_SECONDS)
        deadline = time.monotonic() + GONE_SECONDS
        while (left := in_session(child.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        child.stop(timeout_seconds=0.0)
        assert not left, f"left behind by {name}: {left}"
        return NOT_BEGUN if code == -signal.SIGTERM and not begun else code

    def pause_worker(self, name: str) -> None:
        """SIGSTOP it and all that it started, as a machine does that swaps or is migrated."""
        for process in self._family(name):
            process.suspend()

    def resume_worker(self, name: str) -> None:
        for process in self._family(name):
            process.resume()

    def port(self, name: str) -> int:
        """Where the worker answers."""
        return self._workers[name][1]

    def begun(self, name: str) -> bool:
        """Whether the worker has come to its first line: from there on, SIGTERM is its own affair."""
        return catches(self._workers[name][0].pid, signal.SIGTERM)

    @property
    def workers(self) -> list[str]:
        """The names of the workers that were started and not ended by us."""
        return sorted(self._workers)

    def bury_ended(self) -> list[Ended]:
        """Take away the workers that ended by themselves; whoever runs them would start them again."""
        ended = [(name, child) for name, (child, _port) in self._workers.items() if child.exit_code is not None]
        for name, child in ended:
            del self._workers[name]
            child.stop()
        return [Ended(name, child.exit_code, self._last_words(name)) for name, child in ended]

    def _last_words(self, name: str) -> str:
        lines = (self.folder / f"{name}.log").read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if " CRITICAL " in line), lines[-1] if lines else "")

    def _family(self, name: str) -> list[psutil.Process]:
        leader = psutil.Process(self._workers[name][0].pid)
        return [leader, *leader.children(recursive=True)]

    async def ready(self, name: str) -> None:
        child, port = self._workers[name]
        deadline = time.monotonic() + READY_SECONDS
        said = "nothing"
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as client:
            while time.monotonic() < deadline:
                assert child.exit_code is None, (self.folder / f"{name}.log").read_text()[-3000:]
                try:
                    answer = await client.get(f"http://{LOOPBACK}:{port}/readyz")
                except httpx.HTTPError as error:
                    said = repr(error)
                else:
                    if answer.is_success:
                        return
                    said = answer.text
                await asyncio.sleep(0.2)
        raise AssertionError(f"{name} says {said}\n{(self.folder / f'{name}.log').read_text()[-3000:]}")

    def stop(self) -> None:
        """End all at once: what is to be seen of a graceful stop, `stop_worker` shows."""
        for child, _port in self._workers.values():
            child.stop(timeout_seconds=0.0)
        self._workers.clear()

    async def import_suppliers(self) -> None:
        content = supplier_csv(self.samples.suppliers).encode()
        async with KafkaPublisher(self.settings, source="test") as publisher:
            for supplier in parse_suppliers(content, verified_by="test", verified_at=clock.now()):
                event = SupplierChanged(supplier=supplier, changed_by="test", changed_at=clock.now())
                await publisher.publish(SUPPLIER_CHANGED, event, key=supplier.supplier_id)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[Callable[[Sample], Awaitable[None]]]:
        """What a publisher does with a document: store its bytes, and say that they are there."""
        async with (
            KafkaPublisher(self.settings, source="test") as publisher,
            open_documents(documents_config(self.settings)) as store,
        ):

            async def send(sample: Sample) -> None:
                reference = await store.put(sample.content, sample.media_type)
                event = DocumentReceived(
                    document_id=sample.document_id,
                    reference=str(reference),
                    media_type=sample.media_type,
                    received_at=clock.now(),
                )
                await publisher.publish(DOCUMENT_RECEIVED, event)

            yield send

    async def feed(self, pause_seconds: float, at: dict[int, Callable[[], None]] | None = None) -> None:
        """Publish every sample; before the n-th, do what `at` says."""
        async with self.sending() as send:
            for number, sample in enumerate(self.samples.samples):
                if at and number in at:
                    await asyncio.to_thread(at[number])
                await send(sample)
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
    """A cluster over a broker of its own, whose workers are ready and know the suppliers."""
    with Broker(folder / "kafka") as broker:
        cluster = Cluster(broker.bootstrap_servers, folder, samples)
        async with working(cluster, workers):
            yield cluster


@asynccontextmanager
async def working(cluster: Cluster, workers: tuple[str, ...]) -> AsyncIterator[None]:
    """Topics, suppliers, and workers that are ready; all are ended afterwards."""
    await create_topics(cluster.settings)
    await cluster.import_suppliers()
    try:
        for name in workers:
            cluster.start_worker(name)
        for name in workers:
            await cluster.ready(name)
        yield
    finally:
        await asyncio.to_thread(cluster.stop)
