"""`quittance submit` and `quittance status`: documents through the API."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from app.api.preferences import WAIT_SECONDS_MAX
from app.api_client import ApiClient, ApiRefused
from app.cli_errors import FAILED


def api_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options by which it reaches the API."""
    url = click.option(
        "--api-url", envvar="QUITTANCE_API_URL", default="http://127.0.0.1:8000", show_default=True, show_envvar=True
    )
    key = click.option("--api-key", envvar="QUITTANCE_API_KEY", required=True, show_envvar=True, help="An API key.")
    return url(key(command))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="Where the documents come from; goes into each event.")
@click.option(
    "--wait", type=click.IntRange(0, int(WAIT_SECONDS_MAX)), default=0, help="Seconds to wait for each result."
)
@click.option("--jsonl", is_flag=True, help="One JSON object a document.")
@api_options
def submit(files: tuple[Path, ...], source: str | None, wait: int, jsonl: bool, api_url: str, api_key: str) -> None:
    """Submit documents to the API."""
    with ApiClient(api_url, api_key) as api:
        ask = partial(api.submit, source=source, wait_seconds=wait)
        taken = [_attempt(str(file), jsonl, partial(ask, file)) for file in files]
    sys.exit(0 if all(taken) else FAILED)


@click.command()
@click.argument("document_ids", nargs=-1, required=True, metavar="ID...")
@click.option("--jsonl", is_flag=True, help="One JSON object a document.")
@api_options
def status(document_ids: tuple[str, ...], jsonl: bool, api_url: str, api_key: str) -> None:
    """Say where documents stand, and why."""
    with ApiClient(api_url, api_key) as api:
        known = [_attempt(one, jsonl, partial(api.document, one)) for one in document_ids]
    sys.exit(0 if all(known) else FAILED)


def _attempt(subject: str, jsonl: bool, ask: Callable[[], dict[str, Any]]) -> bool:
    try:
        document = ask()
    except (ApiRefused, OSError) as failed:
        click.echo(f"quittance: {subject}: {' '.join(str(failed).split())}", err=True)
        return False
    click.echo(json.dumps({"subject": subject, **document}, ensure_ascii=False) if jsonl else _line(subject, document))
    return True


def _line(subject: str, document: dict[str, Any]) -> str:
    told = [document["state"], document["document_id"]]
    if subject != document["document_id"]:
        told.append(subject)
    told += [", ".join(found) for found in (document["reasons"], document["command_ids"]) if found]
    return "  ".join(told)
