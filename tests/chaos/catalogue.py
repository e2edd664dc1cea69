"""Every kind of chaos by its name."""

from tests.chaos.brokers import R2
from tests.chaos.links import R5
from tests.chaos.pauses import R3
from tests.chaos.rolling import ROLLING
from tests.chaos.workers import R1, R1_PLAIN, R6, R6_PLAIN

SCENARIOS = {scenario.name: scenario for scenario in (R1, R2, R3, R5, R6, ROLLING)}
# What our corrections to Faust buy: these lose, and no gate runs them.
COMPARISONS = {scenario.name: scenario for scenario in (R1_PLAIN, R6_PLAIN)}
