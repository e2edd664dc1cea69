"""`quittance top`: a live view of lag, rates, latencies and outcomes for people without Grafana."""

import asyncio
import io
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.live import Live

from app.kafka_client import client_arguments
from app.local.running import running_stack
from app.local.stack import DEFAULT_FOLDER
from app.settings import Settings, load_settings
from app.top.drawing import drawn
from app.top.looking import Looking, named_workers
from app.top.picture import Picture
from app.top.recent import Recent
from app.top.unread import Broker

# What goes into a pipe is drawn for nobody's screen: it gets room for every column.
PIPE_WIDTH = 110


@click.command()
@click.option("--worker", "workers", multiple=True, metavar="HOST:PORT", help="A worker's metrics; may be repeated.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_FOLDER, show_default=True,
    help="Of `quittance up`: what runs over it is found by itself.",
)  # fmt: skip
@click.option("--every", type=click.FloatRange(0.2, 60), default=2.0, show_default=True, help="Seconds between looks.")
@click.option("--once", is_flag=True, help="Look twice, so that there are rates; print one picture and end.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a picture.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also keep the last picture as SVG.")
def top(workers: Sequence[str], folder: Path, every: float, svg: Path | None, *, once: bool, as_json: bool) -> None:
    """Show what the workers do and how far they are behind."""
    settings, addresses = _where(load_settings(), workers, folder)
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    try:
        last = asyncio.run(_shown(settings, addresses, console, every, once=once, as_json=as_json))
    except KeyboardInterrupt:
        return
    if svg is not None:
        keep(last, svg)


def keep(found: Picture, path: Path) -> None:
    """Write a picture as SVG. Its letters are those of whoever looks at it, not fetched from somebody's server."""
    console = Console(width=PIPE_WIDTH, record=True, file=io.StringIO())
    console.print(drawn(found))
    form = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(str(path), title="quittance top", code_format=form)


def _where(settings: Settings, workers: Sequence[str], folder: Path) -> tuple[Settings, tuple[str, ...]]:
    """Return whom to ask: as the options say, or what runs over the folder, or as the settings say."""
    local = None if workers or settings.workers else running_stack(folder)
    if local is not None:
        brokers = {"kafka_bootstrap_servers": local.kafka_bootstrap_servers, "kafka_security_protocol": "PLAINTEXT"}
        return settings.model_copy(update=brokers), (local.metrics,)
    return settings, tuple(workers) or named_workers(settings)


async def _shown(
    settings: Settings, addresses: Sequence[str], console: Console, every: float, *, once: bool, as_json: bool
) -> Picture:
    async with (
        Broker(client_arguments(settings), settings.kafka_bootstrap_servers) as broker,
        Looking(addresses, broker.unread) as looking,
    ):
        recent = Recent(looking, fresh_seconds=0.0)
        found = (await recent.seen()).picture
        if once:
            await asyncio.sleep(every)
            found = (await recent.seen()).picture
            _print(found, console, as_json=as_json)
            return found
        with Live(console=console, screen=console.is_terminal and not as_json, auto_refresh=False) as live:
            while True:
                if as_json:
                    _print(found, console, as_json=True)
                else:
                    live.update(drawn(found), refresh=True)
                await asyncio.sleep(every)
                found = (await recent.seen()).picture


def _print(found: Picture, console: Console, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        console.print(drawn(found))
