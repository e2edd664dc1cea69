"""How fast and how faulty the surroundings are: drawn once a run, asked at every step."""

import random
from dataclasses import dataclass


@dataclass
class Conditions:
    """Seconds of one way over the network, and the odds of what goes wrong on it. `calm` ends all faults."""

    rng: random.Random
    network_seconds: float = 0.003
    slow_odds: float = 0.0
    slow_seconds: float = 0.4
    lost_answer_odds: float = 0.0
    full_buffer_odds: float = 0.0
    store_odds: float = 0.0
    calm: bool = False
    down_until: float = 0.0

    @classmethod
    def drawn(cls, rng: random.Random) -> "Conditions":
        return cls(
            rng,
            network_seconds=rng.choice((0.001, 0.003, 0.02)),
            slow_odds=rng.choice((0.0, 0.01, 0.1)),
            slow_seconds=rng.choice((0.05, 0.4, 3.0)),
            lost_answer_odds=rng.choice((0.0, 0.0, 0.02)),
            full_buffer_odds=rng.choice((0.0, 0.0, 0.005)),
            store_odds=rng.choice((0.0, 0.1, 0.4)),
        )

    def happens(self, odds: float) -> bool:
        return not self.calm and odds > 0 and self.rng.random() < odds

    def travel(self) -> float:
        """Return how long one message is under way."""
        slow = self.slow_seconds if self.happens(self.slow_odds) else 0.0
        return self.network_seconds * (0.5 + self.rng.random()) + slow * self.rng.random()
