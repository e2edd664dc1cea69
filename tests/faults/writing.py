"""Our own producer and delivery on a real broker: Faust's producer with our corrections, and an end that is a value."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from agents.effects import Outgoing
from app.delivery import Delivery
from app.settings import Settings
from app.stream.application import stream_application
from app.stream.lease import Lease

CLOSE_SECONDS = 5.0
# Longer than any of the faults.
MEMBER_SECONDS = 3_600.0


class Ended(BaseException):
    """The process would have ended here; the text is what its log would say."""


def end(reason: str) -> NoReturn:
    raise Ended(reason)


@asynccontextmanager
async def delivering(bootstrap: str, deadline_seconds: float) -> AsyncIterator[Delivery]:
    """A delivery over the producer that a worker has, as a member that nobody expels."""
    app = stream_application("faults", Settings(kafka_bootstrap_servers=bootstrap))
    app.lease = Lease(MEMBER_SECONDS)
    app.lease.renew(app.lease.clock())
    producer = app.producer
    await producer.start()
    try:
        yield Delivery(lambda: producer, end, deadline_seconds)
    finally:
        await _abandon(producer)


async def _abandon(producer: Any) -> None:
    """Close it as the end of a process does: what is in its buffers is lost, and nobody waits for it."""
    client = producer._producer
    client._closed = True
    sending = client._sender.sender_task
    sending.cancel()
    await asyncio.wait([sending], timeout=CLOSE_SECONDS)
    await client.client.close()
    await asyncio.wait([asyncio.create_task(producer.stop())], timeout=CLOSE_SECONDS)


@asynccontextmanager
async def administering(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def make_topic(bootstrap: str, name: str, copies: int = 1, **configured: str) -> None:
    settings = {key.replace("_", "."): value for key, value in configured.items()}
    async with administering(bootstrap) as admin:
        topic = NewTopic(name, num_partitions=1, replication_factor=copies, topic_configs=settings)
        await admin.create_topics([topic])


async def leader_of(bootstrap: str, topic: str) -> int:
    """The node that leads it now; a topic that was just made has none for a moment."""
    async with administering(bootstrap) as admin, asyncio.timeout(30):
        while True:
            (described,) = await admin.describe_topics([topic])
            for partition in described["partitions"]:
                if partition["leader"] >= 0:
                    return int(partition["leader"])
            await asyncio.sleep(0.1)


async def values(bootstrap: str, topic: str) -> list[bytes | None]:
    """Every value that stands there, in order."""
    place = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    found: list[bytes | None] = []
    try:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end_offset = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end_offset:
            came = (await consumer.getmany(place, timeout_ms=500)).get(place, ())
            found.extend(each.value for each in came)
    finally:
        await consumer.stop()
    return found


def record(topic: str, value: bytes, key: bytes = b"key") -> Outgoing:
    return Outgoing(topic, key, value, {"ce_id": b"1"})
