"""`python -m benchmarks [NAME...]`: run the named benchmarks, or all; keep each result below benchmarks/results."""

import argparse
import importlib
import json
import platform
from datetime import UTC, datetime
from pathlib import Path

from app.processors import processors

NAMES = ("window", "reading", "telemetry", "tracing", "watching", "explaining")
RESULTS = Path(__file__).with_name("results")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    arguments.add_argument("names", nargs="*", choices=[*NAMES, []], help="which; all if none is named")
    for name in arguments.parse_args().names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"{name}: {module.QUESTION}", flush=True)
        result = {
            "question": module.QUESTION,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {processors()} cores, Python {platform.python_version()}",
            **module.run(),
        }
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
