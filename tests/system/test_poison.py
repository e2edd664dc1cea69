"""P1: one bad record in fifty does no harm; thirty in a row stop their stage, and nothing behind them is lost.

One worker of both processes on a real Kafka. Bad are records that any client could write: no JSON, a field missing, an
unknown schema version, more than we read, more than we could write again, and neither key nor value.
"""

import asyncio
import json
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from app.local.samples import Sample, SampleSet, load_set
from app.local.watch import Watch
from schemas.identifiers import document_id
from schemas.topics import DEFAULT_PARTITIONS, DOCUMENT_RECEIVED, PAYMENT_STATUS
from tests.system.cluster import running_cluster
from tests.system.poison import (
    BAD_IN_A_ROW,
    NAME,
    POISONED,
    STOPPED,
    Bad,
    Bench,
    Publisher,
    ended,
    part,
    until,
)
from tests.system.verifier import read_all, verify

ONE_BAD_IN = 50
GOOD_AMONG_BAD = 6 * (ONE_BAD_IN - 1)
GOOD_BEHIND_BAD = 60
DEAD = DOCUMENT_RECEIVED.dead
READER_IN_FLIGHT_MAX = 3  # one reading process, and two documents fetched ahead (app/roles.py)
STILL_SECONDS = 2.0  # an offset that moves is committed within 0.3 s

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(300)]


def bad_records(like: bytes) -> list[Bad]:
    """One of each kind. `like` is the value of a good record."""
    keys = [document_id(b"bad %d" % number).encode() for number in range(4)]
    future = {**json.loads(like), "document_id": keys[1].decode()}
    without = {name: value for name, value in json.loads(like).items() if name != "document_id"}
    return [
        Bad("VALUE-INVALID", keys[0], b'{"document_id": \xff\x00'),
        Bad(
            "VERSION-UNKNOWN",
            keys[1],
            json.dumps(future).encode(),
            [("ce_schemaversion", b"99"), ("ce_id", b"from the future")],
        ),
        Bad("VALUE-INVALID", b"no document", json.dumps(without).encode()),
        Bad("VALUE-TOO-LARGE", keys[2], b'{"x": "' + b"x" * 1_010_000 + b'"}'),
        Bad("VALUE-TOO-LARGE", keys[3], b'{"x": "' + b"x" * 1_046_000 + b'"}', kept=False),
        Bad("VALUE-EMPTY", None, None),
    ]


def home(sample: Sample) -> int:
    """The partition that Kafka's default partitioner gives a document."""
    hashed: int = murmur2(sample.document_id.encode())
    return (hashed & 0x7FFFFFFF) % DEFAULT_PARTITIONS


async def test_poison_harms_no_neighbour_and_stops_its_stage_at_the_limit(tmp_path: Path) -> None:
    samples = load_set(GOOD_AMONG_BAD + GOOD_BEHIND_BAD + 2, seed=11)
    async with running_cluster(tmp_path, samples, (NAME,)) as cluster:
        watch, bench = Watch(cluster.settings), Bench(cluster, tmp_path)
        watching = asyncio.create_task(watch.run())
        async with AIOKafkaProducer(bootstrap_servers=cluster.bootstrap, max_request_size=1_048_000) as producer:
            publisher = Publisher(producer, cluster)
            bads = await one_in_fifty(publisher, bench, watch, samples)
            await thirty_in_a_row_beside_the_chain(publisher, bench)
            row = await thirty_in_a_row(publisher, bench, watch, samples)
            await after_a_restart(publisher, bench, watch, samples)
            await replayed(publisher, bench, watch, samples)
        watching.cancel()
        everything = await read_all(cluster.bootstrap)
    named = {bad.document for bad in (*bads, *row) if bad.document}
    report = verify(everything, set(samples.document_ids()) | named, set(samples.command_ids()))
    assert report.is_clean, report.as_json()
    assert samples.complaints(watch.seen.outcomes()) == []


