"""What plain Faust 0.15.3 does to messages (F1 to F4, F9, F10, F14 to F16 of docs/faust.md), and what ours does.

Each test of a defect fails where an upgrade has mended it, and says which of our classes may then go. No broker is
needed: the parts are Faust's own, on a consumer thread and a producer made by hand.
"""

import asyncio
import gc
import inspect
from types import SimpleNamespace
from typing import Any

import faust
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import IllegalGenerationError, NotLeaderForPartitionError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.exceptions import ValueDecodeError
from faust.transport.drivers import aiokafka as faust_driver
from faust.types import Message

from app.stream.consumer import SettledConsumer
from app.stream.membership import MemberCoordinator
from tests.app.stream.faust_parts import (
    PLACE,
    FakeProducer,
    FakeThread,
    consumer_of,
    fetched,
    our_app,
    place_of,
    plain_app,
    turns,
)


def message(offset: int, value: bytes | None = b"v", *, generation: int = 1) -> Message:
    """Return a message as the consumer hands it to a stream."""
    return Message(
        PLACE.topic, PLACE.partition, offset, 0.0, 0, {}, b"k", value, None, tp=PLACE, generation_id=generation
    )


class TestAnExceptionAcknowledges:
    """F1 (#189, #527, robinhood #604)."""

    async def iterate(self, app: faust.App, *, acks: bool) -> Message:
        """Let the body of an agent raise on one message, and return that message afterwards."""
        consumer_of(app, FakeThread())
        app.flow_control.resume()
        topic = app.topic("t", value_type=bytes, value_serializer="raw")
        stream = topic.stream() if acks else topic.stream().noack()
        poison = message(5)
        poison.incref()
        app.topics._acking_topics.add("t")
        await stream.channel.queue.put(await topic.decode(poison))

        async def body() -> None:
            async for _ in stream.events():
                raise LookupError("surprise")

        with pytest.raises(LookupError):
            await body()
        await asyncio.sleep(0.01)
        gc.collect()
        await turns()
        return poison

    async def test_in_plain_faust(self) -> None:
        poison = await self.iterate(plain_app(), acks=True)
        assert poison.acked, "an exception leaves the event unacknowledged now (F1): say so in docs/faust.md"

    async def test_ours_never_asks_faust_to_acknowledge(self) -> None:
        app = our_app()
        poison = await self.iterate(app, acks=False)
        assert not poison.acked
        assert app.consumer._new_offset(PLACE) is None

    async def test_what_faust_skips_in_a_rebalance_it_acknowledges(self) -> None:
        """Even with noack, in its pure Python stream; the compiled one does not. Ours depends on neither."""
        app = our_app()
        consumer = consumer_of(app, FakeThread())
        app.flow_control.resume()
        app.topics._acking_topics.add("t")
        topic = app.topic("t", value_type=bytes, value_serializer="raw")
        stream = topic.stream().noack()
        stale = message(5, generation=0)
        stale.incref()
        await stream.channel.queue.put(await topic.decode(stale))
        reading = asyncio.create_task(anext(stream._py_aiter()))
        await asyncio.sleep(0.02)
        assert stale.acked, "skipped events are no longer acknowledged: say so in docs/faust.md"
        assert not reading.done(), "an event of another generation was handed out"
        assert consumer._new_offset(PLACE) is None
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


class TestACommitPassesWhatIsInFlight:
    """F2 (#606; the fix, PR #707, is in no release)."""

    @pytest.fixture
    async def plain(self) -> Any:
        consumer = consumer_of(plain_app(), FakeThread())
        consumer._committed_offset[PLACE] = 2585  # so 2585 is the next, and it is in flight
        consumer._acked[PLACE] = [2586, 2587, 2588, 2589]
        return consumer

    async def test_in_plain_faust(self, plain: Any) -> None:
        offset = plain._new_offset(PLACE)
        assert offset == 2590, "a commit waits for the event in flight now (#606): SettledConsumer._new_offset may go"

    async def test_in_plain_faust_before_the_first_commit(self, plain: Any) -> None:
        plain._committed_offset[PLACE] = None
        assert plain._new_offset(PLACE) == 2590, "#606 is mended: SettledConsumer._new_offset may go"

    async def test_ours_commits_what_was_settled_and_no_more(self) -> None:
        consumer = consumer_of(our_app(), FakeThread())
        consumer._committed_offset[PLACE] = 2585
        consumer._acked[PLACE] = [2586, 2587, 2588, 2589]
        assert consumer._new_offset(PLACE) is None
        consumer.settle(PLACE, 2585, 1)
        assert consumer._new_offset(PLACE) == 2586


