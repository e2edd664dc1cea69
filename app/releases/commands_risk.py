"""`quittance quality risk`: how often each release would pay falsely, at most, and the threshold that allows."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from agents.quality.risk import CONFIDENCE, RISK, Reviewed, bound, needed, threshold
from app.cli_errors import one_line_errors
from app.releases.reviewed import groups, read_reviewed
from app.settings import load_settings
from app.snapshot import TopicSilent
from schemas.release import CONFIDENCE_FLOOR


@click.command()
@click.option(
    "--risk", "wanted", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=RISK, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a release and lane.")
@click.option("--release", "release_id", help="The release to draft thresholds for.")
@click.option(
    "--draft", type=click.Path(dir_okay=False, path_type=Path), help="Write a bundle for `quittance release draft`."
)
def risk(wanted: float, as_json: bool, release_id: str | None, draft: Path | None) -> None:
    """Bound the rate of false payables by what persons found.

    The bound is exact and holds with 95 %. A threshold is allowed down to where it stays within the risk; "-" is where
    nothing is proven yet.
    """
    if draft is not None and release_id is None:
        raise click.UsageError("--draft needs --release: thresholds are of one release")
    with one_line_errors(KafkaError, OSError, SQLAlchemyError, TopicSilent):
        found = asyncio.run(read_reviewed(load_settings()))
    rows = [row(release, lane, each, wanted) for (release, lane), each in groups(found).items()]
    if as_json:
        for each in rows:
            click.echo(json.dumps(each))
    else:
        tell(rows, wanted)
    if draft is not None:
        with one_line_errors(OSError):
            draft.write_text(json.dumps(drafted(rows, str(release_id), wanted), indent=1) + "\n", encoding="utf-8")


def row(release: str, lane: str, found: Sequence[Reviewed], wanted: float) -> dict[str, Any]:
    """Return what is known of one release in one lane. `upper` is of what would have been paid as things stood."""
    sample = bound(each for each in found if each.sampled)
    allowed = threshold(found, wanted)
    return {
        "release": release,
        "lane": lane,
        "reviewed": sample.reviewed,
        "false": sample.wrong,
        "upper": round(sample.upper, 6),
        "needed": needed(wanted, sample.wrong),
        "confidence_min": None if allowed is None else max(allowed, CONFIDENCE_FLOOR),
    }


def drafted(rows: Sequence[dict[str, Any]], release: str, wanted: float) -> dict[str, Any]:
    """Return the bundle that takes over the thresholds that are proven for a release."""
    proven = {each["lane"]: each["confidence_min"] for each in rows if each["release"] == release}
    return {
        "confidence_min": {lane: value for lane, value in proven.items() if value is not None},
        "parent": release,
        "reason": f"false payables below {wanted:.2%} with {CONFIDENCE:.0%}, by what persons found",
    }


def tell(rows: Sequence[dict[str, Any]], wanted: float) -> None:
    """Print the table."""
    if not rows:
        click.echo("nobody has looked at a document that would have been paid; see audit_share in docs/quality.md")
        return
    width = max(len(each["release"]) for each in rows)
    click.echo(f"{'release':{width}}  lane    looked at  false  at most  needed  threshold")
    for each in rows:
        least = "-" if each["confidence_min"] is None else f"{each['confidence_min']:.4f}"
        mark = " " if each["upper"] <= wanted else "!"
        click.echo(
            f"{each['release']:{width}}  {each['lane']:6}  {each['reviewed']:9}  {each['false']:5}  "
            f"{each['upper']:7.2%}{mark} {each['needed']:6}  {least}"
        )
