"""`make fuzz`: H1 of 10,000 mutants, H3, and H4 of ten minutes a target; ARGS="H1 --gate" is a part of it, or small.

Each result is printed and kept as JSON; the exit code is 1 if one is not clean.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import clock
from tests.fuzz.runs import HAS_ATHERIS, all_bombs, coverage, mutants
from tests.fuzz.targets import TARGETS

MUTANTS = {"gate": 300, "full": 10_000}
COVERAGE_SECONDS = {"gate": 5, "full": 600}
OUT = Path("var/fuzz")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROOFS))
    arguments.add_argument("--gate", action="store_true", help="the size of the gate in CI")
    arguments.add_argument("--seconds", type=int, help="of H4, a target")
    arguments.add_argument("--seed", type=int, default=2026)
    arguments.add_argument("--out", type=Path, default=OUT, help="folder of the results")
    arguments.add_argument("--date", default=clock.now().date().isoformat(), help="what the result is dated with")
    given = arguments.parse_args()
    scale = "gate" if given.gate else "full"
    clean = [_one(name, scale, given) for name in given.names or PROOFS]
    return 0 if all(clean) else 1


def _one(name: str, scale: str, given: argparse.Namespace) -> bool:
    told = {"proof": name, "scale": scale, "date": given.date, "seed": given.seed, **PROOFS[name](scale, given)}
    text = json.dumps(told, indent=1) + "\n"
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / f"{name.lower()}-{scale}.json").write_text(text)
    print(text, flush=True)  # noqa: T201 - a command
    return bool(told["clean"])


def _h1(scale: str, given: argparse.Namespace) -> dict[str, Any]:
    seen = asyncio.run(mutants(MUTANTS[scale], given.seed))
    return {**seen.figures(), "clean": seen.is_clean}


def _h3(_scale: str, _given: argparse.Namespace) -> dict[str, Any]:
    seen, wrong = asyncio.run(all_bombs())
    each = {name: reason for name, (reason, _) in sorted(seen.each.items())}
    return {**seen.figures(), "each": each, "wrong": wrong, "clean": seen.is_clean and not wrong}


def _h4(scale: str, given: argparse.Namespace) -> dict[str, Any]:
    if not HAS_ATHERIS:
        return {"clean": True, "skipped": "atheris has no wheel for this machine"}
    seconds = given.seconds or COVERAGE_SECONDS[scale]
    each = {name: coverage(name, seconds, given.out / "h4", given.seed) for name in TARGETS}
    return {"targets": each, "clean": all(told["clean"] for told in each.values())}


PROOFS: dict[str, Callable[[str, argparse.Namespace], dict[str, Any]]] = {"H1": _h1, "H3": _h3, "H4": _h4}


if __name__ == "__main__":
    sys.exit(main())
