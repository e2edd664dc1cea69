"""`quittance schemas`: the contracts as files."""

import sys
from pathlib import Path

import click

from app.cli_errors import FAILED, one_line_errors
from app.contracts.files import broken, contract_files, example_files, write


@click.group()
def schemas() -> None:
    """What travels, for programs in any language."""


@schemas.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--accept-breaking", is_flag=True, help="Write even what breaks those who rely on the files in DIR.")
def export(folder: Path, accept_breaking: bool) -> None:
    """Write JSON Schemas, examples, AsyncAPI and OpenAPI below DIR.

    What lies there already is taken as promised: a change that breaks it is told and nothing is written. The way out
    is a new version beside the old one.
    """
    with one_line_errors(OSError):
        wrong = broken(folder)
        for name, changes in wrong.items():
            for change in changes:
                click.echo(f"breaking {name}: {change}", err=True)
        if wrong and not accept_breaking:
            sys.exit(FAILED)
        files = {**contract_files(), **example_files()}
        written = write(folder, files)
    for name in written:
        click.echo(f"written  {name}")
    click.echo(f"{len(written)} written, {len(files) - len(written)} as they should be")
