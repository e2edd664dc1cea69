"""Makes the topics that are missing and compares those that are there. Nothing else ever creates a topic."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from app.kafka_client import client_arguments
from app.settings import Settings
from schemas.topics import DEFAULT_PARTITIONS, FOREVER_MS, READ_BY_STAGES, TOPICS, Topic
from tables.declared import TABLES

# Three copies survive the loss of one broker and the maintenance of another.
REPLICATION_MAX = 3
CREATE_TIMEOUT_MS = 30_000
LEADER_PAUSE_SECONDS = 0.1
# Until then compaction must not let a zombie's record stand for its key: the next owner of the partition, or this one
# at its next claim, writes the right one again (docs/decisions/0015). As long as segments are open by default anyway.
COMPACTION_LAG_MS = 7 * 24 * 3600 * 1000
# Dead letters wait for a person; a month covers a holiday.
DEAD_RETENTION_MS = 30 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Wanted:
    """A topic as it ought to be."""

    name: str
    partitions: int
    settings: dict[str, str]


@dataclass(frozen=True)
class Comparison:
    """What was made, what was there, and what is wrong with it (each a sentence)."""

    created: tuple[str, ...]
    present: tuple[str, ...]
    wrong: tuple[str, ...]


def wanted_topics(partitions: int = DEFAULT_PARTITIONS) -> Iterator[Wanted]:
    """Yield every topic: those of the vocabulary, dead letters, and the changelogs of the tables."""
    for topic in TOPICS:
        yield Wanted(topic.name, 1 if topic.single else partitions, _retention(topic))
    for topic in READ_BY_STAGES:
        yield Wanted(topic.dead, 1 if topic.single else partitions, {"retention.ms": str(DEAD_RETENTION_MS)})
    for table in TABLES:
        settings = {"cleanup.policy": "compact", "min.compaction.lag.ms": str(COMPACTION_LAG_MS)}
        yield Wanted(table.changelog, partitions, settings)


def _retention(topic: Topic) -> dict[str, str]:
    if topic.compacted:
        return {"cleanup.policy": "compact"}
    forever = {"retention.bytes": "-1"} if topic.retention_ms == FOREVER_MS else {}
    return {"cleanup.policy": "delete", "retention.ms": str(topic.retention_ms), **forever}


async def create_topics(
    settings: Settings, partitions: int = DEFAULT_PARTITIONS, replication: int | None = None
) -> Comparison:
    """Create what is missing and compare what is there.

    Raises:
        aiokafka.errors.KafkaError: where the broker cannot be reached or refuses.
    """
    admin = AIOKafkaAdminClient(**client_arguments(settings))
    try:
        await admin.start()
        wanted = list(wanted_topics(partitions))
        found = await _partition_counts(admin, [topic.name for topic in wanted])
        copies = replication or min(REPLICATION_MAX, len(await _brokers(admin)))
        missing = [topic for topic in wanted if topic.name not in found]
        if missing:
            await _create(admin, missing, copies)
            await _led(admin, [topic.name for topic in missing])
    finally:
        await admin.close()
    present = tuple(topic.name for topic in wanted if topic.name in found)
    return Comparison(tuple(topic.name for topic in missing), present, tuple(mismatches(wanted, found)))


async def compare_topics(settings: Settings) -> tuple[int, tuple[str, ...]]:
    """Return how many partitions the partitioned topics have, and what is wrong with any, each as a sentence.

    Nothing is changed. Any number of partitions is right as long as all partitioned topics have the same.
    """
    admin = AIOKafkaAdminClient(**client_arguments(settings))
    try:
        await admin.start()
        names = [topic.name for topic in wanted_topics()]
        found = await _partition_counts(admin, names)
    finally:
        await admin.close()
    partitioned = [topic.name for topic in TOPICS if not topic.single and topic.name in found]
    partitions = found[partitioned[0]] if partitioned else DEFAULT_PARTITIONS
    return partitions, tuple(mismatches(list(wanted_topics(partitions)), found, missing_too=True))


def mismatches(wanted: list[Wanted], found: dict[str, int], *, missing_too: bool = False) -> Iterator[str]:
    """Yield what is wrong with the partitions of the topics found."""
    for topic in wanted:
        if topic.name in found and found[topic.name] != topic.partitions:
            yield f"{topic.name} has {found[topic.name]} partitions, needs {topic.partitions}"
        if missing_too and topic.name not in found:
            yield f"{topic.name} is missing"


async def _create(admin: AIOKafkaAdminClient, missing: list[Wanted], copies: int) -> None:
    in_sync = str(max(1, copies - 1))
    topics = [
        NewTopic(
            topic.name,
            num_partitions=topic.partitions,
            replication_factor=copies,
            topic_configs={
                **topic.settings,
                "min.insync.replicas": in_sync,
                "unclean.leader.election.enable": "false",
            },
        )
        for topic in missing
    ]
    response = await admin.create_topics(topics, timeout_ms=CREATE_TIMEOUT_MS)
    refused = [f"{name}: {message or code}" for name, code, message in response.topic_errors if code not in (0, 36)]
    if refused:
        raise TopicsRefused("; ".join(refused))


async def _led(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    """Wait until every partition has a leader: the first records would be refused until then, and tried again."""
    async with asyncio.timeout(CREATE_TIMEOUT_MS / 1000):
        while not all(  # noqa: ASYNC110 - the broker tells of a leader only who asks
            topic["error_code"] == 0 and all(place["leader"] >= 0 for place in topic["partitions"])
            for topic in await admin.describe_topics(names)
        ):
            await asyncio.sleep(LEADER_PAUSE_SECONDS)


async def _partition_counts(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    known = set(await admin.list_topics())
    described = await admin.describe_topics([name for name in names if name in known])
    return {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}


async def _brokers(admin: AIOKafkaAdminClient) -> list[object]:
    description = await admin.describe_cluster()
    return list(description["brokers"])


class TopicsRefused(Exception):  # noqa: N818 - it says what happened
    """The broker refused to create topics; the message says which and why."""
