"""`quittance read`: what documents say, and what they are worth on their own."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli_table import table
from app.reading import DocumentRead, read_documents
from app.sandbox import SandboxError

JOBS_MAX = 64
EXIT_SOME_FAILED = 1


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, JOBS_MAX),
    default=lambda: min(os.cpu_count() or 1, JOBS_MAX),
    show_default="cores",
    help="Documents read at once.",
)


@click.command(short_help="Read documents offline; no broker.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--jsonl", is_flag=True, help="One JSON object a document instead of a table.")
@jobs_option
def read(files: tuple[str, ...], jsonl: bool, jobs: int) -> None:
    """Read, normalize and validate documents, and say what each is worth on its own.

    Exit codes: 0 all were read, 1 some were not (each with its reason), 2 wrong usage.
    """
    try:
        failed = asyncio.run(_run(files, jsonl=jsonl, jobs=jobs))
    except SandboxError as broken:
        raise click.ClickException(str(broken)) from broken
    if failed:
        sys.exit(EXIT_SOME_FAILED)


async def _run(files: tuple[str, ...], *, jsonl: bool, jobs: int) -> int:
    """Print what was read in the order of the files; return how many could not be."""
    documents: list[DocumentRead] = []
    failed = 0
    with _progress(len(files), quiet=jsonl and sys.stdout.isatty()) as progress:
        async with contextlib.aclosing(read_documents(files, jobs)) as stream:
            async for document in _counted(stream, progress):
                failed += document.status == "rejected"
                if jsonl:
                    sys.stdout.write(document.model_dump_json() + "\n")
                    sys.stdout.flush()
                else:
                    documents.append(document)
    if documents:
        Console().print(table(documents))
    return failed


async def _counted(stream: AsyncIterator[DocumentRead], progress: Progress) -> AsyncIterator[DocumentRead]:
    task = progress.task_ids[0]
    async for document in stream:
        progress.advance(task)
        yield document


@contextlib.contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Progress]:
    """Show a bar on stderr where that is a terminal, and nothing anywhere else."""
    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        progress.add_task("read", total=total)
        yield progress
