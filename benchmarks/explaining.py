"""What the story of one document costs where its topics hold the records of thousands of others."""

import asyncio
import hashlib
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from app.dossier import collect, names_in
from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.local.samples import demo_set
from app.readmodel.record import Read
from app.settings import Settings
from app.topics import create_topics
from schemas.identifiers import digest
from schemas.topics import AUDIT_ENTRY
from tests.app.replay.world import World

QUESTION = "How long does it take to collect one document's records, and how much processor time?"
# The audit topic, the largest, has so many records; the others what belongs to them.
ENTRIES = 100_000
ROUNDS = 2
# So many are written before the broker is waited for.
COPIES_AT_ONCE = 20
_NAMES = re.compile(rb"sha256:[0-9a-f]{64}|ik_[a-z2-7]{26}|\bQ[A-Z2-7]{26}\b")


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        return asyncio.run(_measured(Settings(kafka_bootstrap_servers=broker.bootstrap_servers)))


async def _measured(settings: Settings) -> dict[str, Any]:
    await create_topics(settings)
    world = World(demo_set())
    world.know()
    for sample in world.samples.samples:
        world.send(sample)
    await world.run()
    entries = sum(read.topic == AUDIT_ENTRY.name for read in world.reads)
    copies = ENTRIES // entries
    written = await _fill(settings, world, copies)
    first = last = world.samples.samples[0]
    found = {}
    for name, document in (("of_the_beginning", _copied(first.document_id.encode(), 0).decode()),
                           ("of_the_end", _copied(last.document_id.encode(), copies - 1).decode())):  # fmt: skip
        spent = [await _spent(settings, document) for _ in range(ROUNDS)]
        found[name] = {
            "records": spent[0][2],
            "processor_seconds": round(statistics.median(each[0] for each in spent), 2),
            "seconds": round(statistics.median(each[1] for each in spent), 2),
        }
    return {"audit_entries": entries * copies, "records": written, "rounds": ROUNDS, **found}


async def _spent(settings: Settings, document: str) -> tuple[float, float, int]:
    began, clock = time.process_time(), time.perf_counter()
    dossier = await collect(settings, document)
    records = len(dossier.exhibits) + len(dossier.testimonies)
    return time.process_time() - began, time.perf_counter() - clock, records


async def _fill(settings: Settings, world: World, copies: int) -> int:
    """Write the world's records again and again, each time under other ids, and later."""
    names = sorted({name for read in world.reads for name in _ids(read)})
    span = world.reads[-1].timestamp_ms - world.reads[0].timestamp_ms
    count = 0
    async with AIOKafkaProducer(**client_arguments(settings), linger_ms=20) as producer:
        for number in range(copies):
            renamed = {name: _copied(name, number) for name in names}
            sent = []
            for read in world.reads:
                if read.topic == "supplier.changed" and number:
                    continue
                value, key = (_renamed(part, renamed) for part in (read.value or b"", read.key or b""))
                # Entries name records by digests: those of the copies, or a reader would look for what is not there.
                renamed[digest(read.value or b"").encode()] = digest(value).encode()
                at = read.timestamp_ms + number * span
                headers = list(read.headers.items())
                sent.append(await producer.send(read.topic, value, key, timestamp_ms=at, headers=headers))
            count += len(sent)
            if number % COPIES_AT_ONCE == 0:
                await asyncio.gather(*sent)
        await producer.flush()
    return count


def _ids(read: Read) -> set[bytes]:
    return {name.encode() for name in names_in(read)}


def _copied(name: bytes, number: int) -> bytes:
    """Return another id of the same form, the same for the same name and number."""
    made = hashlib.sha256(b"%d %s" % (number, name)).hexdigest()
    if name.startswith(b"sha256:"):
        return b"sha256:" + made.encode()
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in made)[:26]
    return b"ik_" + letters.encode() if name.startswith(b"ik_") else b"Q" + letters.upper().encode()


def _renamed(content: bytes, renamed: dict[bytes, bytes]) -> bytes:
    return _NAMES.sub(lambda found: renamed.get(found[0], found[0]), content)