class TestASendIsNotWaitedFor:
    """F3."""

    @pytest.fixture
    async def app(self) -> faust.App:
        app = plain_app()
        app.producer = FakeProducer()
        return app

    async def test_a_send_returns_before_the_broker_has_the_record(self, app: faust.App) -> None:
        sent = await asyncio.wait_for(app.topic("out").send(value=b"x"), 1)
        assert not app.producer.answers[0].done()
        assert not sent.done(), "a send waits for the broker now (F3): say so in docs/faust.md"

    async def test_a_failed_send_is_only_logged(self, app: faust.App, caplog: pytest.LogCaptureFixture) -> None:
        await app.topic("out").send(value=b"x")
        app.producer.answers[0].set_exception(NotLeaderForPartitionError())
        await turns()
        assert "_on_published error" in caplog.text
        assert not app.crashed, "a failed send stops the app now (F3): say so in docs/faust.md"

    async def test_a_graceful_stop_commits_what_was_acknowledged(self) -> None:
        """So a process that cannot deliver must end without one."""
        thread = FakeThread()
        consumer = consumer_of(plain_app(), thread)
        consumer._acked[PLACE] = [0, 1, 2]
        await consumer.on_stop()
        assert thread.commits == [{PLACE: 3}]


class TestATableWriteIsNotDurableBeforeTheCommit:
    """F4."""

    async def test_the_flush_before_a_commit_gives_up(self) -> None:
        app = plain_app()
        buffer = app.producer.buffer
        stuck = asyncio.Event()

        async def publish(*_arguments: Any, **_named: Any) -> None:
            await stuck.wait()

        changelog = app.Table("seen").changelog_topic
        changelog.publish_message = publish
        await buffer.start()
        changelog.send_soon(key="a", value=1, partition=0)
        changelog.send_soon(key="b", value=2, partition=0)
        await turns()
        await asyncio.wait_for(buffer.flush(), 5)
        assert buffer.size == 1, "a flush waits for every change now (F4): ConfirmedTable may go"
        stuck.set()
        await turns()
        await buffer.stop()

    async def test_ours_is_waited_for(self) -> None:
        app = our_app()
        app.producer = producer = FakeProducer()
        table = app.Table("seen", key_type=str)
        table.epochs[0] = 1
        table.send_changelog(0, "a", 1)
        waiting = asyncio.create_task(table.confirmed())
        await turns()
        assert not waiting.done()
        producer.soon[0].set_result(place_of("seen", 0))
        await asyncio.wait_for(waiting, 1)


