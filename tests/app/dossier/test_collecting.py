"""What is collected from a real Kafka is what a reading of everything would find, wherever it stands."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer

from app.dossier import Dossier, Index, collect
from app.dossier.collecting import CLOCKS_APART_MS
from app.dossier.reading import NEEDLES_MAX, TopicsReader
from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.local.samples import demo_set
from app.readmodel.record import Read
from app.settings import Settings
from app.snapshot import TopicSilent
from app.topics import create_topics
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_EXTRACTED, INVOICE_VALIDATED
from tests.app.replay.world import World

pytestmark = [pytest.mark.kafka]

HOUR_MS = 3600 * 1000


class Filled:
    """The topics with the demo's documents an hour and a half apart, so that there is a before and an after."""

    def __init__(self, settings: Settings, world: World) -> None:
        self.settings, self.world = settings, world

    def naive(self, document: str) -> Dossier:
        return Dossier.of(document, Index(self.world.reads))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with Broker(tmp_path_factory.mktemp("collecting")) as broker:
        settings = Settings(kafka_bootstrap_servers=broker.bootstrap_servers)
        world = World(demo_set())
        asyncio.run(_decided(world))
        asyncio.run(_written(settings, world.reads))
        yield Filled(settings, world)


async def _decided(world: World) -> None:
    world.know()
    for sample in world.samples.samples[:6]:
        world.send(sample)
        await world.run()
        world.later(minutes=90)
    # The clock of whoever announced the third was four hours behind, far more than is allowed for.
    third = world.samples.samples[2].document_id.encode()
    world.reads = [
        replace(read, timestamp_ms=read.timestamp_ms - 4 * HOUR_MS)
        if read.topic == DOCUMENT_RECEIVED.name and read.key == third
        else read
        for read in world.reads
    ]


async def _written(settings: Settings, reads: list[Read]) -> None:
    await create_topics(settings)
    async with AIOKafkaProducer(**client_arguments(settings)) as producer:
        for read in reads:
            headers = list(read.headers.items())
            await producer.send_and_wait(
                read.topic, read.value, read.key, partition=0, timestamp_ms=read.timestamp_ms, headers=headers
            )


@pytest.mark.parametrize("number", range(6))
async def test_it_is_what_a_reading_of_everything_finds(filled: Filled, number: int) -> None:
    document = filled.world.samples.samples[number].document_id
    found, naive = await collect(filled.settings, document), filled.naive(document)
    assert {each.where for each in found.exhibits} == {each.where for each in naive.exhibits}
    assert [each.entry for each in found.testimonies] == [each.entry for each in naive.testimonies]
    assert len(found.own(DOCUMENT_RECEIVED)) == 1


@pytest.mark.parametrize(("number", "looked"), [(1, False), (2, True), (5, False)])
async def test_what_is_older_is_read_only_where_something_is_missing(
    filled: Filled, number: int, looked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third document was announced by a clock four hours behind, so that its arrival is not found at first."""
    asked, before = [], TopicsReader.before

    def noting(reader: TopicsReader, names: Iterable[str], at_ms: int) -> AsyncIterator[Read]:
        asked.append(at_ms)
        return before(reader, names, at_ms)

    monkeypatch.setattr(TopicsReader, "before", noting)
    found = await collect(filled.settings, filled.world.samples.samples[number].document_id)
    assert bool(asked) is looked
    assert len(found.own(DOCUMENT_RECEIVED)) == 1


async def test_from_a_moment_on_is_what_stands_behind_it_and_before_is_the_rest(filled: Filled) -> None:
    topics = [INVOICE_EXTRACTED.name, INVOICE_VALIDATED.name]
    names = [sample.document_id for sample in filled.world.samples.samples[:6]]
    times = sorted(read.timestamp_ms for read in filled.world.reads if read.topic == INVOICE_EXTRACTED.name)
    async with TopicsReader(filled.settings, topics) as reader:
        whole = {read.place for read in [read async for read in reader.whole(names)]}
        later = {read.place for read in [read async for read in reader.since(names, times[3])]}
        before = {read.place for read in [read async for read in reader.before(names, times[3])]}
    assert later | before == whole
    assert not later & before
    assert f"{INVOICE_EXTRACTED.name}/0@3" in later
    assert f"{INVOICE_EXTRACTED.name}/0@2" in before
    assert times[3] - times[2] > CLOCKS_APART_MS


async def test_many_ids_are_looked_for_as_well_as_few(filled: Filled) -> None:
    wanted = filled.world.samples.samples[0].document_id
    many = [wanted, *(f"sha256:{number:064x}" for number in range(NEEDLES_MAX))]
    async with TopicsReader(filled.settings, [INVOICE_EXTRACTED.name]) as reader:
        few = [read.place async for read in reader.whole([wanted])]
        more = [read.place async for read in reader.whole(many)]
    assert len(few) == 1
    assert set(few) <= set(more)


async def test_a_topic_that_is_not_there_is_told(filled: Filled) -> None:
    with pytest.raises(TopicSilent, match=r"no topic .*nowhere.*; run `quittance topics create`"):
        async with TopicsReader(filled.settings, [INVOICE_EXTRACTED.name, "nowhere"]):
            pass
