"""The three proofs against hostile input (design: H1, H3, H4), each of which returns what is kept as JSON."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.extraction import READER_STARVED
from app.sandbox import Limits
from tests.fuzz.mutation import mutant
from tests.fuzz.readings import Seen, read_all
from tests.fuzz.seeds import pdfs, scans
from tests.fuzz.targets import TARGETS
from tests.fuzz.verdicts import EXPECTED, bombs

ROOT = Path(__file__).parents[2]
HAS_ATHERIS = find_spec("atheris") is not None
# What libFuzzer needs beyond its time: imports, the first pass over the seeds, the last input.
COVERAGE_MARGIN_SECONDS = 120
# A machine with far more to do than it can ends a reading by the clock before its own end comes.
BUSY = frozenset({"EXTRACTION-LIMIT-WALL", READER_STARVED})
_IN_USE = re.compile(r"(\d+) MiB in use at most")
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)
_REACHED = re.compile(r"cov: (\d+) ft: (\d+)")


async def mutants(count: int, seed: int) -> Seen:
    """H1: mutants of generated PDFs, some of them pictures, through the sandbox."""
    sources = [*pdfs(), *scans()]
    return await read_all((str(number), mutant(sources, number, seed)) for number in range(count))


async def all_bombs() -> tuple[Seen, list[str]]:
    """H3: every bomb through the sandbox; what came of them, and a sentence for each that ended otherwise."""
    seen = await read_all(list(bombs()))  # made before: it takes the loop's time
    wrong = [
        f"{name}: {reason}, expected {sorted(EXPECTED[name])}"
        for name, (reason, _) in seen.each.items()
        if reason not in EXPECTED[name] | BUSY
    ]
    memory_max = Limits().memory_bytes >> 20
    for name, (_, detail) in seen.each.items():
        used = _IN_USE.search(detail)
        if used and int(used[1]) > memory_max:
            wrong.append(f"{name}: {used[0]}")
    return seen, wrong


def coverage(name: str, seconds: int, folder: Path, seed: int) -> dict[str, Any]:
    """H4: one target by coverage, in a process of its own; `crash` tells what raised, where something did."""
    assert name in TARGETS
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.coverage", name, str(seconds), str(folder / name), str(seed)],
        cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
        timeout=seconds + COVERAGE_MARGIN_SECONDS,
    )  # fmt: skip
    reached = _REACHED.findall(run.stderr)
    told: dict[str, Any] = {found: int(number) for found, number in _STATISTIC.findall(run.stderr)}
    told |= {"seconds": seconds, "coverage": int(reached[-1][0]) if reached else 0, "clean": run.returncode == 0}
    return told if run.returncode == 0 else {**told, "crash": run.stderr[-4_000:] + run.stdout[-4_000:]}
