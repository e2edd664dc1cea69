"""`quittance quality replay`: what another release would have made of the documents of a time."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import click
from aiokafka.errors import KafkaError

from app import clock
from app.cli_errors import one_line_errors
from app.cli_suppliers import read_suppliers
from app.documents import open_documents
from app.extraction import READER, SandboxedReader, StoredDocuments, documents_config
from app.processors import processors
from app.release import release_id as code_id
from app.releases.history import ReleaseUnknown, Replayed, named, read_releases
from app.releases.history import replay as replayed
from app.releases.long_ago import HistoryGone, documents_between
from app.releases.looking import Looking
from app.rules import OfficialRules
from app.sandbox import Sandbox, SandboxError
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from app.tenants import TenantsInvalid, debtors
from tables.suppliers import Directory

# Of the documents that differ so many are listed; --json has all of them.
LISTED_MAX = 20
EXPECTED = (HistoryGone, KafkaError, ReleaseUnknown, SandboxError, TenantsInvalid, TopicSilent, ValueError)


class Moment(click.ParamType):
    """A moment in ISO 8601; without an offset it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is no moment in ISO 8601, such as 2026-11-24 or 2026-11-24T10:00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@click.option("--release", "release", required=True, help="The release to read under; a draft will do.")
@click.option("--from", "start", type=Moment(), required=True, help="When the documents were read first.")
@click.option("--to", "end", type=Moment(), required=True, help="The end of that time, not included.")
@click.option("--jobs", type=click.IntRange(1, 256), default=processors, show_default="processors")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every document that differs.")
def replay(release: str, start: datetime, end: datetime, jobs: int, as_json: bool) -> None:
    """Read the documents of a time under another release, and say what would have been decided differently.

    Nothing is written: no topic, no document, no payment.
    """
    with one_line_errors(*EXPECTED):
        found = asyncio.run(_replay(load_settings(), release, start, end, jobs))
    if as_json:
        click.echo(found.model_dump_json())
    else:
        _tell(found)


async def _replay(settings: Settings, name: str, start: datetime, end: datetime, jobs: int) -> Replayed:
    known = await read_releases(settings, code_id())
    other = named(known, name)
    suppliers = Suppliers(await _directory(settings))
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_documents(documents_config(settings)))
        sandbox = await stack.enter_async_context(Sandbox(READER, jobs))
        rules = await stack.enter_async_context(OfficialRules())
        reader = SandboxedReader(sandbox, rules, rules_required=settings.official_rules == "required")
        looking = Looking(StoredDocuments(store), reader, suppliers, debtors(settings))
        events = documents_between(settings, start, end, clock.now(), store.locate)
        return await replayed(events, looking, known, other, clock.now(), jobs)


class Suppliers:
    """The directory as it stood when the command began."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def directory(self) -> Directory:
        """Return it."""
        return self._directory


async def _directory(settings: Settings) -> Directory:
    directory = Directory()
    for supplier in await read_suppliers(settings):
        directory.apply(supplier)
    return directory


def _tell(found: Replayed) -> None:
    click.echo(
        f"{found.documents} documents under {found.release}; of {len(found.differing)} something else would come"
    )
    if found.read_again:
        click.echo(f"{found.read_again} of them by the audit log: what was read then is gone, so they were read twice")
    for line, count in found.outcomes.items():
        click.echo(f"{count:8}  {line}")
    for title, counted in (("reasons", found.reasons), ("fields", found.fields), ("could not be read", found.away)):
        if counted:
            click.echo(f"{title}: {', '.join(f'{name} {count}' for name, count in counted.items())}")
    for each in found.differing[:LISTED_MAX]:
        what = ", ".join(each.fields) or "the same values"
        click.echo(f"{each.document_id}  {each.other.outcome} -> {each.own.outcome}  {what}")
    if len(found.differing) > LISTED_MAX:
        click.echo(f"... and {len(found.differing) - LISTED_MAX} more; --json lists all")
