"""`quittance quality causes`: why things went wrong, the dearest cause first, as the API tells it."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import click

from agents.quality.clusters import Dimension
from app.api_client import ApiClient, ApiRefused
from app.cli_errors import one_line_errors
from app.cli_submit import api_options

LIMIT_DEFAULT, LIMIT_MAX = 20, 500


@click.command()
@click.option(
    "--by", type=click.Choice(get_args(Dimension)), default="supplier", show_default=True,
    help="What to part the causes by.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1, LIMIT_MAX), default=LIMIT_DEFAULT, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The causes as the API has them, with examples and pictures.")
@api_options
def causes(by: Dimension, limit: int, as_json: bool, api_url: str, api_key: str) -> None:
    """Say why things went wrong: ranked in each currency by what was at risk times how many documents."""
    with one_line_errors(ApiRefused), ApiClient(api_url, api_key) as api:
        found = api.causes(by, limit)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found["items"]:
        click.echo("Nothing has gone wrong, as far as anybody has said.")
    for cluster in found["items"]:
        click.echo("\n".join(_lines(cluster)))


def _lines(cluster: dict[str, Any]) -> Iterator[str]:
    """Yield a cluster's head, and its newest example."""
    risk = ", ".join(f"{amount['value']} {amount['currency']}" for amount in cluster["at_risk"]) or "no sum known"
    count = cluster["documents"]
    documents = "1 document" if count == 1 else f"{count} documents"
    value = cluster["value"] or "none"
    yield f"{cluster['rank']:>3}. {cluster['cause']}, {cluster['by']} {value[:24]}: {documents}, at risk {risk}"
    for example in cluster["examples"][:1]:
        about = f"{example['field']}: " if example["field"] else ""
        yield f"     {about}{example['evidence']}"
        yield f"     {example['document_id']}"
