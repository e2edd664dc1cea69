"""`python -m benchmarks.scoring`: train the scorer, choose when it may dissent, measure it (docs/scorer.md)."""

import argparse
import json
from pathlib import Path

from benchmarks.scoring import measuring, training


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    verbs = parser.add_subparsers(required=True, dest="verb")
    train = verbs.add_parser("train", help=f"write {training.ARTEFACT.name}, from the layouts that may be tuned on")
    train.add_argument("--out", type=Path, default=training.ARTEFACT)
    measure = verbs.add_parser("measure", help="tables for the model card, with the weights of the code")
    measure.add_argument("--split", choices=("tuning", "held_out"), default="tuning")
    measure.add_argument("--keep", type=Path, help="write the figures here as well")
    for verb in (train, measure):
        verb.add_argument("--seed", type=int, required=True)
        verb.add_argument("--every", type=int, default=1, help="only every n-th paper")
    arguments = parser.parse_args()
    if arguments.verb == "train":
        made = training.trained(arguments.seed, arguments.every)
        arguments.out.write_bytes(training.written(made))
        print(f"{made.scorer.version} of {made.data.papers} papers")
        return
    figures = measuring.measured(arguments.split, arguments.seed, arguments.every)
    print(measuring.told(figures))
    if arguments.keep is not None:
        arguments.keep.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
