"""`quittance audit explain` and `quittance audit replay`: why something was paid, and whether it would be again."""

import asyncio
import shutil
import sys
from functools import partial
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from app import clock
from app.cli_errors import FAILED, one_line_errors
from app.documents import DocumentErased, DocumentFailure, DocumentNotFound, HashMismatch, open_documents
from app.dossier import DocumentUnknown, Dossier, collect, named_document
from app.extraction import documents_config
from app.release import release_id
from app.replay import Replay, no_bytes, replay
from app.replay.readers import open_readers
from app.replay.text import render as render_replay
from app.sandbox import SandboxError
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from app.story import Bytes, Story, render, tell
from app.tenants import TenantsInvalid, debtors
from schemas.events import DocumentReceived
from schemas.identifiers import document_id
from schemas.topics import DOCUMENT_RECEIVED


class DocumentName(click.ParamType):
    """A DocumentId, with or without its prefix, a CommandId that pays the document, or the document's own file."""

    name = "document"

    def convert(self, value: object, _param: click.Parameter | None, _ctx: click.Context | None) -> str:
        """Return the id; a file is named by its bytes."""
        text = str(value)
        return document_id(path.read_bytes()) if (path := Path(text)).is_file() else text


@click.command(short_help="Tell why a document was paid, held or rejected.")
@click.argument("document", type=DocumentName())
@click.option("--full", is_flag=True, help="Account numbers in clear.")
@click.option("--proof", is_flag=True, help="The records and digests that each sentence rests on.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all proofs.")
def explain(document: str, full: bool, proof: bool, as_json: bool) -> None:
    """Tell the story of a document from the topics.

    DOCUMENT is its id (sha256:...), the id of a command that pays it, or its file.

    Exit codes: 0 all is explained, 1 something is not (an alarm), or nothing is known of it, 2 wrong usage.
    """
    with one_line_errors(KafkaError, TopicSilent, DocumentUnknown):
        story = asyncio.run(_story(load_settings(), document, full=full))
    if as_json:
        click.echo(story.model_dump_json(indent=1))
    else:
        styles = {"heading": heading, "warning": warning} if sys.stdout.isatty() else {}
        width = shutil.get_terminal_size().columns
        click.echo(render(story, width=width, proof=proof, **styles), nl=False)
    if story.alarms:
        sys.exit(FAILED)


@click.command("replay", short_help="Decide a document again, and compare byte for byte.")
@click.argument("document", type=DocumentName())
@click.option("--without-bytes", is_flag=True, help="Do not read the document again; all after that is replayed.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def replay_command(document: str, without_bytes: bool, as_json: bool) -> None:
    """Put the recorded events of a document through the stages once more; nothing is published.

    DOCUMENT is its id (sha256:...), the id of a command that pays it, or its file.

    Exit codes: 0 the same bytes came out, 1 something differs or could not be replayed, 2 wrong usage.
    """
    with one_line_errors(KafkaError, TopicSilent, DocumentUnknown, TenantsInvalid, SandboxError):
        found = asyncio.run(_replayed(load_settings(), document, without_bytes=without_bytes))
    click.echo(found.model_dump_json(indent=1) if as_json else render_replay(found), nl=as_json)
    if not found.is_equal:
        sys.exit(FAILED)


def heading(text: str) -> str:
    """Return a heading as a terminal shows it."""
    return click.style(text, bold=True)


def warning(text: str) -> str:
    """Return an alarm as a terminal shows it."""
    return click.style(text, fg="red", bold=True)


async def _story(settings: Settings, document: str, *, full: bool) -> Story:
    dossier = await collect(settings, await named_document(settings, document))
    found = await look_for_bytes(settings, dossier)
    return tell(dossier, now=clock.now(), running=release_id(), full=full, found=found)


async def _replayed(settings: Settings, document: str, *, without_bytes: bool) -> Replay:
    dossier = await collect(settings, await named_document(settings, document))
    again = partial(replay, dossier, debtors=debtors(settings), running=release_id())
    if without_bytes:
        return await again(no_bytes())
    async with open_readers(settings) as readers:
        return await again(readers)


async def look_for_bytes(settings: Settings, dossier: Dossier) -> Bytes:
    """Tell what lies where the document was announced to lie, or, where that is not known any more, at home."""
    received = [each.event for each in dossier.own(DOCUMENT_RECEIVED) if isinstance(each.event, DocumentReceived)]
    try:
        async with open_documents(documents_config(settings)) as store:
            home = str(store.locate(dossier.document_id))
            await store.fetch(received[-1].reference if received else home, dossier.document_id)
    except HashMismatch:
        return "others"
    except DocumentNotFound:
        return "missing"
    except DocumentErased:
        return "erased"
    except DocumentFailure:  # a store that does not answer, or not us, was not asked
        return "not asked"
    return "there"
