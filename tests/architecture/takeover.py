"""Two workers with a table, taken over twice under load: what is lost, what is doubled, and what the table forgot."""

import asyncio
import json
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("takeover_worker.py")
PARTITIONS = 4
RATE = 700.0  # events a second: about what one worker of the plain variant can do on two cores, so that some wait
READY_SECONDS = 30.0
STOP_SECONDS = 20.0
# After the last event: a session that times out, a rebalance, and what was left.
QUIET_SECONDS = 4.0
END_SECONDS = 30.0


@dataclass(frozen=True)
class Outcome:
    """What a run led to. `exit_codes` are those of the workers that were stopped gracefully."""

    events: int
    lost: int
    doubled: int
    forgotten: int
    exit_codes: tuple[int, ...]


async def take_over(bootstrap: str, name: str, variant: str, events: int = 4_200) -> Outcome:
    """Run the load: SIGTERM to one worker at a quarter, a third joins, kill -9 of the second at the half."""
    await _topics(bootstrap, name)
    crew = [await _worker(bootstrap, name, variant) for _ in range(2)]
    try:
        load = asyncio.create_task(_load(bootstrap, name, events))
        await asyncio.sleep(events / RATE / 4)
        crew[0].send_signal(signal.SIGTERM)
        crew.append(await _start(bootstrap, name, variant))
        await asyncio.sleep(events / RATE / 4)
        crew[1].kill()
        await load
        seen = await _read(bootstrap, f"{name}.out", events)
        crew[2].send_signal(signal.SIGTERM)
        codes = [await asyncio.wait_for(crew[i].wait(), STOP_SECONDS) for i in (0, 2)]
    finally:
        await _end(crew)
    remembered = await _table(bootstrap, f"{name}-workers-seen-changelog")
    keys = {f"k{number}" for number in range(events)}
    return Outcome(
        events=events,
        lost=len(keys - set(seen)),
        doubled=seen.total() - len(seen),
        forgotten=len(keys - remembered),
        exit_codes=tuple(codes),
    )


async def _topics(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    changelog = NewTopic(f"{name}-workers-seen-changelog", PARTITIONS, 1, topic_configs={"cleanup.policy": "compact"})
    try:
        await admin.create_topics([*(NewTopic(f"{name}.{end}", PARTITIONS, 1) for end in ("in", "out")), changelog])
    finally:
        await admin.close()


async def _start(bootstrap: str, name: str, variant: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, str(WORKER), bootstrap, name, variant,
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def _worker(bootstrap: str, name: str, variant: str) -> asyncio.subprocess.Process:
    process = await _start(bootstrap, name, variant)
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
    assert line == b"ready\n", "the worker ended before it was ready"
    return process


async def _end(crew: list[asyncio.subprocess.Process]) -> None:
    for process in crew:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _load(bootstrap: str, name: str, events: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for number in range(events):
            await producer.send(f"{name}.in", b"%d" % number, key=b"k%d" % number)
            await asyncio.sleep(1 / RATE)
    finally:
        await producer.stop()


async def _read(bootstrap: str, topic: str, events: int) -> Counter[str]:
    """Return how often each key came out: until all have and it is quiet, or nothing has come for long."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    seen: Counter[str] = Counter()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        while True:
            patience = QUIET_SECONDS if len(seen) == events else END_SECONDS
            records = await consumer.getmany(timeout_ms=int(patience * 1000))
            if not records:
                return seen
            seen.update(record.key.decode() for batch in records.values() for record in batch)
    finally:
        await consumer.stop()


async def _table(bootstrap: str, changelog: str) -> set[str]:
    """Return the keys that a new worker would recover."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    places = [TopicPartition(changelog, number) for number in range(PARTITIONS)]
    found: dict[str, Any] = {}
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        for place in places:
            while await consumer.position(place) < ends[place]:
                for record in (await consumer.getmany(place, timeout_ms=1_000)).get(place, ()):
                    found[json.loads(record.key)] = record.value
    finally:
        await consumer.stop()
    return {key for key, value in found.items() if value is not None}
