"""A compacted topic followed from a real Kafka: first all that is there, then each change, in order, for ever."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NoReturn

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from app.follower import Follower
from app.settings import Settings

Change = tuple[bytes | None, bytes | None]


class Source:
    """A topic of a test's own, and what a follower of it has applied."""

    def __init__(self, settings: Settings, topic: str) -> None:
        self.settings = settings
        self.topic = topic
        self.applied: list[Change] = []
        self.offsets: list[int] = []
        self._news = asyncio.Event()

    def apply(self, key: bytes | None, value: bytes | None, offset: int) -> None:
        self.applied.append((key, value))
        self.offsets.append(offset)
        self._news.set()

    async def until(self, count: int) -> list[Change]:
        async with asyncio.timeout(15):
            while len(self.applied) < count:
                self._news.clear()
                await self._news.wait()
        return self.applied

    async def write(self, *changes: Change) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.settings.kafka_bootstrap_servers)
        await producer.start()
        try:
            for key, value in changes:
                await producer.send_and_wait(self.topic, value, key=key)
        finally:
            await producer.stop()

    @contextlib.asynccontextmanager
    async def followed(self) -> AsyncIterator[Follower]:
        follower = Follower(self.settings, self.topic, self.apply)
        follower.start()
        try:
            yield follower
        finally:
            await follower.stop()


@pytest.fixture
async def admin(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await client.start()
    yield client
    await client.close()


@pytest.fixture
async def source(
    kafka_bootstrap: str, admin: AIOKafkaAdminClient, request: pytest.FixtureRequest
) -> AsyncIterator[Source]:
    topic = f"followed.{request.node.name}"
    await admin.create_topics([NewTopic(topic, 1, 1, topic_configs={"cleanup.policy": "compact"})])
    yield Source(Settings(kafka_bootstrap_servers=kafka_bootstrap), topic)
    await admin.delete_topics([topic])


async def again(admin: AIOKafkaAdminClient, topic: str) -> None:
    """Create a topic that is being deleted, as soon as the broker has forgotten the old one."""
    async with asyncio.timeout(15):
        while True:
            made = await admin.create_topics([NewTopic(topic, 1, 1)])
            if not any(code for _topic, code, *_ in made.topic_errors):
                return


@pytest.mark.kafka
class TestOnARealTopic:
    async def test_all_that_is_there_is_applied_before_it_has_caught_up(self, source: Source) -> None:
        changes: list[Change] = [(b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None)]
        await source.write(*changes)
        async with source.followed() as follower:
            await asyncio.wait_for(follower.caught_up(), 15)
            assert source.applied == changes
            assert source.offsets == [0, 1, 2, 3]
            assert follower.is_caught_up

    async def test_an_empty_topic_is_caught_up_at_once(self, source: Source) -> None:
        async with source.followed() as follower:
            await asyncio.wait_for(follower.caught_up(), 15)
            assert source.applied == []

    async def test_changes_are_applied_as_they_come(self, source: Source) -> None:
        async with source.followed() as follower:
            await asyncio.wait_for(follower.caught_up(), 15)
            await source.write((b"a", b"1"))
            await source.write((b"a", None))
            assert await source.until(2) == [(b"a", b"1"), (b"a", None)]

    async def test_a_new_follower_begins_at_the_beginning(self, source: Source) -> None:
        await source.write((b"a", b"1"))
        for count in (1, 2):
            async with source.followed():
                assert await source.until(count) == [(b"a", b"1")] * count

    async def test_no_record_of_a_topic_that_was_made_anew_is_passed_over(
        self, source: Source, admin: AIOKafkaAdminClient
    ) -> None:
        """A restored broker has fewer records than were followed: what stands there now holds, from its beginning."""
        await source.write((b"a", b"1"), (b"a", b"2"), (b"a", b"3"))
        async with source.followed():
            await source.until(3)
            await admin.delete_topics([source.topic])
            await again(admin, source.topic)
            await source.write((b"a", b"4"))
            assert (await source.until(4))[3] == (b"a", b"4")

    async def test_a_follower_that_fails_ends_the_process(self, source: Source) -> None:
        """Else decisions go on with reference data that stand still."""
        ended: list[str] = []

        def fail(_key: bytes | None, _value: bytes | None, _offset: int) -> None:
            raise LookupError("surprise")

        def end(reason: str) -> NoReturn:
            ended.append(reason)
            raise RuntimeError(reason)

        await source.write((b"a", b"1"))
        follower = Follower(source.settings, source.topic, fail, end)
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        follower.start()
        while not ended:  # noqa: ASYNC110 - the end comes by a callback that nobody awaits
            await asyncio.sleep(0.05)
        assert "LookupError" in ended[0]
        await follower.stop()


async def test_without_a_broker_it_waits_and_can_be_stopped() -> None:
    source = Source(Settings(kafka_bootstrap_servers="127.0.0.1:1"), "anything")
    async with source.followed() as follower:
        await asyncio.sleep(0.1)
        assert not follower.is_caught_up


async def test_a_follower_that_was_not_started_can_be_stopped() -> None:
    await Follower(Settings(), "anything", lambda _key, _value, _offset: None).stop()
