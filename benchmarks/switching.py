"""`python -m benchmarks.switching`: how soon three workers under load work by another release, and by the one before.

Documents flow, at a pace that the workers keep up with and at one that they fall behind at, while `release.changed` is
written, once to promote and once to roll back. Counted are milliseconds from the broker's word on that record to the
first document of the new release and to the last one of the old, by the records' own timestamps, and documents that
were lost or named two releases. Kept in results/switching.json; ends with 1 where a switch took longer than promised.
"""

import asyncio
import json
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from app import clock
from tests.system.releases import check_releases
from tests.system.switching import switch
from tests.system.verifier import verify

RESULTS = Path(__file__).with_name("results") / "switching.json"
TRIALS = 2
# Documents, and the pause between two of them.
PACES = ((360, 0.03), (1_000, 0.003))
# What is promised: a release is in force, or back, within so long.
EFFECTIVE_MS_MAX = 5_000


async def trial(seed: int, count: int, pause_seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        switched = await switch(Path(folder), count=count, pause_seconds=pause_seconds, seed=seed)
    report = verify(switched.records, set(switched.documents), None, may_bury=False)
    check_releases(report, switched.records)
    anomalies = {kind: len(found) for kind, found in report.anomalies.items()}
    return {
        "pause_seconds": pause_seconds,
        **switched.figures(),
        "anomalies": anomalies,
        "mixed": anomalies.get("several releases", 0),
    }


def is_kept(found: dict[str, Any]) -> bool:
    """Tell whether every worker and the last document that was read were switched in time, and nothing was wrong."""
    times = [
        found[turn][name] or 0
        for turn in ("promoted", "rolled_back")
        for name in ("every_worker_says_so_ms", "first_read_by_the_new_ms", "last_read_by_the_old_ms")
    ]
    return max(times) < EFFECTIVE_MS_MAX and not found["anomalies"]


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS
    trials = []
    for seed, pace in product(range(1, count + 1), PACES):
        trials.append(asyncio.run(trial(seed, *pace)))
        print(json.dumps(trials[-1]), flush=True)
    kept = {"date": clock.now().isoformat(), "promised_ms": EFFECTIVE_MS_MAX, "is_kept": all(map(is_kept, trials))}
    RESULTS.write_text(json.dumps({**kept, "trials": trials}, indent=1) + "\n")
    return 0 if kept["is_kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
