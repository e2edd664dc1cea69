"""Documents of the past under another release: what would have been decided differently. Nothing is written.

What was read then stands on `invoice.extracted`; the bytes are fetched again and read under the other release, and both
readings go through the same pure chain with the suppliers of now. What history added then (duplicates, persons) is
left out on both sides: the question is what the releases make of a document.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import Field

from agents.extraction.agent import Unavailable
from app.kafka_client import client_arguments
from app.releases.looking import Looking
from app.settings import Settings
from app.snapshot import BATCH_RECORDS_MAX, REQUEST_TIMEOUT_MS, SILENCE_SECONDS, TopicSilent, read_to_end
from schemas.base import Code, Record
from schemas.codec import Undecodable, decode
from schemas.comparison import ReleaseCompared
from schemas.events import InvoiceExtracted
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import INVOICE_EXTRACTED, RELEASE_CHANGED
from tables.releases import Releases, Running


class Replayed(Record):
    """What came of it. `outcomes` counts `lane then -> now`, `reasons` what came and went; `away` could not be read.

    `differing` are the documents of which something else would have come.
    """

    release: Code
    documents: int
    away: dict[Code, int] = Field(default_factory=dict)
    outcomes: dict[str, int] = Field(default_factory=dict)
    reasons: dict[str, int] = Field(default_factory=dict)
    fields: dict[str, int] = Field(default_factory=dict)
    differing: tuple[ReleaseCompared, ...] = ()


class ReleaseUnknown(Exception):  # noqa: N818 - it says what is wrong
    """No release of that name is on the topic for the code that runs here."""


async def read_releases(settings: Settings, code: str) -> Releases:
    """Return the releases as the topic has them now.

    Raises:
        app.snapshot.TopicSilent, aiokafka.errors.KafkaError: where it cannot be read to its end.
    """
    known = Releases(code)
    async for record in read_to_end(settings, RELEASE_CHANGED.name):
        try:
            known.apply(decode(record.value, ReleaseChanged), record.offset)
        except Undecodable:
            known.remove((record.key or b"").decode(errors="replace"))
    return known


def named(known: Releases, name: str) -> Running:
    """Return the release to replay under.

    Raises:
        ReleaseUnknown: with what is known.
    """
    found = known.named(name)
    if found is None:
        names = ", ".join([known.base.name, *(change.release_id for change in known.changes())])
        raise ReleaseUnknown(f"{name} is no release for this code; known are {names}")
    return found


def as_read(known: Releases, name: str) -> Running:
    """Return the release that a record names; of other code only the name, for nothing else of it can run here."""
    return known.named(name) or Running(name, Bundle(code=known.base.name))


async def replay(
    events: AsyncIterator[InvoiceExtracted], looking: Looking, known: Releases, other: Running, at: datetime, jobs: int
) -> Replayed:
    """Read each document under the other release, `jobs` at a time, and put together where it differs."""
    found: list[ReleaseCompared | Unavailable] = []
    turns = asyncio.Semaphore(jobs)

    async def one(event: InvoiceExtracted) -> None:
        try:
            read_by = as_read(known, event.release)
            found.append(await looking.look(event, read_by, other, purpose="replay", at=at))
        finally:
            turns.release()

    async with asyncio.TaskGroup() as group:
        async for event in events:
            await turns.acquire()
            group.create_task(one(event))
    return report(other.name, found)


def report(release: str, found: Iterable[ReleaseCompared | Unavailable]) -> Replayed:
    """Return what was found, counted."""
    compared = [each for each in found if isinstance(each, ReleaseCompared)]
    away = Counter(each.reason for each in found if isinstance(each, Unavailable))
    outcomes = Counter(
        f"{each.other.lane or each.own.lane or 'none'} {each.other.outcome} -> {each.own.outcome}" for each in compared
    )
    return Replayed(
        release=release,
        documents=len(compared),
        away=dict(away),
        outcomes=dict(sorted(outcomes.items())),
        reasons=_reasons(compared),
        fields=dict(Counter(name for each in compared for name in each.fields)),
        differing=tuple(sorted((each for each in compared if each.differs), key=lambda each: each.document_id)),
    )


def _reasons(compared: Iterable[ReleaseCompared]) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for each in compared:
        now, then = set(each.own.reasons), set(each.other.reasons)
        counted.update(f"+{reason}" for reason in now - then)
        counted.update(f"-{reason}" for reason in then - now)
    return dict(sorted(counted.items()))


async def extracted_between(settings: Settings, start: datetime, end: datetime) -> AsyncIterator[InvoiceExtracted]:
    """Yield what was read in that time, each document once, by a consumer that belongs to no group.

    Raises:
        TopicSilent: where the topic is missing or its end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    consumer = AIOKafkaConsumer(
        INVOICE_EXTRACTED.name,
        **client_arguments(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    try:
        await consumer.start()
        seen: set[str] = set()
        async for event in _between(consumer, int(start.timestamp() * 1000), int(end.timestamp() * 1000)):
            if event.received.document_id not in seen:
                seen.add(event.received.document_id)
                yield event
    finally:
        await consumer.stop()


async def _between(consumer: AIOKafkaConsumer, start_ms: int, end_ms: int) -> AsyncIterator[InvoiceExtracted]:
    places = [
        TopicPartition(INVOICE_EXTRACTED.name, partition)
        for partition in consumer.partitions_for_topic(INVOICE_EXTRACTED.name) or ()
    ]
    if not places:
        raise TopicSilent(f"there is no topic {INVOICE_EXTRACTED.name}; run `quittance topics create`")
    ends = await consumer.end_offsets(places)
    for place, found in (await consumer.offsets_for_times(dict.fromkeys(places, start_ms))).items():
        consumer.seek(place, found.offset if found else ends[place])
    while left := {place for place in places if await consumer.position(place) < ends[place]}:
        batch = await consumer.getmany(*left, timeout_ms=int(SILENCE_SECONDS * 1000), max_records=BATCH_RECORDS_MAX)
        if not batch:
            raise TopicSilent(f"{INVOICE_EXTRACTED.name}: nothing came for {SILENCE_SECONDS:g} s")
        for records in batch.values():
            for record in records:
                if start_ms <= record.timestamp < end_ms:
                    try:
                        yield decode(record.value, InvoiceExtracted)
                    except Undecodable:
                        continue
