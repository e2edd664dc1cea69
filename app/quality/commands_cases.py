"""`quittance quality cases`: what is true of documents, as far as somebody has said so."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import click
from aiokafka.errors import KafkaError

from agents.extraction.agent import Unavailable
from app import clock
from app.cli_errors import one_line_errors
from app.documents import DocumentErased, DocumentFailure, DocumentStore, PermanentFailure, open_documents
from app.extraction import READER, SandboxedReader, documents_config
from app.quality import golden
from app.quality.cases import CaseBook, CaseUnknown, of_feedback
from app.quality.shelf import ContentBroken, ShelfUnavailable, open_shelf
from app.rules import OfficialRules
from app.sandbox import Sandbox, SandboxError
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent, read_to_end
from schemas.case import Case, Expectation
from schemas.codec import Undecodable, decode
from schemas.evidence import FIELD_NAMES, ExtractedInvoice, FieldName, Unreadable
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import document_id
from schemas.topics import FEEDBACK_RECORDED

# As long as a case helps: layouts live for years, and what nobody uses any more only takes time.
RETAIN_DAYS = 730
_NAMES: dict[str, FieldName] = {name: name for name in FIELD_NAMES}
_RETAIN = click.option("--retain-days", type=click.IntRange(1, 3_653), default=RETAIN_DAYS, show_default=True)
_CONSENT = click.option("--consent", required=True, help="The ground on which it is kept: contract, a person's word.")
EXPECTED = (
    CaseUnknown, ContentBroken, DocumentFailure, KafkaError, OSError, SandboxError, ShelfUnavailable, TopicSilent,
)  # fmt: skip


@click.group()
def cases() -> None:
    """Labelled cases, and the golden sets that are made of them."""


@cases.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--truth", "truths", multiple=True, required=True, metavar="FIELD=VALUE", help="Without a value: it has none."
)
@click.option("--by", required=True, help="Who says so.")
@click.option("--expect", type=click.Choice(get_args(Expectation)), default="unknown", show_default=True)
@click.option("--cause", help="Why it went wrong.")
@click.option("--supplier", help="The supplier's id.")
@click.option("--language", help="Of the document, as `de`.")
@click.option("--release", help="The release that was wrong.")
@_CONSENT
@_RETAIN
def add(
    *,
    file: Path,
    truths: tuple[str, ...],
    by: str,
    expect: Expectation,
    cause: str | None,
    supplier: str | None,
    language: str | None,
    release: str | None,
    consent: str,
    retain_days: int,
) -> None:
    """Say what is true of a document. It is put into the document store, and read for its lane and layout."""
    truth = dict(map(_truth, truths))
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        content, now = file.read_bytes(), clock.now()
        reference, document_id, reading = asyncio.run(_taken(settings, content))
        extracted = reading if isinstance(reading, ExtractedInvoice) else None
        case = Case(
            document_id=document_id,
            reference=reference,
            media_type=reading.media_type,
            truth=truth,
            expected=expect,
            cause=cause,
            stated_by=by,
            stated_at=now,
            consent=consent,
            retain_until=now + timedelta(days=retain_days),
            supplier_id=supplier,
            layout=extracted.layout if extracted else None,
            lane=extracted.lane if extracted else None,
            language=language,
            release=release,
        )
        click.echo(CaseBook(open_shelf(settings)).add(case))


@cases.command()
@_CONSENT
@_RETAIN
def gather(consent: str, retain_days: int) -> None:
    """Make a case of each document that reviewers corrected, by what stands on feedback.recorded."""
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        until = clock.now() + timedelta(days=retain_days)
        book = CaseBook(open_shelf(settings))
        for case in asyncio.run(_gathered(settings, consent, until)):
            try:
                click.echo(book.add(case))
            except DocumentErased:
                click.echo(f"quittance: {case.document_id} was erased; no case is made of it", err=True)


@cases.command("list")
@click.option("--jsonl", is_flag=True, help="One JSON object a case, with its truth.")
def list_cases(jsonl: bool) -> None:
    """List the cases."""
    with one_line_errors(*EXPECTED):
        book = CaseBook(open_shelf(load_settings()))
        for case_id, case in book.every().items():
            click.echo(_json(case_id, case) if jsonl else _line(case_id, case))
        for case_id in book.erased():
            click.echo(f"quittance: {case_id} was erased with its document", err=True)


@cases.command()
@click.argument("case_id")
def show(case_id: str) -> None:
    """Show a case; the beginning of its id is enough."""
    with one_line_errors(*EXPECTED):
        found, case = CaseBook(open_shelf(load_settings())).find(case_id)
    click.echo(_json(found, case, indent=1))


@cases.command()
def thin() -> None:
    """Make a golden set of the cases, a few of each layout, and print its version."""
    with one_line_errors(*EXPECTED):
        shelf = open_shelf(load_settings())
        known = CaseBook(shelf).every()
        chosen = golden.thinned(known)
        click.echo(f"{golden.keep(shelf, chosen)}  {len(chosen.cases)} of {len(known)} cases")


@cases.command()
def expire() -> None:
    """Drop the cases whose time is over, and those whose document was erased, with their truth.

    What lies in clear is put under the key that its document has by now.
    """
    settings = load_settings()
    with one_line_errors(*EXPECTED):
        book = CaseBook(open_shelf(settings))
        gone = {*book.erased(), *asyncio.run(_erased(settings, book.every()))}
        for case_id in (*book.expire(clock.now()), *book.drop(sorted(gone))):
            click.echo(case_id)
        book.enclose()


def _truth(text: str) -> tuple[FieldName, str | None]:
    name, _, value = text.partition("=")
    if name not in _NAMES:
        raise click.UsageError(f"{name} is no field; see `quittance read --jsonl`")
    return _NAMES[name], value or None


async def _taken(settings: Settings, content: bytes) -> tuple[str, str, ExtractedInvoice | Unreadable]:
    """Return where a document is kept, its id, and what it says."""
    async with _opened(settings) as (store, reader):
        reference = await store.put(content, "application/octet-stream")
        reading = await reader.read(content)
    if isinstance(reading, Unavailable):
        reading = Unreadable(reason=reading.reason, detail=reading.detail)
    return str(reference), document_id(content), reading


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[DocumentStore, SandboxedReader]]:
    async with (
        open_documents(documents_config(settings)) as store,
        Sandbox(READER, processes=1) as sandbox,
        OfficialRules() as rules,
    ):
        yield store, SandboxedReader(sandbox, rules)


async def _erased(settings: Settings, known: Mapping[str, Case]) -> list[str]:
    """Return the cases whose document can never be read again; only documents under keys can be erased."""
    if settings.erasure_keys is None:
        return []
    erased = []
    async with open_documents(documents_config(settings)) as store:
        for case_id, case in known.items():
            try:
                await store.fetch(case.reference, case.document_id)
            except DocumentErased:
                erased.append(case_id)
            except PermanentFailure:
                continue
    return erased


async def _gathered(settings: Settings, consent: str, until: datetime) -> list[Case]:
    """Return a case for each corrected document that the store still has."""
    told: list[FeedbackRecorded] = []
    async for record in read_to_end(settings, FEEDBACK_RECORDED.name):
        try:
            told.append(decode(record.value, FeedbackRecorded))
        except Undecodable as wrong:
            click.echo(f"quittance: record {record.partition}@{record.offset} cannot be read: {wrong}", err=True)
    async with open_documents(documents_config(settings)) as store:
        places = {one.document_id: str(store.locate(one.document_id)) for one in told}
        kept = {name: place for name, place in places.items() if await store.exists(place)}
    return of_feedback(told, kept, consent, until)


def _line(case_id: str, case: Case) -> str:
    told = [
        case_id[: len("sha256:") + 12],
        case.stated_at.date().isoformat(),
        case.lane or "–",
        case.language or "–",
        case.cause or "–",
        ", ".join(sorted(case.truth)),
    ]
    return "  ".join(told)


def _json(case_id: str, case: Case, indent: int | None = None) -> str:
    return json.dumps({"case_id": case_id, **case.model_dump(mode="json")}, ensure_ascii=False, indent=indent)
