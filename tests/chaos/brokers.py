"""R2: three brokers, of which one at a time is killed or stopped cleanly, and started again."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from app.local.kafka import Broker
from app.local.kafka.configuration import Member, Quorum
from app.local.kafka.folder import new_cluster_id
from app.local.ports import free_port
from app.local.samples import SampleSet
from tests.chaos.scenario import Chaos, Scenario, Size
from tests.chaos.workers import NAMES
from tests.system.cluster import Cluster, working

NODES = (1, 2, 3)
# Guards against a hang: a node is back after 8 s on two calm cores, and after more than 60 s on half of a busy one.
START_SECONDS = STOP_SECONDS = 300.0
# Between a node's end and its start.
DOWN_SECONDS = (0.5, 4.0)


@asynccontextmanager
async def three_brokers(folder: Path, samples: SampleSet) -> AsyncIterator[tuple[Cluster, list[Broker]]]:
    """Three workers over three nodes: three copies of each partition, two of which must be in sync."""
    quorum = Quorum(new_cluster_id(), tuple(Member(node, free_port(), free_port()) for node in NODES))
    brokers = [Broker(folder / f"kafka-{node}", quorum, node) for node in NODES]
    with ExitStack() as stack:
        for broker in brokers:
            stack.callback(broker.stop, timeout_seconds=0.0)  # a node without its quorum cannot leave in order
            await asyncio.to_thread(broker.launch)
        for broker in brokers:
            await asyncio.to_thread(broker.await_ready, START_SECONDS)
        cluster = Cluster(quorum.bootstrap_servers, folder, samples)
        async with working(cluster, NAMES):
            yield cluster, brokers


async def bounce(chaos: Chaos, number: int) -> str:
    """One node goes and comes back, by turns as a power cut and as an operator has it."""
    broker = chaos.random.choice(chaos.stage)
    kind = "clean stop" if number % 2 else "kill -9"
    if kind == "kill -9":
        broker.process.signal(signal.SIGKILL)
    await asyncio.to_thread(broker.stop, STOP_SECONDS)
    await chaos.pause(*DOWN_SECONDS)
    await asyncio.to_thread(broker.launch)
    await asyncio.to_thread(broker.await_ready, START_SECONDS)
    return f"broker {kind}"


R2 = Scenario(
    "R2",
    "brokers killed and stopped, three of them with three copies of which two are in sync, and a reader alongside",
    {"gate": Size(300, 4, (1.0, 4.0)), "full": Size(5_000, 40, (2.0, 10.0))},
    three_brokers,
    bounce,
    may_give_up=True,
)
