"""`python -m benchmarks.accuracy`: make papers, measure a labelled folder, compare, calibrate, guard."""

import argparse
import json
from pathlib import Path

from app.quality import labels
from benchmarks.accuracy import calibration, forms, gate, pictures, report, results, running
from benchmarks.accuracy.papers.collection import REFUSED, write
from benchmarks.accuracy.papers.language import LANGUAGES
from benchmarks.accuracy.papers.layouts import layouts


def _generate(arguments: argparse.Namespace) -> int:
    count = write(
        arguments.out,
        arguments.seed,
        which=arguments.split,
        languages=arguments.language or LANGUAGES,
        names=arguments.layout or (),
        scan=arguments.scan,
        every=arguments.every,
        kinds=arguments.kind or (),
    )
    print(f"{count} papers in {arguments.out}")
    return 0


def _samples(arguments: argparse.Namespace) -> int:
    print(f"{forms.write(arguments.out, arguments.count, arguments.seed, arguments.lane)} samples in {arguments.out}")
    return 0


def _measure(arguments: argparse.Namespace) -> int:
    found = running.run(labels.read(arguments.folder), arguments.jobs)
    print("\n".join(report.whole(found)))
    result = results.of(found, arguments.name or arguments.folder.name)
    for lane, figures in result["calibration"].items():
        print(f"calibration {lane}: ECE {figures['ece']:.4f} of {figures['values']} values; {figures['payable']}")
    if arguments.name:
        results.write(result, results.FOLDER / f"accuracy-{arguments.name}.json")
        diagram = results.FOLDER / f"accuracy-{arguments.name}.svg"
        diagram.write_text(calibration.diagram(result["calibration"]), encoding="utf-8")
    if arguments.pictures:
        print(f"{pictures.draw(found, arguments.pictures)} pictures in {arguments.pictures}")
    if arguments.against:
        print("\n".join(results.compare(result, json.loads(arguments.against.read_text(encoding="utf-8")))))
    return 0


def _calibrate(arguments: argparse.Namespace) -> int:
    found = [one for folder in arguments.folders for one in running.run(labels.read(folder), arguments.jobs)]
    chosen = gate.thresholds(found, arguments.names or [folder.name for folder in arguments.folders])
    print(json.dumps(chosen, indent=1))
    if arguments.write:
        results.write(chosen, gate.THRESHOLDS)
    return 0


def _gate(arguments: argparse.Namespace) -> int:
    complaints = gate.run(arguments.corpus, record=arguments.record)
    print("\n".join(complaints) or "no false payable beyond those recorded, no lane below its recorded coverage")
    return 1 if complaints else 0


def parser() -> argparse.ArgumentParser:
    """Return the command line; each verb sets `run`."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    verbs = top.add_subparsers(required=True)
    _add_generate(verbs.add_parser("generate", help="write PDFs and truth.jsonl"))
    samples = verbs.add_parser("samples", help="write the demo's XML, hybrid and text samples and truth.jsonl")
    samples.add_argument("--out", type=Path, required=True)
    samples.add_argument("--count", type=int, default=400)
    samples.add_argument("--seed", type=int, default=1)
    samples.add_argument("--lane", choices=("xml", "hybrid", "text"))
    samples.set_defaults(run=_samples)
    measure = verbs.add_parser("measure", help="read a labelled folder, and print what is right of it")
    measure.add_argument("folder", type=Path)
    measure.add_argument("--jobs", type=int, default=1)
    measure.add_argument("--name", help="keep the result and the diagram as benchmarks/results/accuracy-NAME")
    measure.add_argument("--pictures", type=Path, help="a folder for a picture of each wrong value")
    measure.add_argument("--against", type=Path, help="an earlier result to compare with")
    measure.set_defaults(run=_measure)
    calibrate = verbs.add_parser("calibrate", help="choose the thresholds of `payable` from labelled folders")
    calibrate.add_argument("folders", type=Path, nargs="+")
    calibrate.add_argument("--names", nargs="*", help="what the data is called in the file")
    calibrate.add_argument("--jobs", type=int, default=1)
    calibrate.add_argument("--write", action="store_true", help="into agents/validation/thresholds.json")
    calibrate.set_defaults(run=_calibrate)
    guard = verbs.add_parser("gate", help="refuse a false payable, or less coverage than is recorded")
    guard.add_argument("--corpus", type=Path, help="a labelled folder besides the generated papers")
    guard.add_argument("--record", action="store_true", help="record today's figures as the baseline")
    guard.set_defaults(run=_gate)
    return top


def _add_generate(generate: argparse.ArgumentParser) -> None:
    generate.add_argument("--out", type=Path, required=True)
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--scan", action="store_true", help="pictures of the pages instead of text")
    generate.add_argument("--language", action="append", choices=LANGUAGES)
    generate.add_argument("--layout", action="append", choices=list(layouts()), metavar="NAME")
    generate.add_argument(
        "--split", choices=("tuning", "held_out", "all"), default="tuning", help="nobody tunes on held_out"
    )
    generate.add_argument(
        "--kind", action="append", choices=(*REFUSED, "invoice"), help="this kind in every layout and language, alone"
    )
    generate.add_argument("--every", type=int, default=1, help="only every n-th paper")
    generate.set_defaults(run=_generate)


def main() -> int:
    arguments = parser().parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
