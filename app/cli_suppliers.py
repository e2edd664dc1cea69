"""`quittance suppliers`: reference data straight from and to the topic, so that it works without the API."""

import asyncio
import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from app import clock
from app.cli_errors import FAILED, one_line_errors
from app.cli_suppliers_data import export_data
from app.cli_suppliers_erase import create_keys, erase_supplier
from app.publishing import KafkaPublisher, Unpublished
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent, read_to_end
from app.suppliers import SuppliersInvalid, Unwritable, parse_suppliers, render_suppliers
from schemas.codec import Undecodable, decode
from schemas.events import SupplierChanged
from schemas.supplier import Supplier
from schemas.topics import SUPPLIER_CHANGED

EVENT_SOURCE = "quittance/cli"
# So many events are in flight at once while a file is imported.
IN_FLIGHT = 200
FILE_BYTES_MAX = 256 * 1024**2


@click.group()
def suppliers() -> None:
    """Who may be paid, and on which accounts."""


suppliers.add_command(export_data)
suppliers.add_command(erase_supplier)
suppliers.add_command(create_keys)


@suppliers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--imported-by", default=getpass.getuser, help="Who vouches for the accounts; the user, if not given.")
def import_file(file: Path, imported_by: str) -> None:
    """State every supplier of a CSV file anew. A file with a fault is not imported at all."""
    with one_line_errors(OSError, Unpublished):
        try:
            count = asyncio.run(import_suppliers(load_settings(), _content(file), imported_by))
        except SuppliersInvalid as wrong:
            for fault in wrong.faults:
                click.echo(f"quittance: {file}: {fault}", err=True)
            sys.exit(FAILED)
    click.echo(f"{count} suppliers imported")


@suppliers.command()
@click.option("--csv", "as_csv", is_flag=True, help="The file that they could be imported from.")
@click.option("--jsonl", is_flag=True, help="One JSON object a supplier, with who verified each account.")
def show(as_csv: bool, jsonl: bool) -> None:
    """List the suppliers as they stand on the topic now."""
    with one_line_errors(KafkaError, TopicSilent, Unwritable):
        known = asyncio.run(read_suppliers(load_settings()))
        if as_csv:
            click.echo(render_suppliers(known), nl=False)
            return
    for supplier in known:
        if jsonl:
            click.echo(json.dumps(supplier.model_dump(mode="json"), ensure_ascii=False))
        else:
            accounts = ", ".join(account.identifier for account in supplier.accounts) or "no account"
            click.echo(f"{supplier.supplier_id}  {supplier.name}  {accounts}")


async def import_suppliers(settings: Settings, content: bytes, imported_by: str) -> int:
    """Publish the suppliers of a file, each confirmed; return how many there were.

    Raises:
        SuppliersInvalid: before anything is published.
        Unpublished: where the broker does not confirm; the file may be imported again.
    """
    at = clock.now()
    parsed = parse_suppliers(content, verified_by=imported_by, verified_at=at)
    changes = [SupplierChanged(supplier=supplier, changed_by=imported_by, changed_at=at) for supplier in parsed]
    async with KafkaPublisher(settings, source=EVENT_SOURCE) as publisher:
        for start in range(0, len(changes), IN_FLIGHT):
            await _publish_all(publisher, changes[start : start + IN_FLIGHT])
    return len(changes)


async def read_suppliers(settings: Settings) -> tuple[Supplier, ...]:
    """Return the suppliers by their id, as the topic has them now."""
    known: dict[str, Supplier] = {}
    async for record in read_to_end(settings, SUPPLIER_CHANGED.name):
        supplier_id = (record.key or b"").decode(errors="replace")
        if record.value is None:
            known.pop(supplier_id, None)
            continue
        try:
            known[supplier_id] = decode(record.value, SupplierChanged).supplier
        except Undecodable as wrong:
            click.echo(f"quittance: record {record.offset} cannot be read: {wrong}", err=True)
    return tuple(supplier for _, supplier in sorted(known.items()))


async def _publish_all(publisher: KafkaPublisher, changes: Sequence[SupplierChanged]) -> None:
    await asyncio.gather(
        *(publisher.publish(SUPPLIER_CHANGED, change, key=change.supplier.supplier_id) for change in changes)
    )


def _content(file: Path) -> bytes:
    if file.stat().st_size > FILE_BYTES_MAX:
        raise OSError(f"{file} has more than {FILE_BYTES_MAX} bytes")
    return file.read_bytes()
