"""P1 at every stage: its bad records harm no neighbour; thirty in a row stop it, and it alone; a restart takes it on.

One worker of both processes on a real Kafka. The bad records lie on each stage's own topic, as a defect of the stage
before it, or a stranger with the right to write, would leave them.
"""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from app.local.samples import load_set
from app.local.watch import Watch
from schemas.identifiers import digest
from schemas.topics import READ_BY_STAGES, Topic
from tests.system.cluster import running_cluster
from tests.system.poison import (
    BAD_IN_A_ROW,
    NAME,
    STOPPED,
    Bad,
    Bench,
    Publisher,
    ended,
    part,
    until,
)
from tests.system.verifier import read_all, verify

STAGES: dict[str, str] = {
    "document.received": "extraction",
    "invoice.extracted": "normalization",
    "invoice.normalized": "validation",
    "invoice.validated": "decision",
    "payment.decided": "payment",
    "payment.issued": "issuing",
    "payment.cancellation": "cancellation",
    "payment.status": "settlement",
    "review.submitted": "review",
}
GOOD = 30
SINGLE = 3  # bad ones of each stage, among the good
BEHIND = 12  # good ones that come while every stage has stopped

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(400)]


def test_every_stage_is_among_them() -> None:
    assert {topic.name for topic in READ_BY_STAGES} == STAGES.keys()


async def test_poison_at_every_stage_harms_nobody_else_and_stops_each_at_its_limit(tmp_path: Path) -> None:
    samples = load_set(GOOD + BEHIND, seed=29)
    good, behind = part(samples, 0, GOOD), part(samples, GOOD, GOOD + BEHIND)
    async with running_cluster(tmp_path, samples, (NAME,)) as cluster:
        watch, bench = Watch(cluster.settings), Bench(cluster, tmp_path)
        watching = asyncio.create_task(watch.run())
        async with AIOKafkaProducer(bootstrap_servers=cluster.bootstrap) as producer:
            publisher = Publisher(producer, cluster)
            for number, sample in enumerate(good.samples):
                if number % (GOOD // SINGLE) == 0:
                    await one_each(publisher, b"single %d" % number)
                await publisher.document(sample)
            await ended(watch, good)
            await until(bench.says, "a few bad ones stop no stage")
            for number in range(BAD_IN_A_ROW):
                await one_each(publisher, b"row %d" % number)
            await until(lambda: all_stopped(bench), "each stage says that it has stopped, and why")
            for sample in behind.samples:
                await publisher.document(sample)
            assert await asyncio.to_thread(cluster.stop_worker, NAME) == 0
            cluster.start_worker(NAME)
            await cluster.ready(NAME)
            await ended(watch, behind)
            await until(lambda: all_buried(bench), "each bad one is a dead letter once, and none is missing")
            await until(bench.says, "the worker is ready: the rest of a row is no row")
        watching.cancel()
        everything = await read_all(cluster.bootstrap)
    report = verify(everything, set(samples.document_ids()), set(samples.command_ids()))
    # What we wrote to a topic of the stages is invented, and the verifier says so; it finds nothing else.
    invented = {line.partition(": ")[0].split()[-1] for line in report.anomalies.pop("invented")}
    assert invented <= {digest(value) for value in written()}
    assert report.is_clean, report.as_json()
    assert samples.complaints(watch.seen.outcomes()) == []


async def one_each(publisher: Publisher, name: bytes) -> None:
    for topic in READ_BY_STAGES:
        await publisher.bad(Bad("VALUE-INVALID", None, b"no JSON: " + name), topic.name)


async def all_stopped(bench: Bench) -> bool:
    """Each stage by its own name, in the readiness page and once in the log."""
    missing = (await bench.page("readyz")).json()["missing"]
    told = {line.partition(": ")[2] for line in missing}
    critical = bench.critical()
    return all(
        STOPPED.format(stage) in told and sum(STOPPED.format(stage) in line for line in critical) == 1
        for stage in STAGES.values()
    )


def written() -> list[bytes]:
    """What every stage was given."""
    single = [b"no JSON: single %d" % number for number in range(0, GOOD, GOOD // SINGLE)]
    return single + [b"no JSON: row %d" % number for number in range(BAD_IN_A_ROW)]


async def all_buried(bench: Bench) -> bool:
    return all([await buried(bench, topic) == Counter(written()) for topic in READ_BY_STAGES])


async def buried(bench: Bench, topic: Topic) -> Counter[bytes | None]:
    """What lies there, and how often. Without a key each is its own order: they are buried side by side."""
    return Counter(record.value for record in await bench.records(topic.dead))
