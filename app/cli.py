"""The command line. Each command is imported only when it is called, so that `--help` is quick."""

import logging
import sys
from typing import Any

import click

from app.cli_late import LateGroup

# The name of each command, and where it is.
COMMANDS = {
    "api": "app.cli_api:api",
    "audit": "app.cli_audit:audit",
    "dead": "app.cli_dead:dead",
    "demo": "app.cli_local:demo",
    "payments": "app.cli_payments:payments",
    "quality": "app.cli_quality:quality",
    "read": "app.cli_read:read",
    "release": "app.cli_releases:release",
    "schemas": "app.cli_schemas:schemas",
    "status": "app.cli_submit:status",
    "submit": "app.cli_submit:submit",
    "suppliers": "app.cli_suppliers:suppliers",
    "top": "app.cli_top:top",
    "topics": "app.cli_worker:topics",
    "up": "app.cli_local:up",
    "worker": "app.cli_worker:worker",
}


class _Commands(LateGroup):
    """Turns what nobody expected into one line on stderr."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise  # click says those in one line itself
        except Exception as surprise:
            first, *_ = str(surprise).splitlines() or [""]
            raise click.ClickException(f"{type(surprise).__name__}: {first}") from surprise


@click.group(cls=_Commands, places=COMMANDS)
@click.version_option(package_name="quittance")
def main() -> None:
    """Supplier invoices in, payment commands out."""
    # A person gets our one line of an error, not the clients' own; long-running processes set their logs up themselves.
    logging.getLogger().addHandler(logging.NullHandler())


if __name__ == "__main__":
    sys.exit(main())
