"""`quittance demo` and `quittance up`: the embedded stack on this machine."""

import asyncio
import contextlib
import sys
from pathlib import Path

import click
from aiokafka.errors import KafkaError as ClientError
from rich.console import Console

from app.cli_errors import one_line_errors
from app.local.demo import run_demo
from app.local.kafka import KafkaError
from app.local.quality.run import run_quality_demo
from app.local.samples import debtor_environment, demo_debtor
from app.local.stack import DEFAULT_FOLDER, Stack, StackFailed
from app.local.stopping import until_stopped

# A table in a pipe is read by nobody's eyes; it gets room for every column.
PIPE_WIDTH = 160


@click.command()
@click.option("--exit", "end", is_flag=True, help="End after the run, also on a terminal.")
@click.option("--quality", is_flag=True, help="Run the quality loop instead: corrections, a release, its deployment.")
def demo(*, end: bool, quality: bool) -> None:
    """Run sample invoices of every lane through the real chain and judge what comes out."""
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    stay = sys.stdout.isatty() and not end
    run = run_quality_demo(console) if quality else run_demo(console, stay=stay)
    with one_line_errors(KafkaError, StackFailed, ClientError, OSError):
        sys.exit(asyncio.run(until_stopped(run)))


@click.command()
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_FOLDER, show_default=True,
    help="Where everything is kept.",
)  # fmt: skip
def up(folder: Path) -> None:
    """Run the embedded stack until Ctrl-C: broker, worker, API, console, sealer; data in ./var."""

    async def run() -> int:
        async with Stack(folder, debtor_environment(demo_debtor()), lambda line: click.echo(line, err=True)) as stack:
            click.echo(f"Kafka      {stack.settings.kafka_bootstrap_servers}")
            click.echo(f"API        {stack.api_url}/docs")
            click.echo(f"Console    {stack.console_url}")
            click.echo(f"API key    {stack.api_key}")
            click.echo(f"Documents  {stack.settings.documents}")
            click.echo(f"Audit log  {stack.settings.audit}")
            raise StackFailed(await stack.until_ended())

    with one_line_errors(KafkaError, StackFailed, ClientError, OSError), contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(until_stopped(run())))
