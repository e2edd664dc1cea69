"""Reads many topics at once for the records that name certain ids: by one client, and from a moment on if wanted.

Nearly all that is read is of others. So a record is looked through as bytes, and made into one of ours only if it names
an id.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from app.kafka_client import client_arguments
from app.readmodel.record import Read
from app.settings import Settings
from app.snapshot import REQUEST_TIMEOUT_MS, SILENCE_SECONDS, TopicSilent

# As many as the client hands over at once of what it has fetched.
BATCH_RECORDS_MAX = 5_000
# Up to so many ids a search for each is faster than finding every id that a record names.
NEEDLES_MAX = 16

Offsets = dict[TopicPartition, int]


class Span:
    """What is to be read of each partition: from `starts` on, up to `ends`, which is not read itself."""

    def __init__(self, starts: Offsets, ends: Offsets) -> None:
        self.starts = starts
        self.ends = ends

    def left(self, positions: Offsets) -> set[TopicPartition]:
        """Return the partitions of which something is left."""
        return {place for place, end in self.ends.items() if positions.get(place, self.starts[place]) < end}


class TopicsReader:
    """One client over some topics. Use it as a context; what is read is what stood there when it was opened."""

    def __init__(self, settings: Settings, topics: Sequence[str]) -> None:
        self._topics = topics
        self._consumer = AIOKafkaConsumer(
            *topics,
            **client_arguments(settings),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        self._whole = Span({}, {})

    async def __aenter__(self) -> Self:
        named = ", ".join(self._topics)
        try:
            await self._consumer.start()
            await self._measure()
        except UnknownTopicOrPartitionError as missing:  # the client waits for it for a while
            await self._consumer.stop()
            raise TopicSilent(f"there is no topic of {named}; run `quittance topics create`") from missing
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_exit: object) -> None:
        await self._consumer.stop()

    async def _measure(self) -> None:
        known = {topic: self._consumer.partitions_for_topic(topic) for topic in self._topics}
        if missing := sorted(topic for topic, partitions in known.items() if not partitions):
            raise TopicSilent(f"there is no topic {missing[0]}; run `quittance topics create`")
        places = [TopicPartition(topic, partition) for topic, found in known.items() for partition in found or ()]
        starts = await self._consumer.beginning_offsets(places)
        self._whole = Span(starts, await self._consumer.end_offsets(places))

    async def whole(self, names: Iterable[str]) -> AsyncIterator[Read]:
        """Yield every record that may name one of the ids.

        Raises:
            TopicSilent: where the end is not reached.
        """
        async for read in self._read(self._whole, naming(names)):
            yield read

    async def since(self, names: Iterable[str], at_ms: int) -> AsyncIterator[Read]:
        """Yield those from the first record on that is not older; what stands behind it comes whatever its time."""
        async for read in self._read(Span(await self._first(at_ms), self._whole.ends), naming(names)):
            yield read

    async def before(self, names: Iterable[str], at_ms: int) -> AsyncIterator[Read]:
        """Yield those that `since` leaves out."""
        async for read in self._read(Span(self._whole.starts, await self._first(at_ms)), naming(names)):
            yield read

    async def _first(self, at_ms: int) -> Offsets:
        asked = await self._consumer.offsets_for_times(dict.fromkeys(self._whole.ends, at_ms))
        return {
            place: at.offset if (at := asked[place]) is not None else end for place, end in self._whole.ends.items()
        }

    async def _read(self, span: Span, wanted: Callable[[ConsumerRecord], bool]) -> AsyncIterator[Read]:
        for place, start in span.starts.items():
            self._consumer.seek(place, start)
        positions: Offsets = {}
        while left := span.left(positions):
            batch = await self._consumer.getmany(
                *left, timeout_ms=int(SILENCE_SECONDS * 1000), max_records=BATCH_RECORDS_MAX
            )
            if not batch:
                topics = ", ".join(sorted({place.topic for place in left}))
                raise TopicSilent(f"{topics}: nothing came for {SILENCE_SECONDS:g} s, though the end was not reached")
            for place, records in batch.items():
                for record in records:
                    if wanted(record) and record.offset < span.ends[place]:
                        yield read_of(record)
                positions[place] = await self._consumer.position(place)


def naming(names: Iterable[str]) -> Callable[[ConsumerRecord], bool]:
    """Return what tells whether a record may name one of the ids; of many ids, every record may."""
    needles = tuple(name.encode() for name in names)
    if len(needles) > NEEDLES_MAX:
        return lambda _record: True

    def names_one(record: ConsumerRecord) -> bool:
        value, key = record.value or b"", record.key or b""
        return any(needle in value or needle in key for needle in needles)

    return names_one


def read_of(record: ConsumerRecord) -> Read:
    """Return a record of the client as the projection and the dossiers know it."""
    return Read(
        record.topic,
        record.partition,
        record.offset,
        record.value,
        record.key,
        record.timestamp,
        {name: value for name, value in record.headers if value is not None},
    )
