"""The gate sizes of every kind of chaos, on a real Kafka: `python -m tests.chaos NAME --seed N` runs one again.

CHAOS_SEED draws others than the usual ones; CHAOS_FOLDER keeps the results.
"""

import os
from pathlib import Path

import pytest

from tests.chaos.catalogue import SCENARIOS
from tests.chaos.scenario import run

SEED = int(os.environ.get("CHAOS_SEED", "2026"))
DATE = "gate"

pytestmark = [pytest.mark.chaos, pytest.mark.kafka, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_is_lost_and_nothing_is_paid_twice(name: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    result = await run(scenario, scenario.sizes["gate"], SEED, tmp_path)
    told = result.write(Path(os.environ.get("CHAOS_FOLDER", tmp_path)), DATE, "gate")
    print(told)  # noqa: T201 - shown where it fails
    assert result.report.is_clean, told
