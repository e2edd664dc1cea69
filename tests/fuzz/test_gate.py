"""H1, H3 and H4 at the size of the gate; `make fuzz` runs the whole. Documents are made here, none is real."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.fuzz.mutation import mutant
from tests.fuzz.readings import GROWTH_BYTES_MAX
from tests.fuzz.runs import HAS_ATHERIS, ROOT, all_bombs, coverage, mutants
from tests.fuzz.seeds import pdfs
from tests.fuzz.targets import TARGETS, seeds
from tests.fuzz.verdicts import ALL, EXPECTED

MUTANTS = 300
MUTANTS_OF_A_TARGET = 300
SEED = 2026
COVERAGE_SECONDS = 4
STRACE = shutil.which("strace")
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
# Where a reader may look: programs. What a document names is none of them.
OUTSIDE = ("/etc/passwd", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/root", "/home", "http:")


def test_a_mutant_is_a_function_of_its_number() -> None:
    sources = pdfs()
    assert [mutant(sources, n, SEED) for n in range(20)] == [mutant(sources, n, SEED) for n in range(20)]
    assert len({mutant(sources, n, SEED) for n in range(100)}) > 95


@pytest.mark.timeout(300)
async def test_h1_every_mutant_has_a_typed_outcome_and_costs_nobody_else_anything() -> None:
    seen = await mutants(MUTANTS, SEED)
    assert seen.is_clean, seen.figures()
    assert seen.documents == MUTANTS == sum(seen.outcomes.values())
    assert seen.worker_growth_bytes <= GROWTH_BYTES_MAX


def test_every_bomb_has_an_expected_end() -> None:
    assert {bomb.__name__ for bomb in ALL} == EXPECTED.keys()
    assert len(ALL) == len(EXPECTED)


@pytest.mark.timeout(600)
async def test_h3_every_bomb_ends_as_expected_in_time() -> None:
    seen, wrong = await all_bombs()
    assert wrong == []
    assert seen.is_clean, seen.figures()
    assert seen.each.keys() == EXPECTED.keys()


@pytest.mark.skipif(STRACE is None, reason="strace is not installed: apt-get install strace")
@pytest.mark.timeout(300)
def test_h3_nothing_is_opened_or_connected_outside(tmp_path: Path) -> None:
    """Each call that a reader makes from its confinement on, also one that the kernel would refuse."""
    log = tmp_path / "calls"
    watched = "trace=prctl,connect,socket,sendto,sendmsg,open,openat,execve"
    command = [str(STRACE), "-f", "-s", "200", "-e", watched, "-o", str(log), sys.executable, "-m", "tests.fuzz.nosy"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    if "ptrace" in run.stderr or "PTRACE" in run.stderr:
        pytest.skip(f"nothing may be traced here: {run.stderr[:200]}")
    assert run.returncode == 0, run.stderr
    calls = _of_confined(log.read_text(errors="replace"))
    assert calls, "no reader was seen to confine itself"
    reaching = [f"{name}({given}" for each in calls.values() for name, given in each if _reaches_out(name, given)]
    assert reaching == []


@pytest.mark.parametrize("name", TARGETS)
def test_h4_what_we_make_and_its_mutants_raise_nothing_undeclared(name: str) -> None:
    """The kept corpus and mutants, without atheris: what once raised stays mended."""
    kept = Path(__file__).parent / "corpus" / name
    known = [*seeds(name), *(path.read_bytes() for path in sorted(kept.glob("*")))]
    for content in known:
        TARGETS[name](content)
    for number in range(MUTANTS_OF_A_TARGET):
        TARGETS[name](mutant(known, number, SEED))


@pytest.mark.skipif(not HAS_ATHERIS, reason="atheris has no wheel for this machine")
@pytest.mark.parametrize("name", TARGETS)
def test_h4_by_coverage(name: str, tmp_path: Path) -> None:
    told = coverage(name, COVERAGE_SECONDS, tmp_path, SEED)
    assert told["clean"], told
    assert told["number_of_executed_units"] > 0


def _of_confined(log: str) -> dict[str, list[tuple[str, str]]]:
    """The calls of each reader after it has confined itself: the filter of system calls is the last step of that."""
    calls: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    confined: set[str] = set()
    for line in log.splitlines():
        if (match := _CALL.match(line)) is None:
            continue
        process, name, given = match.groups()
        if process in confined:
            calls[process].append((name, given))
        elif name == "prctl" and given.startswith("PR_SET_SECCOMP"):
            confined.add(process)
            calls[process] = []
    return dict(calls)


def _reaches_out(name: str, given: str) -> bool:
    return name not in {"open", "openat", "prctl"} or any(place in given for place in OUTSIDE)
