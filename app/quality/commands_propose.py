"""`quittance quality propose`: what the cases teach, as the bundle of a draft."""

import asyncio
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from agents.extraction.text.sketch import alike
from agents.quality.proposals import Proposal
from agents.quality.proposals import propose as proposed
from app import clock
from app.cli_errors import one_line_errors
from app.documents import DocumentFailure, open_documents
from app.extraction import documents_config
from app.quality.cases import CaseBook
from app.quality.proposing import corrections
from app.quality.regression_sides import CODE, SideUnknown, side
from app.quality.shelf import ContentBroken, ShelfUnavailable, open_shelf
from app.sandbox import SandboxError
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from schemas.codec import encode

EXPECTED = (
    ContentBroken, DocumentFailure, KafkaError, OSError, SandboxError, ShelfUnavailable, SideUnknown, TopicSilent,
)  # fmt: skip


@click.command()
@click.option("--parent", default=CODE, show_default=True, metavar="RELEASE", help="The release in force.")
@click.option("--by", required=True, help="Who asks for it.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The bundle's JSON file.")
def propose(parent: str, by: str, out: Path) -> None:
    """Write what the cases teach into a bundle: for `regress`, and to be drafted. Nothing is put in force.

    What teaches nothing is told on stderr, with its reason.
    """
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        found = asyncio.run(_proposed(settings, parent, by))
        if found.bundle is not None:
            out.write_bytes(encode(found.bundle) + b"\n")
    for note in found.notes:
        told = f"{note.reason}  {note.field}  {', '.join(note.documents)}"
        click.echo(f"quittance: {told}", err=True)
    click.echo("nothing new" if found.bundle is None else f"{found.bundle.release_id}: {found.bundle.reason}")


async def _proposed(settings: Settings, parent: str, by: str) -> Proposal:
    running, now = await side(parent, settings), clock.now()
    known = {name: case for name, case in CaseBook(open_shelf(settings)).every().items() if not case.is_expired(now)}
    async with open_documents(documents_config(settings)) as store:
        taught = await corrections(known, store, jobs=1)
    return proposed(taught, running, alike=alike, author=by)
