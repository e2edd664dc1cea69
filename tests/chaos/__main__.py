"""`python -m tests.chaos R1 [R2 ...] [--gate] [--seed N]`: run kinds of chaos, without a name all that must be clean.

Each result is printed and kept as JSON; the exit code is 1 if one is not clean.
"""

import argparse
import asyncio
import logging
import secrets
import shutil
import sys
from pathlib import Path

from app import clock
from app.logs import configure_logs
from app.settings import Settings
from tests.chaos.catalogue import COMPARISONS, SCENARIOS
from tests.chaos.scenario import Scale, run

SEEDS = 1_000_000


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = {name.upper(): name for name in (*SCENARIOS, *COMPARISONS)}
    arguments.add_argument("names", nargs="*", type=str.upper, metavar="NAME", help=", ".join(known))
    arguments.add_argument("--gate", action="store_true", help="the size of the gate in CI; else the full size")
    arguments.add_argument("--seed", type=int, help="draw the same again; any number if not given")
    arguments.add_argument("--date", default=clock.now().date().isoformat(), help="what the result is dated with")
    arguments.add_argument("--out", type=Path, default=Path("var/chaos"), help="folder of the results")
    given = arguments.parse_args()
    configure_logs(Settings(log_format="text", log_level="ERROR"))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it complains ten times a second while a broker is away
    seed = secrets.randbelow(SEEDS) if given.seed is None else given.seed
    scale: Scale = "gate" if given.gate else "full"
    if unknown := set(given.names) - set(known):
        arguments.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    names = [known[name] for name in given.names] or SCENARIOS
    clean = [_one(name, scale, seed, given.out, given.date) for name in names]
    return 0 if all(clean) else 1


def _one(name: str, scale: Scale, seed: int, out: Path, date: str) -> bool:
    scenario = {**SCENARIOS, **COMPARISONS}[name]
    print(f"{name}: {scenario.meaning}; --seed {seed}", flush=True)  # noqa: T201 - a command
    folder = (out / f"{name.lower()}-{seed}").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    result = asyncio.run(run(scenario, scale, seed, folder, _tell))
    print(result.write(out, date, scale), flush=True)  # noqa: T201 - a command
    if result.report.is_clean:
        shutil.rmtree(folder)
    return result.report.is_clean


def _tell(how: str) -> None:
    print(f"  {how}", flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
