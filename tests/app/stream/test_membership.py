"""What a coordinator of a real Kafka accepts from a client that it has expelled, and what ours sends it (F15, F16)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import CommitFailedError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from app.stream.lease import Lease
from app.stream.membership import MemberCoordinator

SETTLED_BY_OTHERS, SETTLED_BEFORE_THE_SLEEP = 32, 3

pytestmark = pytest.mark.kafka


@asynccontextmanager
async def member(bootstrap: str) -> AsyncIterator[tuple[Any, TopicPartition]]:
    """Give the only member of a group, and its partition."""
    name = f"membership-{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1)])
    await admin.close()
    consumer = AIOKafkaConsumer(name, bootstrap_servers=bootstrap, group_id=name, enable_auto_commit=False)
    async with consumer:  # its start waits for the first assignment
        yield consumer, TopicPartition(name, 0)


async def expelled(consumer: Any) -> None:
    """Put the consumer out of its group, which is empty then, and let it not come back by itself."""
    coordinator = consumer._coordinator
    coordinator._coordination_task.cancel()
    await coordinator._stop_heartbeat_task()
    await coordinator._maybe_leave_group()


def made_ours(coordinator: Any, session_seconds: float = 30.0) -> Lease:
    """Make a coordinator ours, as MemberThread does, and return its lease."""
    coordinator.__class__ = MemberCoordinator
    lease: Lease = Lease(session_seconds)
    coordinator.lease = lease
    return lease


async def test_plain_aiokafka_takes_an_offset_back_where_the_group_is_empty(kafka_bootstrap: str) -> None:
    async with member(kafka_bootstrap) as (consumer, place):
        await consumer.commit({place: OffsetAndMetadata(SETTLED_BY_OTHERS, "")})
        await expelled(consumer)
        await consumer.commit({place: OffsetAndMetadata(SETTLED_BEFORE_THE_SLEEP, "")})
        assert await consumer.committed(place) == SETTLED_BEFORE_THE_SLEEP, "MemberCoordinator may go (F15)"


async def test_ours_leaves_it_where_it_is(kafka_bootstrap: str) -> None:
    async with member(kafka_bootstrap) as (consumer, place):
        coordinator = consumer._coordinator
        made_ours(coordinator)
        await consumer.commit({place: OffsetAndMetadata(SETTLED_BY_OTHERS, "")})
        assert await coordinator.confirms(coordinator.generation)
        generation = coordinator.generation
        await expelled(consumer)
        assert await coordinator.confirms(generation) is False
        with pytest.raises(CommitFailedError, match="already rebalanced"):
            await consumer.commit({place: OffsetAndMetadata(SETTLED_BEFORE_THE_SLEEP, "")})
        assert await consumer.committed(place) == SETTLED_BY_OTHERS


async def test_a_member_of_another_generation_is_not_confirmed(kafka_bootstrap: str) -> None:
    async with member(kafka_bootstrap) as (consumer, _place):
        coordinator = consumer._coordinator
        made_ours(coordinator)
        assert await coordinator.confirms(coordinator.generation + 1) is False


async def test_the_lease_is_held_from_an_answer_to_an_expulsion(kafka_bootstrap: str) -> None:
    async with member(kafka_bootstrap) as (consumer, _place):
        coordinator = consumer._coordinator
        lease = made_ours(coordinator)
        assert not lease.is_certain, "nobody has asked yet"
        assert await coordinator.confirms(coordinator.generation)
        assert lease.is_certain
        await expelled(consumer)
        assert not lease.is_certain


class Heard(Lease):
    """A lease that tells when it is renewed."""

    def __init__(self) -> None:
        super().__init__(30.0)
        self.heard = asyncio.Event()

    def renew(self, sent_at: float) -> None:
        super().renew(sent_at)
        self.heard.set()


async def test_whoever_joins_again_asks_at_once(kafka_bootstrap: str) -> None:
    """Without that the first heartbeat, seconds after, would be the first word that lets anything be written."""
    async with member(kafka_bootstrap) as (consumer, _place):
        coordinator = consumer._coordinator
        made_ours(coordinator)
        lease = coordinator.lease = Heard()
        coordinator.reset_generation()
        await lease.heard.wait()
        assert lease.is_certain
