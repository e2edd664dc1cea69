"""`quittance api`: the HTTP API in production."""

import asyncio

import click

from app.api.keys import KeysInvalid
from app.api.server import ProjectionEnded, serve
from app.cli_errors import one_line_errors
from app.logs import configure_logs
from app.readmodel.database import UnknownDatabase
from app.settings import load_settings
from app.tenants import TenantsInvalid


@click.command()
def api() -> None:
    """Serve the API, until SIGTERM."""
    settings = load_settings()
    configure_logs(settings)
    with one_line_errors(KeysInvalid, UnknownDatabase, TenantsInvalid, ProjectionEnded, OSError, ValueError):
        asyncio.run(serve(settings))
