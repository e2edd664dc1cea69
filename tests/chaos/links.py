"""R5: the links between workers and their broker fail, each worker's for itself or all at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.local.kafka import Broker
from app.local.kafka.configuration import Member, Quorum, Way
from app.local.kafka.folder import new_cluster_id
from app.local.ports import LOOPBACK, free_port
from app.local.samples import SampleSet
from tests.chaos.proxy import Link
from tests.chaos.scenario import Chaos, Scenario, Size
from tests.chaos.workers import NAMES
from tests.system.cluster import Cluster, working

KINDS = ("cut", "silent", "answers held", "questions held", "reset", "half closed")
# Below the 45 s after which a worker that cannot write gives up and ends, by design (app/delivery.py).
FAULT_SECONDS = (2.0, 25.0)
GATE_FAULT_SECONDS = (2.0, 10.0)
# One fault in so many hits every worker.
ALL_EVERY = 3


@asynccontextmanager
async def linked(folder: Path, samples: SampleSet) -> AsyncIterator[tuple[Cluster, dict[str, Link]]]:
    """Three workers, each with a link of its own to the one broker."""
    ways = {name: Way(free_port(), free_port()) for name in NAMES}
    quorum = Quorum(new_cluster_id(), (Member(1, free_port(), free_port(), tuple(ways.values())),))
    links = {name: Link(way.advertised_port, way.port) for name, way in ways.items()}
    with Broker(folder / "kafka", quorum):
        cluster = Cluster(quorum.bootstrap_servers, folder, samples)
        async with AsyncExitStack() as stack:
            for name, link in links.items():
                await link.open()
                stack.push_async_callback(link.close)
                cluster.routes[name] = f"{LOOPBACK}:{link.port}"
            async with working(cluster, NAMES):
                yield cluster, links


async def fail(chaos: Chaos, number: int) -> str:
    """One kind of failure, on one worker's link or on all, for a while."""
    kind = chaos.random.choice(KINDS)
    hit = NAMES if number % ALL_EVERY == ALL_EVERY - 1 else (chaos.random.choice(NAMES),)
    links = [chaos.stage[name] for name in hit]
    for link in links:
        await _break(link, kind)
    await chaos.pause(*(GATE_FAULT_SECONDS if chaos.size.faults <= 3 else FAULT_SECONDS))
    for link in links:
        link.heal()
        if kind == "cut":
            await link.open()
    return kind


async def _break(link: Link, kind: str) -> None:
    match kind:
        case "cut":
            await link.cut()
        case "silent":
            link.silence()
        case "answers held":
            link.silence(questions=False)
        case "questions held":
            link.silence(answers=False)
        case "reset":
            link.reset()
        case "half closed":
            link.half_close()


R5 = Scenario(
    "R5",
    "links between workers and the broker cut, reset, silent in one direction or both, half closed",
    {"gate": Size(300, 3, (2.0, 5.0)), "full": Size(4_000, 30, (4.0, 12.0))},
    linked,
    fail,
    may_give_up=True,
)
