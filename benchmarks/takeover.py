"""Count what our corrections to Faust buy at a take-over: `python -m benchmarks.takeover [TRIALS]`.

Two workers with a table; one is stopped by SIGTERM, a third joins, the second is killed. Each trial of each variant is
counted: events lost for good, events done twice, keys that the table has forgotten. Kept in results/takeover.json.
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import clock
from app.local.kafka import Broker
from tests.architecture.takeover import take_over

RESULTS = Path(__file__).with_name("results") / "takeover.json"
VARIANTS = ("plain", "ours")
TRIALS = 5


async def trials(bootstrap: str, count: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {variant: [] for variant in VARIANTS}
    for trial in range(count):
        for variant in VARIANTS:
            outcome = await take_over(bootstrap, f"takeover-{variant}-{trial}", variant)
            found[variant].append(asdict(outcome))
            print(f"{variant:6} {outcome}", flush=True)
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        found = asyncio.run(trials(broker.bootstrap_servers, count))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"date": clock.now().isoformat(), "variants": found}, indent=2) + "\n")


if __name__ == "__main__":
    main()
