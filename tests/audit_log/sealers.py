"""Sealer processes over a broker of their own, as an operator runs them, and what is on the topic and in the log."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.audit_log.keys import SealingKey, known_keys, log_name, own_keys
from app.audit_log.offline.note import Checkpoint, Note
from app.audit_log.offline.segment import Parts, record_of, segment_name
from app.audit_log.offline.verdict import Verdict
from app.audit_log.offline.walk import Walk
from app.audit_log.place import FolderPlace
from app.local.ports import LOOPBACK, free_port
from app.local.processes import Child, start_child
from app.settings import Settings
from schemas.topics import AUDIT_ENTRY, DEFAULT_PARTITIONS
from tests.audit_log.logs import KEY

# Guards against a hang; nothing is measured by them.
WAIT_SECONDS = 240.0
ASK_SECONDS = 0.05


def write_key(path: Path, key: SealingKey = KEY) -> Path:
    path.write_bytes(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


class Sealers:
    """Sealers by name, all for the same logs in `folder`."""

    def __init__(self, bootstrap: str, folder: Path, seal_seconds: float = 0.2) -> None:
        self.folder = folder
        self._children: dict[str, Child] = {}
        self._ports: dict[str, int] = {}
        self.settings = Settings(
            kafka_bootstrap_servers=bootstrap,
            audit=f"file://{folder}/log",
            audit_checkpoints=f"file://{folder}/second",
            audit_key_file=write_key(folder / "audit.pem"),
            audit_seal_seconds=seal_seconds,
            session_timeout_seconds=6,
        )

    def start(self, name: str) -> None:
        port = self._ports[name] = free_port()
        own = {
            f"QUITTANCE_{field.upper()}": str(getattr(self.settings, field)) for field in self.settings.model_fields_set
        }
        own |= {"QUITTANCE_METRICS_PORT": str(port), "QUITTANCE_LOG_FORMAT": "text"}
        self._children[name] = start_child(
            name,
            [sys.executable, "-m", "app", "worker", "--role", "sealer"],
            log=self.folder / f"{name}.log",
            environment={**os.environ, **own},
        )

    def kill(self, name: str) -> None:
        os.kill(self._children[name].pid, signal.SIGKILL)
        self._children.pop(name).stop()

    def signal(self, name: str, number: signal.Signals) -> None:
        self._children[name].signal(number)

    def stop(self, name: str) -> int | None:
        return self._children.pop(name).stop()

    def end(self) -> None:
        for name in list(self._children):
            self.signal(name, signal.SIGCONT)
            self._children.pop(name).stop(timeout_seconds=0.0)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    async def answers(self, name: str, path: str, expected: Callable[[httpx.Response], bool]) -> httpx.Response:
        """Ask a sealer until it answers as expected."""
        async with httpx.AsyncClient() as client, asyncio.timeout(WAIT_SECONDS):
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get(f"http://{LOOPBACK}:{self._ports[name]}/{path}")
                    if expected(answer):
                        return answer
                await asyncio.sleep(ASK_SECONDS)

    def place(self, partition: int = 0) -> FolderPlace:
        return FolderPlace(self.folder / "log" / log_name(partition))

    def sealed(self, partition: int = 0) -> list[tuple[int, bytes]]:
        """Offset and value of all that is in a log, in its order."""
        place = self.place(partition)
        last = place.last("segments")
        contents = [place.read(segment_name(number)) for number in range(0 if last is None else last + 1)]
        return [record_of(leaf) for content in contents for leaf in Parts.of(content or b"").leaves]

    def size(self, partition: int = 0) -> int:
        """How many entries are in a log, by its last checkpoint."""
        place = self.place(partition)
        last = place.last("segments")
        content = None if last is None else place.read(segment_name(last))
        return 0 if content is None else Checkpoint.parse(Note.parse(Parts.of(content).note).text).size

    def verdict(self, partition: int = 0) -> Verdict:
        second = FolderPlace(self.folder / "second" / log_name(partition))
        keys = (*own_keys(self.settings, partition + 1), *known_keys(self.settings))
        return Walk(self.place(partition), keys, second=second).run()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not true():
                for name, child in self._children.items():
                    assert child.exit_code is None, f"{name} ended\n{self.log_of(name)[-3000:]}"
                await asyncio.sleep(ASK_SECONDS)

    async def until_grown(self, segments: int) -> None:
        """Wait until there are so many segments more than now."""
        before = self._count()
        await self.until(lambda: self._count() >= before + segments)

    def _count(self) -> int:
        last = self.place().last("segments")
        return 0 if last is None else last + 1

    async def on_topic(self, partition: int = 0) -> list[tuple[int, bytes]]:
        """Offset and value of all that is on the topic."""
        where = TopicPartition(AUDIT_ENTRY.name, partition)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka_bootstrap_servers, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            consumer.assign([where])
            end = (await consumer.end_offsets([where]))[where]
            await consumer.seek_to_beginning(where)
            found: list[tuple[int, bytes]] = []
            while len(found) < end:
                fetched = await consumer.getmany(where, timeout_ms=500)
                found += [(record.offset, record.value or b"") for each in fetched.values() for record in each]
        finally:
            await consumer.stop()
        return found


class OneSealer(Sealers):
    """A sealer beside a cluster: killed and started anew while the cluster works."""

    def restart(self) -> None:
        self.kill("sealer")
        self.start("sealer")

    async def until_sealed(self, count: int) -> None:
        """Wait until so many entries are sealed, in all logs together."""
        await self.until(lambda: sum(map(self.size, range(DEFAULT_PARTITIONS))) >= count)


@asynccontextmanager
async def sealing(bootstrap: str, folder: Path) -> AsyncIterator[OneSealer]:
    """A sealer that is at work; all logs are in `folder/log`."""
    folder.mkdir()  # noqa: ASYNC240 - a test may wait for its disk
    sealers = OneSealer(bootstrap, folder)
    sealers.start("sealer")
    try:
        yield sealers
    finally:
        await asyncio.to_thread(sealers.end)


@asynccontextmanager
async def writing(bootstrap: str) -> AsyncIterator[Callable[[Sequence[bytes | None]], "asyncio.Future[None]"]]:
    """What writes values to partition 0 of the topic, confirmed."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()

    async def write(values: Sequence[bytes | None]) -> None:
        for value in values:
            await producer.send(AUDIT_ENTRY.name, value, key=b"default", partition=0)
        await producer.flush()

    try:
        yield lambda values: asyncio.ensure_future(write(values))
    finally:
        await producer.stop()
