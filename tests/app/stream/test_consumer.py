"""The consumer: it commits what was settled, rewinds what was never committed, and tells truly whether it fetches."""

import asyncio

import pytest
from faust.types import TP

from app.stream.consumer import SettledConsumer
from tests.app.stream.faust_parts import PLACE, FakeThread, consumer_of, fetched, our_app, plain_app, record, turns

SECOND = TP("t", 1)


@pytest.fixture
async def thread() -> FakeThread:
    return FakeThread()


@pytest.fixture
async def consumer(thread: FakeThread) -> SettledConsumer:
    made: SettledConsumer = consumer_of(our_app(), thread)
    return made


async def test_it_commits_the_offset_after_the_last_settled_event(
    consumer: SettledConsumer, thread: FakeThread
) -> None:
    consumer.settle(PLACE, 41, 1)
    await consumer.commit()
    assert thread.commits == [{PLACE: 42}]


async def test_it_commits_the_first_event_of_a_partition(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer.settle(PLACE, 0, 1)
    await consumer.commit()
    assert thread.commits == [{PLACE: 1}]


async def test_it_commits_nothing_of_its_own_accord(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer._acked[PLACE] = [0, 1, 2]
    await consumer.commit()
    assert thread.commits == []


async def test_it_commits_an_offset_once(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer.settle(PLACE, 41, 1)
    await consumer.commit()
    await consumer.commit()
    assert thread.commits == [{PLACE: 42}]


async def test_a_settled_offset_never_goes_back(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer.settle(PLACE, 41, 1)
    consumer.settle(PLACE, 7, 1)
    await consumer.commit()
    assert thread.commits == [{PLACE: 42}]


async def test_an_event_of_another_generation_is_not_settled(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer.settle(PLACE, 41, 2)
    await consumer.commit()
    assert thread.commits == []


async def test_what_is_settled_after_the_revocation_is_not_kept(consumer: SettledConsumer, thread: FakeThread) -> None:
    """Between revocation and assignment the old generation is still Faust's present one."""
    await consumer.on_partitions_revoked({PLACE})
    consumer.settle(PLACE, 41, 1)
    await consumer.commit()
    assert thread.commits == []


async def test_a_revocation_drains_then_commits_then_forgets(consumer: SettledConsumer, thread: FakeThread) -> None:
    async def drain() -> None:
        await turns()
        consumer.settle(PLACE, 41, 1)

    consumer.drain = drain
    await consumer.on_partitions_revoked({PLACE})
    assert thread.commits == [{PLACE: 42}]
    await consumer.commit()
    assert len(thread.commits) == 1


async def test_a_stop_commits_what_a_commit_under_way_has_missed(consumer: SettledConsumer, thread: FakeThread) -> None:
    """Faust takes a commit that is under way for its own, although the last event was settled after it began."""
    thread.commit_gate.clear()
    consumer.settle(PLACE, 41, 1)
    earlier = asyncio.create_task(consumer.commit())
    await turns()
    consumer.settle(PLACE, 42, 1)
    stop = asyncio.create_task(consumer.wait_empty())
    await turns()
    thread.commit_gate.set()
    await asyncio.gather(earlier, stop)
    assert thread.commits == [{PLACE: 42}, {PLACE: 43}]


async def test_a_partition_without_a_commit_is_read_from_its_beginning(
    consumer: SettledConsumer, thread: FakeThread
) -> None:
    """What a fetch brought during the recovery was thrown away; aiokafka alone would go on behind it."""
    thread.committed = {PLACE: None, SECOND: 17}
    await consumer.perform_seek()
    assert thread.rewound == [PLACE]


async def test_a_changelog_is_never_rewound_by_a_seek_to_the_commits(
    consumer: SettledConsumer, thread: FakeThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "_is_changelog_tp", lambda place: place == SECOND)
    thread.committed = {SECOND: None}
    await consumer.perform_seek()
    assert thread.rewound == []


async def test_it_asks_whether_it_is_a_member_of_its_generation(consumer: SettledConsumer, thread: FakeThread) -> None:
    await consumer.on_partitions_assigned({PLACE}, 7)
    assert await consumer.is_member()
    assert (thread.asked, thread.commits) == ([7], [])


async def test_who_has_no_generation_is_no_member(consumer: SettledConsumer, thread: FakeThread) -> None:
    await consumer.on_partitions_revoked({PLACE})
    assert not await consumer.is_member()
    assert thread.asked == []


async def test_it_is_not_idle_while_it_hands_records_on(consumer: SettledConsumer, thread: FakeThread) -> None:
    thread.records = {PLACE: [record(1), record(2)]}
    thread.gate.set()
    batches = consumer.getmany(1.0)
    await anext(batches)
    stopped = asyncio.create_task(consumer.wait_for_stopped_flow())
    await turns()
    assert not stopped.done()
    assert [message.offset async for _, message in batches] == [2]
    await asyncio.wait_for(stopped, 1)


async def test_a_flow_stopped_again_before_it_ran_leaves_the_consumer_idle(
    consumer: SettledConsumer, thread: FakeThread
) -> None:
    """A recovery without changelog records resumes and stops the flow in one breath, then waits for silence."""
    consumer.stop_flow()
    reading = asyncio.create_task(fetched(consumer))
    await turns()
    consumer.resume_flow()
    await turns(2)  # the fetch is woken, and has not run yet
    consumer.stop_flow()
    await turns()
    await asyncio.wait_for(consumer.wait_for_stopped_flow(), 1)
    assert thread.fetches == 0
    reading.cancel()


async def test_a_resumed_flow_is_fetched_from(consumer: SettledConsumer, thread: FakeThread) -> None:
    consumer.stop_flow()
    reading = asyncio.create_task(fetched(consumer))
    await turns()
    thread.records = {PLACE: [record(5)]}
    thread.gate.set()
    consumer.resume_flow()
    assert await asyncio.wait_for(reading, 1) == [5]


async def test_a_failed_fetch_leaves_the_consumer_idle(consumer: SettledConsumer, thread: FakeThread) -> None:
    reading = asyncio.create_task(fetched(consumer))
    await turns()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await asyncio.wait_for(consumer.wait_for_stopped_flow(), 1)
    assert not thread.fetching


async def test_a_partition_without_a_position_ends_nothing(consumer: SettledConsumer) -> None:
    """Plain Faust asks the consumer thread about each, and the thread asserts that it knows the position."""
    await consumer.verify_all_partitions_active()


async def test_plain_faust_asks_for_the_position_without_knowing_whether_there_is_one() -> None:
    class Unpositioned(FakeThread):
        def verify_event_path(self, _now: float, _place: TP) -> None:
            raise AssertionError  # as aiokafka's TopicPartitionState.position

    plain = consumer_of(plain_app(), Unpositioned())
    with pytest.raises(AssertionError):
        await plain.verify_all_partitions_active()
