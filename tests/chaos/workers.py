"""R1 and R6: workers that are killed, and workers that come and go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.local.kafka import Broker
from app.local.samples import SampleSet
from tests.audit_log.sealers import OneSealer, sealing
from tests.chaos.scenario import Chaos, Scenario, Size
from tests.system.cluster import NOT_BEGUN, Cluster, working

# What Python is given: ours, and ours without its corrections to Faust.
OURS = ("-m", "app", "worker")
PLAIN = ("-m", "tests.chaos.plain_worker")
NAMES = ("first", "second", "third")
# Between a worker's death and its successor's start.
RESTART_SECONDS = (0.0, 1.5)
SEALER_EVERY = 3
# A storm has between one and so many workers; two cores bear no more.
STORM_WORKERS_MAX = 4


@asynccontextmanager
async def one_broker(
    folder: Path, samples: SampleSet, command: tuple[str, ...] = OURS
) -> AsyncIterator[tuple[Cluster, Broker]]:
    """Three workers over one broker."""
    with Broker(folder / "kafka") as broker:
        cluster = Cluster(broker.bootstrap_servers, folder, samples, command)
        async with working(cluster, NAMES):
            yield cluster, broker


@asynccontextmanager
async def one_broker_and_a_sealer(folder: Path, samples: SampleSet) -> AsyncIterator[tuple[Cluster, OneSealer]]:
    """Three workers and a sealer of the audit log over one broker."""
    async with (
        one_broker(folder, samples) as (cluster, _broker),
        sealing(cluster.bootstrap, folder / "audit") as sealer,
    ):
        yield cluster, sealer


async def kill(chaos: Chaos, number: int) -> str:
    """`kill -9` of the parent of any worker, even one that has only just started; another takes its place.

    Every third time the sealer of the audit log, where there is one, is killed as well.
    """
    if isinstance(chaos.stage, OneSealer) and number % SEALER_EVERY == 0:
        await chaos.do(chaos.stage.restart)
    name = chaos.random.choice(chaos.cluster.workers)
    await chaos.do(chaos.cluster.kill_worker, name)
    await chaos.pause(*RESTART_SECONDS)
    chaos.cluster.start_worker(name)
    return "kill -9"


async def come_or_go(chaos: Chaos, number: int) -> str:
    """A worker joins, or one leaves on SIGTERM: which, the dice say, between one worker and four."""
    workers = chaos.cluster.workers
    joins = len(workers) < 2 or (len(workers) < STORM_WORKERS_MAX and chaos.random.random() < 0.5)
    if joins:
        chaos.cluster.start_worker(f"joined-{number}")
        return "join"
    name = chaos.random.choice(workers)
    code = await chaos.do(chaos.cluster.stop_worker, name)
    if code == NOT_BEGUN:
        return "leave before the first line"
    if code != 0:
        chaos.ended.append(f"{name} {code} on SIGTERM")
    return "leave"


R1 = Scenario(
    "R1",
    "kill -9 of random workers, three of them over six partitions",
    {"gate": Size(1_000, 10, (2.0, 6.0)), "full": Size(10_000, 100, (4.0, 12.0))},
    one_broker_and_a_sealer,
    kill,
)
R6 = Scenario(
    "R6",
    "a rebalance storm: every few seconds a worker joins, or leaves on SIGTERM",
    {"gate": Size(600, 17, (2.0, 5.0)), "full": Size(5_000, 70, (2.0, 6.0))},
    one_broker,
    come_or_go,
)
R1_PLAIN, R6_PLAIN = (
    replace(
        scenario,
        name=f"{scenario.name}-plain",
        meaning=f"{scenario.meaning}; on plain Faust",
        stage=partial(one_broker, command=PLAIN),
        is_comparison=True,
    )
    for scenario in (R1, R6)
)
