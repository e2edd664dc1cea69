"""The last place before the wire: what a worker may still write that has slept, on a real Kafka."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError

from app.stream.lease import Expelled, Lease
from app.stream.producer import MemberAccumulator

SESSION_SECONDS = 6.0

pytestmark = pytest.mark.kafka


class Bench:
    """A producer that writes under a lease whose clock a test moves."""

    def __init__(self, producer: Any, name: str) -> None:
        self.producer, self.name, self.now = producer, name, 100.0
        self.lease = Lease(SESSION_SECONDS, lambda: self.now)
        producer._message_accumulator.__class__ = MemberAccumulator
        producer._message_accumulator.lease = self.lease
        self.lease.renew(self.now)

    async def written(self, value: bytes, topic: str = "") -> int:
        sent = await self.producer.send(topic or self.name, value)
        offset: int = (await sent).offset
        return offset

    async def looked(self) -> None:
        """Return when the sender has looked at what waits a few times more."""
        waiting, seen = self.producer._message_accumulator, list[Any]()
        while len(seen) < 3:
            seen.append(await waiting.waiter())


@asynccontextmanager
async def bench(bootstrap: str) -> AsyncIterator[Bench]:
    name = f"lease-{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1), NewTopic(f"{name}-changelog", 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=3) as producer:
        yield Bench(producer, name)


async def test_a_member_writes_and_who_is_in_doubt_waits(kafka_bootstrap: str) -> None:
    async with bench(kafka_bootstrap) as at:
        assert await at.written(b"certain") == 0
        at.now += SESSION_SECONDS
        writing = asyncio.create_task(at.written(b"in doubt"))
        await at.looked()
        assert not writing.done()
        at.lease.renew(at.now)
        assert await writing == 1


async def test_what_an_expelled_member_held_never_leaves_and_the_next_term_goes_on(kafka_bootstrap: str) -> None:
    """No sequence number was given to it, so the same producer writes on."""
    async with bench(kafka_bootstrap) as at:
        assert await at.written(b"before") == 0
        at.now += SESSION_SECONDS
        writing = [asyncio.create_task(at.written(value)) for value in (b"a", b"b")]
        await at.looked()
        at.lease.lose()
        assert [type(each) for each in await asyncio.gather(*writing, return_exceptions=True)] == [Expelled, Expelled]
        with pytest.raises(Expelled):
            await at.written(b"and nothing later")
        at.lease.renew(at.now)
        assert await at.written(b"after") == 1


async def test_a_changelog_is_written_all_the_same(kafka_bootstrap: str) -> None:
    """Claims are, before there is a certain membership; and what a zombie writes there does not count."""
    async with bench(kafka_bootstrap) as at:
        at.lease.lose()
        assert await at.written(b"change", f"{at.name}-changelog") == 0


async def test_what_was_on_the_wire_is_dropped_too_and_the_producer_begins_anew(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that is cut longer than a session: the batch has its sequence number, and the broker misses it."""
    async with bench(kafka_bootstrap) as at:
        assert await at.written(b"before") == 0
        before = at.producer._txn_manager.producer_id
        tried = asyncio.Event()

        async def send(*_request: Any) -> None:
            tried.set()
            raise KafkaConnectionError

        with monkeypatch.context() as cut:
            cut.setattr(at.producer.client, "send", send)
            writing = asyncio.create_task(at.written(b"cut off"))
            await tried.wait()
            at.lease.lose()
            with pytest.raises(Expelled):
                await writing
        at.lease.renew(at.now)
        assert [await at.written(value) for value in (b"after", b"and on")] == [1, 2]
        assert at.producer._txn_manager.producer_id != before


async def test_what_belongs_to_an_earlier_membership_is_not_written_in_the_next(kafka_bootstrap: str) -> None:
    """Between an expulsion and the next term no sender may have looked."""
    async with bench(kafka_bootstrap) as at:
        at.now += SESSION_SECONDS
        writing = asyncio.create_task(at.written(b"of then"))
        await at.looked()
        at.lease.lose()
        at.lease.renew(at.now)
        with pytest.raises(Expelled):
            await writing
        assert await at.written(b"of now") == 0
