"""`quittance quality retrain`: the learned scorer, taught by labelled documents, as the bundle of a draft."""

import asyncio
from functools import partial
from pathlib import Path

import click

from app import clock
from app.cli_errors import one_line_errors
from app.cli_read import jobs_option
from app.documents import open_documents
from app.extraction import documents_config
from app.quality.commands_regress import EXPECTED
from app.quality.regression_reading import read_both
from app.quality.regression_sides import CODE, gather, side
from app.quality.retraining import Outcome, bundle, claimed, offerings, retrain
from app.quality.shelf import open_shelf
from app.settings import Settings, load_settings
from schemas.codec import encode
from schemas.release import Bundle
from tables.releases import Running


@click.command("retrain")
@click.option("--seed", required=True, type=click.IntRange(0), help="By which the folds are drawn; it is kept.")
@click.option("--parent", default=CODE, show_default=True, metavar="RELEASE", help="The release in force.")
@click.option(
    "--golden", metavar="SET", help="A labelled folder, or the version of a golden set; else all cases, thinned."
)
@click.option("--by", required=True, help="Who asks for it.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The bundle's JSON file.")
@jobs_option
def retrain_scorer(seed: int, parent: str, golden: str | None, by: str, out: Path, jobs: int) -> None:
    """Teach the scorer by labelled documents: the same ones and the same seed make the same bytes.

    The bundle is for `regress`, and to be drafted. Nothing is put in force.
    """
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        outcome, made = asyncio.run(_retrained(settings, seed, parent, golden, by, jobs))
        if made is not None:
            out.write_bytes(encode(made) + b"\n")
    for field, one in sorted(outcome.fields.items()):
        counts = f"{one.right_before} -> {one.right_after} of {one.examples} first"
        click.echo(f"{field}: {counts}; the base counts as {one.base_papers} papers")
    told = "nothing new: too few documents say what is right" if made is None else f"{made.release_id}: {made.reason}"
    click.echo(told if made is None else f"{told}; {len(made.claims)} cases mended")


async def _retrained(
    settings: Settings, seed: int, parent: str, golden: str | None, by: str, jobs: int
) -> tuple[Outcome, Bundle | None]:
    running = await side(parent, settings)
    chosen = gather(golden, open_shelf(settings), (), clock.now())
    async with open_documents(documents_config(settings)) as store:
        load = partial(chosen.load, store=store)
        learned = running.bundle.learned
        outcome = retrain(await offerings(chosen.labels, load, learned, jobs), learned.scorer, seed)
        if outcome.scorer is None or outcome.scorer == learned.scorer:
            return outcome, None
        made = bundle(running, outcome.scorer, by)
        pairs = await read_both(chosen.labels, load, before=running, after=Running.of(made), jobs=jobs)
    return outcome, made.model_copy(update={"claims": claimed(pairs, chosen.cases)})
