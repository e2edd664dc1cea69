"""ROLLING: a deployment. Every worker in turn is asked to end, and its successor is awaited, while documents come."""

from tests.chaos.scenario import Chaos, Scenario, Size
from tests.chaos.workers import NAMES, one_broker


async def restart(chaos: Chaos, number: int) -> str:
    """SIGTERM, wait for the end, start again, wait until it is ready: only then comes the next one's turn."""
    name = NAMES[number % len(NAMES)]
    code = await chaos.do(chaos.cluster.stop_worker, name)
    if code != 0:
        chaos.ended.append(f"{name} {code} on SIGTERM")
    chaos.cluster.start_worker(name)
    await chaos.cluster.ready(name)
    return "restart"


ROLLING = Scenario(
    "ROLLING",
    "three workers restarted one after the other by SIGTERM, again and again, as a deployment does",
    {"gate": Size(600, 6, (0.5, 2.0), 8.0), "full": Size(5_000, 60, (0.5, 3.0), 8.0)},
    one_broker,
    restart,
    is_orderly=True,
)
