"""`quittance quality regress`: may a release go on?"""

import asyncio
import sys
import time
from functools import partial
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from app import clock
from app.api_client import ApiClient, ApiRefused
from app.cli_errors import FAILED, one_line_errors
from app.cli_read import jobs_option
from app.documents import DocumentFailure, open_documents
from app.extraction import documents_config
from app.quality.golden import SetUnknown
from app.quality.regression import Report, compare
from app.quality.regression_reading import read_both
from app.quality.regression_report import lines
from app.quality.regression_sides import SideUnknown, gather, side
from app.quality.shelf import ContentBroken, ShelfUnavailable, open_shelf
from app.sandbox import SandboxError
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from schemas.codec import encode

EXPECTED = (
    ApiRefused, ContentBroken, DocumentFailure, KafkaError, OSError, SandboxError, SetUnknown, ShelfUnavailable,
    SideUnknown, TopicSilent,
)  # fmt: skip


@click.command()
@click.option("--candidate", required=True, metavar="RELEASE", help="A release id, a bundle's JSON file, or `code`.")
@click.option("--baseline", required=True, metavar="RELEASE", help="What it is held against, given likewise.")
@click.option(
    "--golden", metavar="SET", help="A labelled folder, or the version of a golden set; else all cases, thinned."
)
@click.option("--json", "to", type=click.Path(path_type=Path, dir_okay=False), help="Write the report here as well.")
@jobs_option
@click.option("--record", is_flag=True, help="Keep the report, and take the candidate to `tested` where it passes.")
@click.option("--api-url", envvar="QUITTANCE_API_URL", default="http://127.0.0.1:8000", show_default=True)
@click.option("--api-key", envvar="QUITTANCE_API_KEY", show_envvar=True, help="An API key, for --record.")
def regress(
    candidate: str,
    baseline: str,
    golden: str | None,
    to: Path | None,
    jobs: int,
    record: bool,
    api_url: str,
    api_key: str | None,
) -> None:
    """Read labelled documents with two releases, and say whether the candidate may go on.

    Exit codes: 0 the gate is open, 1 it is closed (each reason on a line of its own), 2 wrong usage.
    """
    if record and not api_key:
        raise click.UsageError("--record needs --api-key")
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        report = asyncio.run(measured(settings, candidate, baseline, golden, jobs))
        if to is not None:
            to.write_bytes(encode(report) + b"\n")
    click.echo("\n".join(lines(report)))
    if record:
        with one_line_errors(*EXPECTED):
            kept = open_shelf(settings).put("reports", encode(report))
            click.echo(f"report {kept}")
            if report.passed:
                with ApiClient(api_url, api_key or "") as api:
                    api.advance_release(report.candidate, "test", {"regression": kept})
                click.echo(f"{report.candidate} is tested")
    sys.exit(0 if report.passed else FAILED)


async def measured(settings: Settings, candidate: str, baseline: str, golden: str | None, jobs: int) -> Report:
    """Return what the comparison comes to; errors as of the parts that it is made of."""
    after, before = await side(candidate, settings), await side(baseline, settings)
    claims = after.bundle.claims
    chosen = gather(golden, open_shelf(settings), claims, clock.now())
    started = time.perf_counter()
    if chosen.cases:
        async with open_documents(documents_config(settings)) as store:
            pairs = await read_both(
                chosen.labels, partial(chosen.load, store=store), before=before, after=after, jobs=jobs
            )
    else:
        pairs = await read_both(chosen.labels, partial(chosen.load, store=None), before=before, after=after, jobs=jobs)
    return compare(
        pairs,
        candidate=after.name,
        baseline=before.name,
        golden=chosen.name,
        claims=claims,
        seconds=time.perf_counter() - started,
    )
