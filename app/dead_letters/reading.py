"""Reads dead letters straight from their topics, so that it works without the API; no more than a fetch is in memory.

Of the letters already replayed one small entry each is kept, for one topic at a time: marks stand behind their letters,
so they are read first.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from app.dead_letters.letter import Foreign, Headers, Kind, Letter, Origin, Place, Replayed, parse
from app.kafka_client import client_arguments
from app.settings import Settings
from app.snapshot import REQUEST_TIMEOUT_MS, SILENCE_SECONDS, TopicSilent, read_to_end
from schemas.identifiers import digest
from schemas.topics import READ_BY_STAGES, Topic

POLL_MS = 500


@dataclass(frozen=True)
class Selection:
    """Which letters are meant; what is None or empty leaves them all."""

    topics: Sequence[Topic] = READ_BY_STAGES
    stage: str | None = None
    reason: str | None = None
    kind: Kind | None = None
    partition: int | None = None
    offset: int | None = None

    def takes(self, letter: Letter) -> bool:
        """Tell whether a letter of one of the topics is meant. Partition and offset are those of the letter."""
        pairs = (
            (self.stage, letter.stage),
            (self.reason, letter.reason),
            (self.kind, letter.kind),
            (self.partition, letter.place.partition),
            (self.offset, letter.place.offset),
        )
        return all(wanted is None or wanted == is_so for wanted, is_so in pairs)


@dataclass(frozen=True)
class Standing:
    """A letter, and whether its event has been replayed already."""

    letter: Letter
    replayed: bool


@dataclass(frozen=True)
class Original:
    """A record as its publisher wrote it."""

    key: bytes | None
    value: bytes | None
    headers: Headers


async def read_letters(settings: Settings, selection: Selection) -> AsyncIterator[Standing | Foreign]:
    """Yield the letters that stand now and are meant, and every record that is no letter.

    A worker that dies after burying an event buries it again: such a pair is one event, and one replay marks both.

    Raises:
        TopicSilent: where a topic is missing or its end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    for topic in selection.topics:
        replayed = await _replayed(settings, topic)
        if replayed is None:
            continue
        async for record in read_to_end(settings, topic.dead):
            match parse(record):
                case Letter() as letter if selection.takes(letter):
                    yield Standing(letter, letter.origin in replayed)
                case Foreign() as foreign:
                    yield foreign


async def find_letter(settings: Settings, topic: Topic, partition: int, offset: int) -> Standing | None:
    """Return the letter at one place of a dead-letter topic, if one stands there.

    Raises:
        TopicSilent: where a topic is missing or its broker does not answer.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    record = await _record_at(settings, Place(topic.dead, partition, offset))
    match parse(record) if record else None:
        case Letter() as letter:
            return Standing(letter, letter.origin in (await _replayed(settings, topic) or ()))
        case _:
            return None


async def original_of(settings: Settings, letter: Letter) -> Original | None:
    """Return the original; of a letter that omits it, from where it was read.

    None where it is there no longer: its topic's retention is over, or another record stands in its place.

    Raises:
        TopicSilent: where its topic is missing or its broker does not answer.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    if letter.omitted is None:
        return Original(letter.key, letter.value, letter.headers)
    record = await _record_at(settings, letter.source)
    if record is None or digest(record.value or b"") != letter.omitted.digest:
        return None
    return Original(record.key, record.value, tuple(record.headers))


async def _replayed(settings: Settings, topic: Topic) -> set[Origin] | None:
    """Return the events of a topic that have been replayed, or None where there is no letter at all."""
    replayed: set[Origin] | None = None
    async for record in read_to_end(settings, topic.dead):
        replayed = set() if replayed is None else replayed
        match parse(record):
            case Replayed(origin=origin):
                replayed.add(origin)
    return replayed


async def _record_at(settings: Settings, place: Place) -> ConsumerRecord | None:
    consumer = AIOKafkaConsumer(
        place.topic, **client_arguments(settings), enable_auto_commit=False, request_timeout_ms=REQUEST_TIMEOUT_MS
    )
    try:
        await consumer.start()
        async with asyncio.timeout(SILENCE_SECONDS):
            return await _record_of(consumer, place)
    except TimeoutError:
        raise TopicSilent(f"{place.topic}: nothing came for {SILENCE_SECONDS:g} s") from None
    finally:
        await consumer.stop()


async def _record_of(consumer: AIOKafkaConsumer, place: Place) -> ConsumerRecord | None:
    at = TopicPartition(place.topic, place.partition)
    if place.partition not in (consumer.partitions_for_topic(place.topic) or ()):
        return None
    first, end = (await consumer.beginning_offsets([at]))[at], (await consumer.end_offsets([at]))[at]
    if not first <= place.offset < end:
        return None
    consumer.seek(at, place.offset)
    while await consumer.position(at) < end:
        for record in (await consumer.getmany(at, timeout_ms=POLL_MS, max_records=1)).get(at, ()):
            return record if record.offset == place.offset else None
    return None
