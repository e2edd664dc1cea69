"""Run seeds and keep the result: `python -m tests.simulation --seeds 20000 --from 0 --json FILE`.

With `--seed N` one seed is run and its trace is printed. Ends with 1 if any invariant was broken.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.release import release_id
from tests.simulation.world import Outcome, simulate

# A share small enough that the last one does not keep one process waiting for another.
SEEDS_A_SHARE = 50
FAILURES_SHOWN = 20


@dataclass
class Tally:
    """What came of many seeds."""

    seeds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.counts.update(outcome.counts)
        self.kinds.update({violation.split(":")[0] for violation in outcome.violations})
        if outcome.violations:
            self.failures.append({"seed": outcome.seed, "violations": list(outcome.violations)[:FAILURES_SHOWN]})

    def merge(self, other: "Tally") -> None:
        self.seeds += other.seeds
        self.counts.update(other.counts)
        self.kinds.update(other.kinds)
        self.failures += other.failures


def run_seeds(seeds: Iterable[int]) -> Tally:
    tally = Tally()
    for seed in seeds:
        tally.add(simulate(seed))
    return tally


def run(first: int, count: int, jobs: int) -> Tally:
    """Run so many seeds from the first, shared by processes."""
    shares = [range(at, min(at + SEEDS_A_SHARE, first + count)) for at in range(first, first + count, SEEDS_A_SHARE)]
    if jobs == 1:
        return run_seeds(range(first, first + count))
    whole = Tally()
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(run_seeds, shares):
            whole.merge(done)
            for failure in done.failures:
                sys.stderr.write(f"seed {failure['seed']}: {failure['violations'][0]}\n")
    return whole


def report(tally: Tally, first: int, seconds: float) -> dict[str, Any]:
    return {
        "proof": "R4 simulation",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "release": release_id(),
        "first_seed": first,
        "seeds": tally.seeds,
        "seconds": round(seconds, 1),
        "violated_seeds": len(tally.failures),
        "violations_by_kind": dict(sorted(tally.kinds.items())),
        "counts": dict(sorted(tally.counts.items())),
        "failures": tally.failures[:FAILURES_SHOWN],
    }


def show(seed: int) -> int:
    """Run one seed and print what happened."""
    outcome = simulate(seed)
    sys.stdout.write("\n".join((*outcome.lines, *outcome.violations, f"trace {outcome.digest}")) + "\n")
    return 1 if outcome.violations else 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=200)
    arguments.add_argument("--from", dest="first", type=int, default=0)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--json", type=Path, help="where the result is kept")
    arguments.add_argument("--seed", type=int, help="run this one seed and print its trace")
    given = arguments.parse_args()
    if given.seed is not None:
        return show(given.seed)
    started = time.perf_counter()
    tally = run(given.first, given.seeds, given.jobs)
    result = json.dumps(report(tally, given.first, time.perf_counter() - started), indent=1)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(result + "\n", encoding="utf-8")
    sys.stdout.write(result + "\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