class TestADecodingErrorIsFausts:
    """F9."""

    async def test_in_plain_faust_it_never_reaches_the_agent(self) -> None:
        topic = plain_app().topic("t", value_type=dict, value_serializer="json")
        with pytest.raises(ValueDecodeError):
            await topic.decode(message(0, b"\xff"), propagate=True)

    @pytest.mark.parametrize("key", [None, b"", b"\xff\xfe", b"k" * 100_000])
    @pytest.mark.parametrize("value", [None, b"", b"null", b"{", b"\xff\xfe\x00", bytes(range(256))])
    async def test_our_raw_topics_decode_anything(self, value: bytes | None, key: bytes | None) -> None:
        topic = our_app().topic("t", key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        given = message(0, value)
        given.key = key
        event = await topic.decode(given, propagate=True)
        assert (event.key, event.value, event.message.value) == (key, value, value)


class TestAFetchOutlivesARecovery:
    """F10 (#596, #158): the event that says whether a fetch is under way is set where it is meant to be cleared."""

    @staticmethod
    async def fetching(app: faust.App) -> tuple[Any, FakeThread, "asyncio.Task[list[int]]"]:
        thread = FakeThread()
        consumer = consumer_of(app, thread)
        reading = asyncio.create_task(fetched(consumer))
        await turns()
        assert thread.fetching
        consumer.stop_flow()
        return consumer, thread, reading

    async def test_plain_faust_never_waits_for_it(self) -> None:
        consumer, thread, reading = await self.fetching(plain_app())
        await asyncio.wait_for(consumer.wait_for_stopped_flow(), 1)
        assert thread.fetching, "it waits now (F10): SettledConsumer._wait_next_records and getmany may go"
        thread.gate.set()
        await reading

    async def test_ours_waits_for_it(self) -> None:
        consumer, thread, reading = await self.fetching(our_app())
        waiting = asyncio.create_task(consumer.wait_for_stopped_flow())
        await turns()
        assert not waiting.done()
        thread.gate.set()
        await asyncio.wait_for(waiting, 1)
        assert not thread.fetching
        await reading

    async def test_plain_faust_waits_nowhere_in_a_recovery(self) -> None:
        """Even a wait that works would not be asked for."""
        app = plain_app()
        consumer, thread, reading = await self.fetching(app)
        asked: list[bool] = []

        async def wait() -> None:
            asked.append(True)

        async def nothing() -> None: ...

        consumer.wait_for_stopped_flow = wait
        app._fetcher.maybe_start = nothing
        await app.tables.recovery.on_recovery_completed(1)
        assert consumer.flow_active
        assert not asked, "the recovery waits now (F10): QuietRecovery may go"
        thread.gate.set()
        await reading

    async def test_what_such_a_fetch_brings_is_thrown_away(self) -> None:
        """With the flow stopped, the records are dropped; where nothing is committed, nobody rewinds the position."""
        for app in (plain_app(), our_app()):
            consumer, thread, reading = await self.fetching(app)
            thread.committed = {PLACE: None}
            thread.gate.set()
            assert await reading == []
            assert thread.rewound == ([PLACE] if isinstance(consumer, SettledConsumer) else [])


class TestNoSettingForIdempotence:
    """F14."""

    async def test_plain_faust_has_none_in_at_least_once_mode(self) -> None:
        producer = plain_app().producer
        assert "enable_idempotence" not in producer._settings_extra(), "there is one now (F14): use it"
        assert "enable_idempotence" not in producer._settings_default(), "there is one now (F14): use it"

    async def test_ours_is_idempotent_and_asks_every_replica(self) -> None:
        producer = our_app().producer._new_producer()
        assert producer._txn_manager is not None
        assert producer._sender._acks == -1
        producer._closed = True  # it was never started


class TestACommitWithoutAMembership:
    """F15: a coordinator accepts it while the group is empty, as after a broker's sleep."""

    @staticmethod
    async def committed(kind: Any, *, generation: int, member_id: str, is_assigned: bool) -> bool:
        """Let a coordinator commit, and tell whether a request left."""
        coordinator, sent = kind.__new__(kind), list[object]()
        coordinator.group_id, coordinator.coordinator_id = "group", 1
        coordinator.generation, coordinator.member_id = generation, member_id

        async def send(request: object) -> SimpleNamespace:
            sent.append(request)
            return SimpleNamespace(topics=[])

        coordinator._send_req = send
        offsets = {TopicPartition(PLACE.topic, PLACE.partition): OffsetAndMetadata(3, "")}
        await coordinator._do_commit_offsets(SimpleNamespace(active=is_assigned), offsets)
        return bool(sent)

    async def test_plain_aiokafka_sends_it(self) -> None:
        sent = await self.committed(GroupCoordinator, generation=-1, member_id="", is_assigned=True)
        assert sent, "aiokafka commits as a member only (F15): MemberCoordinator's check may go"

    @pytest.mark.parametrize(
        ("generation", "member_id", "is_assigned"), [(-1, "", True), (7, "", True), (7, "me", False)]
    )
    async def test_ours_refuses(self, *, generation: int, member_id: str, is_assigned: bool) -> None:
        with pytest.raises(IllegalGenerationError):
            await self.committed(MemberCoordinator, generation=generation, member_id=member_id, is_assigned=is_assigned)

    async def test_a_member_commits(self) -> None:
        assert await self.committed(MemberCoordinator, generation=7, member_id="me", is_assigned=True)


class TestAZombieWrites:
    """F16: a worker that was expelled while it slept goes on with what it was at, and the last status wins."""

    def test_plain_faust_asks_nobody_before_a_send(self) -> None:
        told = inspect.getsource(faust_driver.Producer) + inspect.getsource(AIOKafkaProducer)
        asks = "generation" in told or "member" in told
        assert not asks, "a producer knows of the membership now (F16): Lease may go"

    async def test_ours_hands_out_nothing_in_doubt(self) -> None:
        """What it does with it then: tests/app/stream/test_producer.py."""
        app = our_app()
        producer = app.producer._new_producer()
        assert producer._message_accumulator.lease is app.lease
        assert app.lease.is_lost
        producer._closed = True  # it was never started
