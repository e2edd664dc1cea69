"""What a broker promises, held against the real Kafka and against the one that the simulator runs on."""

from collections.abc import AsyncIterator

import pytest

from tests.simulation.benches import Bench, KafkaBench, MemoryBench, until

PARTITIONS = 3
# Of the Java client's default partitioner, over three partitions.
HOMES = {b"a": 1, b"b": 2, b"ik_abc": 2, "société".encode(): 1, b"": 0}


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made: Bench = MemoryBench() if request.param == "memory" else KafkaBench(request.getfixturevalue("kafka_bootstrap"))
    await made.create(PARTITIONS)
    yield made
    await made.close()


class TestLog:
    async def test_a_partition_keeps_the_order_of_one_sender(self, bench: Bench) -> None:
        sent = [await bench.send(b"k", b"%d" % number, partition=1) for number in range(200)]
        places = [await confirmed for confirmed in sent]
        assert places == [(1, offset) for offset in range(200)]
        assert [value for _, _, value in await bench.read(1)] == [b"%d" % number for number in range(200)]

    async def test_a_named_partition_is_kept_whatever_the_key_says(self, bench: Bench) -> None:
        for partition in range(PARTITIONS):
            assert (await (await bench.send(b"same", b"v", partition=partition)))[0] == partition

    async def test_a_key_has_one_partition_and_it_is_that_of_the_java_client(self, bench: Bench) -> None:
        homes = {key: (await (await bench.send(key, b"v")))[0] for key in HOMES}
        assert homes == HOMES

    async def test_what_is_confirmed_can_be_read(self, bench: Bench) -> None:
        for number in range(5):
            partition, offset = await (await bench.send(b"%d" % number, b"v%d" % number))
            assert await bench.read(partition, offset) == [(offset, b"%d" % number, b"v%d" % number)]

    async def test_a_tombstone_stays_a_record_without_a_value(self, bench: Bench) -> None:
        await (await bench.send(b"k", b"v", 0))
        await (await bench.send(b"k", None, 0))
        assert await bench.read(0) == [(0, b"k", b"v"), (1, b"k", None)]

    async def test_a_record_may_have_no_key(self, bench: Bench) -> None:
        partition, offset = await (await bench.send(None, b"v"))
        assert await bench.read(partition, offset) == [(offset, None, b"v")]

    async def test_headers_come_as_they_were_sent(self, bench: Bench) -> None:
        partition, offset = await (await bench.send(b"k", b"v", None, {"ce_id": b"1", "odd": b"\x00\xff"}))
        assert await bench.headers(partition, offset) == {"ce_id": b"1", "odd": b"\x00\xff"}

    async def test_the_same_record_sent_twice_is_there_twice(self, bench: Bench) -> None:
        for _ in range(2):
            await (await bench.send(b"k", b"v", 2))
        assert len(await bench.read(2)) == 2


class TestGroup:
    async def test_who_comes_again_goes_on_where_it_committed(self, bench: Bench) -> None:
        for number in range(10):
            await (await bench.send(b"k", b"%d" % number, 0))
        first = await bench.join()
        assert [offset for _, offset in await first.read(10)] == list(range(10))
        assert await first.commit({0: 4})
        await first.close()
        second = await bench.join()
        assert (await second.read(6))[0] == (0, 4)
        assert await bench.committed(0) == 4

    async def test_without_a_commit_all_is_read_again(self, bench: Bench) -> None:
        await (await bench.send(b"k", b"v", 0))
        first = await bench.join()
        assert await first.read(1) == [(0, 0)]
        await first.close()
        assert await bench.committed(0) is None
        assert await (await bench.join()).read(1) == [(0, 0)]

    async def test_two_members_share_the_partitions_and_none_is_left(self, bench: Bench) -> None:
        first, second = await bench.join(), await bench.join()

        async def is_shared() -> bool:
            one, two = await first.partitions(), await second.partitions()
            return bool(one and two) and not one & two and one | two == frozenset(range(PARTITIONS))

        await until(is_shared)
        assert first.generation == second.generation

    async def test_who_leaves_leaves_its_partitions_to_the_other(self, bench: Bench) -> None:
        first, second = await bench.join(), await bench.join()

        async def is_shared() -> bool:
            return bool(await first.partitions() and await second.partitions())

        async def has_all() -> bool:
            return await first.partitions() == frozenset(range(PARTITIONS))

        await until(is_shared)
        before = first.generation
        await second.close()
        await until(has_all)
        assert first.generation > before

    async def test_a_commit_of_an_earlier_generation_is_refused(self, bench: Bench) -> None:
        first = await bench.join()

        async def has_all() -> bool:
            return await first.partitions() == frozenset(range(PARTITIONS))

        await until(has_all)
        stale = first.generation
        assert await first.commit({0: 0})
        second = await bench.join()

        async def is_shared() -> bool:
            return bool(await second.partitions()) and first.generation > stale

        await until(is_shared)
        assert not await first.commit({0: 7}, generation=stale)
        assert await bench.committed(0) == 0

    async def test_two_groups_do_not_know_of_each_other(self, bench: Bench) -> None:
        await (await bench.send(b"k", b"v", 0))
        first, other = await bench.join("one"), await bench.join("two")
        assert await first.read(1) == [(0, 0)]
        assert await first.commit({0: 1})
        assert await other.read(1) == [(0, 0)]
        assert await bench.committed(0, "two") is None
