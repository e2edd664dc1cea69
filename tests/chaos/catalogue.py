"""Every kind of chaos by its name."""

from tests.chaos.pauses import R3
from tests.chaos.workers import R1, R6

SCENARIOS = {scenario.name: scenario for scenario in (R1, R3, R6)}