async def one_in_fifty(publisher: Publisher, bench: Bench, watch: Watch, samples: SampleSet) -> list[Bad]:
    """Neighbours unharmed; each bad one a dead letter with its bytes, and a status where its key names a document."""
    bads = bad_records(await publisher.value(samples.samples[0]))
    good = part(samples, 0, GOOD_AMONG_BAD)
    for number, sample in enumerate(good.samples, start=1):
        await publisher.document(sample)
        if number % (ONE_BAD_IN - 1) == 0:
            await publisher.bad(bads[number // (ONE_BAD_IN - 1) - 1])
    await ended(watch, good)

    async def all_committed() -> bool:
        return await bench.lag() == 0

    await until(all_committed, "no bad record holds up its partition")
    letters = await bench.records(DEAD)
    assert [letter.partition for letter in letters] == [POISONED] * len(bads)
    offsets = [int(dict(letter.headers)["dlq.offset"]) for letter in letters]
    assert offsets == sorted(set(offsets)), "in the order in which they stood"
    for letter, bad in zip(letters, bads, strict=True):
        headers = dict(letter.headers)
        assert headers["dlq.reason"].decode() == bad.reason
        assert set(bad.headers) <= set(letter.headers)
        expected = (bad.key, bad.value) if bad.kept and bad.key else (None, b"")
        assert (letter.key, letter.value) == expected, bad.reason
        assert ("dlq.omitted.digest" in headers) is not bad.kept
        if bad.document:
            state = "held" if bad.reason == "VERSION-UNKNOWN" else "rejected"
            assert watch.seen.statuses[bad.document].state == state
            assert watch.seen.statuses[bad.document].reasons == (bad.reason,)
    await until(bench.says, "the worker is ready")
    listed = [json.loads(line) for line in (await bench.quittance("dead", "list", "--jsonl")).splitlines()]
    assert [one["reason"] for one in listed] == [bad.reason for bad in bads]
    return bads


async def thirty_in_a_row_beside_the_chain(publisher: Publisher, bench: Bench) -> None:
    """Settlement stops; the stages that share its process go on, as the goods that follow will show."""
    for number in range(BAD_IN_A_ROW):
        await publisher.bad(Bad("VALUE-INVALID", None, b"no status %d" % number), PAYMENT_STATUS.name)

    async def stopped() -> bool:
        return await bench.says(f"ledger: {STOPPED.format('settlement')}")

    await until(stopped, "/readyz says so")


async def thirty_in_a_row(publisher: Publisher, bench: Bench, watch: Watch, samples: SampleSet) -> list[Bad]:
    """The stage stops at the limit, says so, and moves no offset any more."""
    beside = part(samples, GOOD_AMONG_BAD, GOOD_AMONG_BAD + 1)
    await publisher.document(beside.samples[0])
    await ended(watch, beside)
    before = len(await bench.records(DEAD))
    row = [Bad("VALUE-INVALID", document_id(b"row %d" % n).encode(), b"no JSON %d" % n) for n in range(BAD_IN_A_ROW)]
    for bad in row:
        await publisher.bad(bad)
    samples_left = part(samples, GOOD_AMONG_BAD + 1, GOOD_AMONG_BAD + 1 + GOOD_BEHIND_BAD).samples
    behind = [sample for sample in samples_left if home(sample) == POISONED]
    elsewhere = [sample for sample in samples_left if home(sample) != POISONED]
    assert len(behind) > 3
    for sample in behind:
        await publisher.document(sample)

    both = [f"{role}: {STOPPED.format(stage)}" for role, stage in (("reader", "extraction"), ("ledger", "settlement"))]
    await until(lambda: bench.says(*both), "/readyz says so")
    stopped = {"extraction": 1, "settlement": 1, "decision": 0}
    await until(lambda: bench.measures(stopped), "the metric says so")
    critical = bench.critical()
    assert [sum(STOPPED.format(stage) in line for line in critical) for stage in ("extraction", "settlement")] == [1, 1]
    for sample in elsewhere:
        await publisher.document(sample)

    async def as_many_as_buried() -> bool:
        dead = len(await bench.records(DEAD)) - before
        left = BAD_IN_A_ROW - dead
        lags = [await bench.lag(POISONED), await bench.lag()]
        return 21 <= dead <= 21 + READER_IN_FLIGHT_MAX and lags == [left + len(behind), left + len(samples_left)]

    await until(as_many_as_buried, "what was buried is committed, and nothing behind it")
    await asyncio.sleep(STILL_SECONDS)
    assert await as_many_as_buried()
    assert not any(sample.document_id in watch.seen.statuses for sample in samples_left)
    return row


async def after_a_restart(publisher: Publisher, bench: Bench, watch: Watch, samples: SampleSet) -> None:
    """It resumes at the first event that was not dealt with, and nothing behind is lost."""
    assert await asyncio.to_thread(bench.cluster.stop_worker, NAME) == 0
    bench.cluster.start_worker(NAME)
    await bench.cluster.ready(NAME)
    await ended(watch, part(samples, 0, len(samples.samples) - 1))

    async def all_committed() -> bool:
        return await bench.lag() == 0

    await until(all_committed, "the rest of the row is behind it")
    keys = [record.key for record in await bench.records(DEAD)][-BAD_IN_A_ROW:]
    assert keys == [document_id(b"row %d" % number).encode() for number in range(BAD_IN_A_ROW)], "each once, in order"
    await until(bench.says, "the worker is ready")


async def replayed(publisher: Publisher, bench: Bench, watch: Watch, samples: SampleSet) -> None:
    """A good event that an earlier release buried goes back and comes to its end, once."""
    last = part(samples, len(samples.samples) - 1, len(samples.samples))
    (sample,) = last.samples
    facts = {"topic": "document.received", "partition": POISONED, "offset": 0, "timestamp": 1, "stage": "extraction"}
    headers = {**facts, "reason": "STAGE-FAILED", "detail": "KeyError: 'x'", "version": 1}
    value = await publisher.value(sample)
    letter = Bad("", sample.document_id.encode(), value, [(f"dlq.{n}", str(v).encode()) for n, v in headers.items()])
    await publisher.bad(letter, DEAD)
    selection = ("--stage", "extraction", "--reason", "STAGE-FAILED")
    assert "1 would be replayed" in await bench.quittance("dead", "replay", *selection, "--dry-run")
    assert "1 replayed" in await bench.quittance("dead", "replay", *selection)
    assert "0 replayed" in await bench.quittance("dead", "replay", *selection)
    await ended(watch, last)
    (back,) = [record for record in await bench.records("document.received") if record.key == letter.key]
    assert (back.value, back.partition) == (value, POISONED)
    assert dict(back.headers)["ce_id"] == f"document.received/{POISONED}/0".encode()
