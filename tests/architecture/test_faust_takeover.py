"""F10, on a real Kafka: ordinary deployments and crashes of workers with a table lose nothing.

Plain Faust loses events in about half of such take-overs; `benchmarks/takeover.py` counts both side by side.
"""

import pytest

from tests.architecture.takeover import take_over


@pytest.mark.kafka
async def test_a_stopped_a_joining_and_a_killed_worker_lose_nothing(kafka_bootstrap: str) -> None:
    outcome = await take_over(kafka_bootstrap, "takeover", "ours", events=2_800)
    assert outcome.lost == 0
    assert outcome.forgotten == 0
    assert outcome.exit_codes == (0, 0)
