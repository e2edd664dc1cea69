"""The gate sizes of every kind of chaos, on a real Kafka: `python -m tests.chaos NAME --gate --seed N` runs one again.

CHAOS_SEED draws others than the usual ones. The results are kept in var/chaos.
"""

import os
import time
from pathlib import Path

import pytest

from app import clock
from tests.chaos.catalogue import SCENARIOS
from tests.chaos.scenario import run

SEED = int(os.environ.get("CHAOS_SEED", "2026"))
RESULTS = Path("var/chaos")

# Two minutes each on two calm cores. The limit is for a hang: whatever stands still is found sooner, and told.
pytestmark = [pytest.mark.chaos, pytest.mark.kafka, pytest.mark.timeout(1_800)]


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_is_lost_and_nothing_is_paid_twice(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()

    def tell(how: str) -> None:
        with capsys.disabled():
            print(f"\n{name} {time.monotonic() - began:4.0f} s: {how}", end="", flush=True)  # noqa: T201 - minutes

    result = await run(SCENARIOS[name], "gate", SEED, tmp_path, tell)
    told = result.write(RESULTS, clock.now().date().isoformat(), "gate")
    assert result.report.is_clean, told
