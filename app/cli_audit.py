"""`quittance audit`: what an auditor asks. A command is imported when it is called, so that verifying stays small."""

import importlib

import click

# The name of each command, and where it is.
COMMANDS: dict[str, str] = {
    "consistency": "app.audit_log.commands:consistency",
    "explain": "app.cli_audit_story:explain",
    "keys": "app.audit_log.commands:keys",
    "proof": "app.audit_log.commands:proof",
    "replay": "app.cli_audit_story:replay_command",
    "verify": "app.audit_log.commands:verify",
}


class _Commands(click.Group):
    """Finds the commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, importing it now."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, name = place.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Commands)
def audit() -> None:
    """The sealed audit log: verify it, prove an entry, tell why a document was paid."""
