"""The gate of R4: two hundred seeds break nothing, a seed repeats itself exactly, and planted defects are found."""

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.simulation.mutants import MUTANT_SEEDS, MUTANTS, Mutant
from tests.simulation.world import Outcome, Parts, simulate

GATE_SEEDS = 200
# In shares, so that a failure names its neighbourhood and the time-out is of one share.
SHARE = 25
LINES_SHOWN = 60
ROOT = Path(__file__).resolve().parents[2]


@cache
def kept(seed: int) -> Outcome:
    """Run a seed once for all tests of this process; most look at the same ones."""
    return simulate(seed)


def told(outcome: Outcome) -> str:
    """Say what broke and how to see it again."""
    last = "\n".join(outcome.lines[-LINES_SHOWN:])
    broken = "\n".join(outcome.violations)
    again = f"python -m tests.simulation --seed {outcome.seed}"
    return f"seed {outcome.seed} ({again}):\n{broken}\nthe end of its trace:\n{last}"


@pytest.mark.parametrize("first", range(0, GATE_SEEDS, SHARE))
def test_no_seed_breaks_an_invariant(first: int) -> None:
    broken = [outcome for seed in range(first, first + SHARE) if (outcome := kept(seed)).violations]
    assert not broken, "\n\n".join(told(outcome) for outcome in broken)


def test_the_gate_meets_every_kind_of_trouble() -> None:
    """A simulator in which nothing goes wrong proves nothing."""
    met: Counter[str] = Counter()
    for seed in range(GATE_SEEDS):
        met.update(kept(seed).counts)
    wanted = {"fault", "end", "expire", "leave", "pause", "resume", "fenced", "undone", "commit", "append"}
    assert wanted <= set(met), wanted - set(met)
    assert met["commands"] > GATE_SEEDS


@pytest.mark.parametrize("seed", [0, 7, 19])
def test_a_seed_repeats_itself(seed: int) -> None:
    assert kept(seed).digest == simulate(seed).digest


def test_a_seed_repeats_itself_in_another_process_with_another_hash_seed() -> None:
    """Sets of text are ordered by PYTHONHASHSEED: no byte that we write may follow from it."""
    program = "from tests.simulation.world import simulate; print([simulate(seed).digest for seed in (3, 11)])"
    traces = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for salt in ("1", "4242")
    }
    assert len(traces) == 1


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_defect_is_found(mutant: Mutant) -> None:
    with mutant.planted():
        for seed in range(MUTANT_SEEDS):
            kinds = {violation.split(":")[0] for violation in simulate(seed, Parts(dict(mutant.parts))).violations}
            if kinds & mutant.finds:
                return
    pytest.fail(f"no seed below {MUTANT_SEEDS} shows that the product {mutant.name}")
