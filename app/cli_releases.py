"""`quittance release`, and the same as `quittance quality release`: deployment through the API."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app.api_client import ApiClient, ApiRefused
from app.cli_errors import one_line_errors
from app.cli_submit import api_options

# A bundle has limits of its own; a longer file is another file.
FILE_BYTES_MAX = 1024**2


@click.group()
def release() -> None:
    """Bring a release into force step by step, and take it back."""


def step_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what every step has."""
    reason = click.option("--reason", default="", help="Why; kept for ever.")
    override = click.option("--override", is_flag=True, help="Take the step over those before it; needs a reason.")
    as_json = click.option("--json", "as_json", is_flag=True, help="The release as the API has it.")
    return click.argument("release_id")(reason(override(as_json(api_options(command)))))


share = click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), help="The part of the documents; as before, if not given."
)


@release.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The release as the API has it.")
@api_options
def draft(file: Path, as_json: bool, api_url: str, api_key: str) -> None:
    """Write down a new release from a bundle in JSON."""
    with one_line_errors(ApiRefused, OSError, ValueError), ApiClient(api_url, api_key) as api:
        _tell(api.draft_release(_bundle(file)), as_json)


@release.command("list")
@click.option("--json", "as_json", is_flag=True, help="All releases as the API has them.")
@api_options
def list_releases(as_json: bool, api_url: str, api_key: str) -> None:
    """List the releases; those that read and decide now are marked."""
    with one_line_errors(ApiRefused), ApiClient(api_url, api_key) as api:
        found = api.releases()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if found["active"] == found["code"]:
        click.echo(f"* {found['code']}  the code alone")
    for one in found["items"]:
        click.echo(f"{'*' if one['in_force'] else ' '} {_line(one)}")


@release.command()
@click.argument("release_id")
@api_options
def show(release_id: str, api_url: str, api_key: str) -> None:
    """Show one release with its bundle, as JSON."""
    with one_line_errors(ApiRefused), ApiClient(api_url, api_key) as api:
        click.echo(json.dumps(api.release(release_id), ensure_ascii=False, indent=2))


@release.command()
@click.option("--report", help="Digest of the report of `quittance quality regress`.")
@step_options
def regressed(report: str | None, api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Say that a draft was tested, by the report of its regression."""
    _advance("test", api_url, api_key, as_json, regression=report, **step)


@release.command()
@share
@step_options
def shadow(api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Let a release look on at a share of the documents. It decides nothing."""
    _advance("shadow", api_url, api_key, as_json, **step)


@release.command()
@share
@step_options
def canary(api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Let a release decide a share of the documents; the guard watches it."""
    _advance("canary", api_url, api_key, as_json, **step)


@release.command()
@step_options
def promote(api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Want a canary to be in force. It is when a second person wants it, too, for all but a share for a week."""
    _advance("promote", api_url, api_key, as_json, **step)


@release.command()
@step_options
def settle(api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Give the active release the rest of the documents before the guard does; needs a reason."""
    _advance("settle", api_url, api_key, as_json, **step)


@release.command()
@step_options
def rollback(api_url: str, api_key: str, as_json: bool, **step: Any) -> None:
    """Take a shadow, a canary or the active release back."""
    _advance("rollback", api_url, api_key, as_json, **step)


def _advance(wish: str, api_url: str, api_key: str, as_json: bool, *, release_id: str, **step: Any) -> None:
    body = {name: value for name, value in step.items() if value is not None}
    with one_line_errors(ApiRefused), ApiClient(api_url, api_key) as api:
        _tell(api.advance_release(release_id, wish, body), as_json)


def _bundle(file: Path) -> Any:
    if file.stat().st_size > FILE_BYTES_MAX:
        raise OSError(f"{file} has more than {FILE_BYTES_MAX} bytes")
    return json.loads(file.read_text(encoding="utf-8"))


def _tell(found: dict[str, Any], as_json: bool) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else _line(found))


def _line(found: dict[str, Any]) -> str:
    told = [found["release_id"], found["state"]]
    if found["state"] in {"shadow", "canary"}:
        told.append(f"{found['share']:.1%} of the documents")
    if found["holdback"]:
        told.append(f"all but {found['holdback']:.1%} of the documents")
    if found["promoted_by"] and found["wanting"]:
        told.append(f"wanted by {', '.join(found['promoted_by'])}; {found['wanting']} more needed")
    told += [f"by {found['changed_by']}", found["reason"]]
    return "  ".join(filter(None, told))
