"""`python -m benchmarks.accuracy`: make papers, measure a labelled folder, compare, calibrate, guard."""

import argparse
from pathlib import Path

from benchmarks.accuracy.papers.collection import write
from benchmarks.accuracy.papers.language import LANGUAGES
from benchmarks.accuracy.papers.layouts import layouts


def _generate(arguments: argparse.Namespace) -> int:
    count = write(
        arguments.out, arguments.seed, which=arguments.split, languages=arguments.language or LANGUAGES,
        names=arguments.layout or (), scan=arguments.scan, every=arguments.every,
    )  # fmt: skip
    print(f"{count} papers in {arguments.out}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line; each verb sets `run`."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    verbs = top.add_subparsers(required=True)
    generate = verbs.add_parser("generate", help="write PDFs and truth.jsonl")
    generate.add_argument("--out", type=Path, required=True)
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--scan", action="store_true", help="pictures of the pages instead of text")
    generate.add_argument("--language", action="append", choices=LANGUAGES)
    generate.add_argument("--layout", action="append", choices=list(layouts()), metavar="NAME")
    generate.add_argument(
        "--split", choices=("tuning", "held_out", "all"), default="tuning", help="nobody tunes on held_out"
    )
    generate.add_argument("--every", type=int, default=1, help="only every n-th invoice")
    generate.set_defaults(run=_generate)
    return top


def main() -> int:
    arguments = parser().parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
