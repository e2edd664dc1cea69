"""`quittance suppliers export-data`: everything that is held on one supplier, in one folder."""

import asyncio
import sys
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from app import clock
from app.cli_errors import FAILED, one_line_errors
from app.documents import open_documents
from app.extraction import documents_config
from app.release import release_id
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent
from app.supplier_data import Exported, FolderInUse, SupplierUnknown, find_data, write_data


@click.command("export-data", short_help="Everything that is held on one supplier, in one folder.")
@click.argument("supplier_id")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_data(supplier_id: str, folder: Path) -> None:
    """Write all records, documents and stories of a supplier into FOLDER, with a manifest of digests.

    Account numbers are in clear: the folder is readable for nobody else.

    Exit codes: 0 all is there, 1 the bytes of some documents could not be had, or nothing is held, 2 wrong usage.
    """
    with one_line_errors(KafkaError, TopicSilent, SupplierUnknown, FolderInUse, OSError):
        exported = asyncio.run(_export(load_settings(), supplier_id, folder))
    click.echo(f"{exported.documents} documents, {exported.files} files in {folder}")
    for line in exported.missing:
        click.echo(f"quittance: not there: {line}", err=True)
    if exported.missing:
        sys.exit(FAILED)


async def _export(settings: Settings, supplier_id: str, folder: Path) -> Exported:
    data = await find_data(settings, supplier_id)
    async with open_documents(documents_config(settings)) as store:
        return await write_data(data, store, folder, at=clock.now(), release=release_id())
