"""What a poison test writes, and how it looks at the one worker that meets it."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from app.documents import open_documents
from app.extraction import documents_config
from app.local.ports import LOOPBACK
from app.local.samples import Sample, SampleSet
from app.local.watch import Watch
from app.snapshot import read_to_end
from schemas.topics import DEFAULT_PARTITIONS, DOCUMENT_RECEIVED
from tests.system.cluster import Cluster
from tests.system.verifier import ENDS

NAME = "only"
POISONED = 3  # the partition of the bad ones
BAD_IN_A_ROW = 30
STOPPED = "stage {} stopped: 21 dead in a row; look at `quittance dead list`, then restart"
WAIT_SECONDS = 120.0  # a deadline on a busy machine, not what it takes


@dataclass
class Bad:
    """A record that must become a dead letter; `kept` tells whether its bytes fit into one."""

    reason: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    kept: bool = True

    @property
    def document(self) -> str | None:
        """The document that its key names."""
        return self.key.decode() if self.key and self.key.startswith(b"sha256:") else None


class Publisher:
    """Any client: it writes what it likes."""

    def __init__(self, producer: AIOKafkaProducer, cluster: Cluster) -> None:
        self._producer = producer
        self._cluster = cluster

    async def document(self, sample: Sample) -> None:
        key = sample.document_id.encode()
        await self._producer.send_and_wait(DOCUMENT_RECEIVED.name, await self.value(sample), key=key)

    async def value(self, sample: Sample) -> bytes:
        """Store a sample; the value of its event."""
        async with open_documents(documents_config(self._cluster.settings)) as store:
            reference = await store.put(sample.content, sample.media_type)
        told = {"document_id": sample.document_id, "reference": str(reference), "media_type": sample.media_type}
        return json.dumps(told).encode()

    async def bad(self, bad: Bad, topic: str = DOCUMENT_RECEIVED.name, partition: int = POISONED) -> None:
        if bad.key is None and bad.value is None:  # `send` would not; other clients do
            batch = self._producer.create_batch()
            batch.append(key=None, value=None, timestamp=None)
            batch.close()
            await (await self._producer.send_batch(batch, topic, partition=partition))
        else:
            await self._producer.send_and_wait(topic, bad.value, key=bad.key, headers=bad.headers, partition=partition)


class Bench:
    """The one worker, seen from outside: its pages, its log, its group's offsets, the command line."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self._log = folder / f"{NAME}.log"

    async def page(self, path: str) -> httpx.Response:
        _child, port = self.cluster._workers[NAME]
        async with httpx.AsyncClient(timeout=5.0) as client:
            return await client.get(f"http://{LOOPBACK}:{port}/{path}")

    async def says(self, *missing: str) -> bool:
        """Whether /readyz names exactly these reasons."""
        answer = await self.page("readyz")
        ready: bool = answer.json()["missing"] == [*missing]
        return ready and answer.status_code == (503 if missing else 200)

    async def measures(self, stopped: dict[str, int]) -> bool:
        page = (await self.page("metrics")).text
        return all(f'quittance_stage_stopped{{stage="{stage}"}} {value}.0' in page for stage, value in stopped.items())

    def critical(self) -> list[str]:
        return [line for line in self._log.read_text().splitlines() if " CRITICAL " in line]

    async def quittance(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", *arguments,
            env={**os.environ, "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": self.cluster.bootstrap},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, _ = await process.communicate()
        assert process.returncode == 0, told
        return told.decode()

    async def records(self, topic: str) -> list[ConsumerRecord]:
        return [record async for record in read_to_end(self.cluster.settings, topic)]

    async def lag(self, partition: int | None = None) -> int:
        """Records of `document.received` that the readers' group has not committed."""
        places = [
            TopicPartition(DOCUMENT_RECEIVED.name, n) for n in range(DEFAULT_PARTITIONS) if partition in (None, n)
        ]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.cluster.bootstrap, group_id="quittance-reader", enable_auto_commit=False
        )
        await consumer.start()
        try:
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            return sum([ends[place] - (await consumer.committed(place) or 0) for place in places])
        finally:
            await consumer.stop()


async def until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for what must become true; a page that does not answer in time is asked again."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if await true():
                return
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.3)


def part(samples: SampleSet, first: int, last: int) -> SampleSet:
    return SampleSet(samples.samples[first:last], samples.suppliers, samples.debtor)


async def ended(watch: Watch, samples: SampleSet) -> None:
    async def all_have() -> bool:
        statuses = watch.seen.statuses
        return all(name in statuses and statuses[name].state in ENDS for name in samples.document_ids())

    await until(all_have, "every good document comes to its end")
