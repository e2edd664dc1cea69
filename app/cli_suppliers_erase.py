"""`quittance suppliers erase` and `create-keys`: a supplier's documents end, in every copy, by the end of its key."""

import asyncio
import getpass
import sys

import click
from aiokafka.errors import KafkaError

from app import clock
from app.cli_errors import FAILED, one_line_errors
from app.documents import DocumentFailure, KeyFolder
from app.extraction import keys_folder
from app.publishing import KafkaPublisher, Unpublished
from app.quality.cases import CaseBook
from app.quality.shelf import ContentBroken, ShelfUnavailable, open_shelf
from app.release import release_id
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from app.supplier_data import Erased, SupplierData, SupplierUnknown, entry_of, erase, find_data, render, tenant_of
from app.supplier_data.remaining import ask_keeping, remains_of
from schemas.topics import AUDIT_ENTRY

EVENT_SOURCE = "quittance/cli"
WARNING = "The documents of {} can then be read by nobody, in no copy, for ever. Does no law want them kept?"


class KeysOff(Exception):  # noqa: N818 - it says what is wrong
    """No folder of keys is set: documents lie in clear."""


EXPECTED = (
    ContentBroken, DocumentFailure, KafkaError, KeysOff, ShelfUnavailable, SupplierUnknown, TopicSilent, Unpublished,
)  # fmt: skip


@click.command("create-keys", short_help="Make the folder of keys, once.")
def create_keys() -> None:
    """Make the folder that QUITTANCE_ERASURE_KEYS names a place of keys. Documents are put under keys from then on.

    The folder belongs on no backup and no file system that keeps versions; lost keys are lost documents.
    """
    with one_line_errors(KeysOff, DocumentFailure):
        keys = opened_keys(load_settings())
        click.echo("made" if keys.create() else "is a place of keys already")


@click.command("erase", short_help="Destroy the key of a supplier's documents.")
@click.argument("supplier_id")
@click.option("--by", default=getpass.getuser, help="Who wants it, for the audit log; the user, if not given.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def erase_supplier(supplier_id: str, by: str, yes: bool, as_json: bool) -> None:
    """Destroy the key of SUPPLIER_ID, and tell what is gone, what is not, and when that goes.

    May be repeated: what came since is then gone as well. Its reference data stay, so that it can still be paid.

    Exit codes: 0 no document of it in the store can be read any more, 1 some can, each named, or nothing is held on
    it, or it could not be done, 2 wrong usage.
    """
    if not yes:
        click.confirm(WARNING.format(supplier_id), abort=True)
    with one_line_errors(*EXPECTED):
        erased = asyncio.run(erase_everywhere(load_settings(), supplier_id, by))
    click.echo(erased.model_dump_json(indent=1) if as_json else render(erased), nl=as_json)
    if erased.in_clear or erased.of_others:
        sys.exit(FAILED)


def opened_keys(settings: Settings) -> KeyFolder:
    """Return the folder of keys.

    Raises:
        KeysOff: where none is set.
    """
    if (folder := keys_folder(settings)) is None:
        raise KeysOff("QUITTANCE_ERASURE_KEYS is not set: documents lie in clear, and nothing was erased")
    return KeyFolder(folder)


async def erase_everywhere(settings: Settings, supplier_id: str, by: str) -> Erased:
    """Erase a supplier's documents and have the audit log know.

    Raises:
        KeysOff, DocumentsUnavailable, SupplierUnknown: nothing was erased.
        TopicSilent, aiokafka.errors.KafkaError: nothing was erased, if the topics could not be read.
        Unpublished: the key is destroyed, and the log does not know it; to be repeated.
        ContentBroken, ShelfUnavailable: the key is destroyed, and cases in clear may be left; to be repeated.
    """
    keys = opened_keys(settings)
    keys.probe()
    data = await _found(settings, supplier_id)
    reads = data.records() if data else ()
    keeping = await ask_keeping(settings, {read.topic for read in reads})
    erased = await asyncio.to_thread(erase, keys, supplier_id, data, clock.now(), by)
    async with KafkaPublisher(settings, source=EVENT_SOURCE) as publisher:
        for erasure in erased.erasures:
            await publisher.publish(AUDIT_ENTRY, entry_of(erasure, tenant_of(data), release_id()))
    cases = await asyncio.to_thread(_cases, settings, erased)
    return erased.model_copy(update={"remains": remains_of(reads, keeping), "cases": cases})


def _cases(settings: Settings, erased: Erased) -> tuple[str, ...]:
    """End the supplier's labelled cases, also those that did not lie under its documents' keys."""
    documents = {*erased.documents, *erased.of_others, *(each.document_id for each in erased.in_clear)}
    return tuple(CaseBook(open_shelf(settings)).end(erased.supplier_id, documents))


async def _found(settings: Settings, supplier_id: str) -> SupplierData | None:
    try:
        return await find_data(settings, supplier_id)
    except SupplierUnknown:  # the topics have forgotten; the folder of keys may know
        return None
