"""`quittance audit`: what an auditor asks. A command is imported when it is called, so that verifying stays small."""

import click

from app.cli_late import LateGroup

# The name of each command, and where it is.
COMMANDS: dict[str, str] = {
    "consistency": "app.audit_log.commands:consistency",
    "explain": "app.cli_audit_story:explain",
    "keys": "app.audit_log.commands:keys",
    "proof": "app.audit_log.commands:proof",
    "replay": "app.cli_audit_story:replay_command",
    "verify": "app.audit_log.commands:verify",
}


@click.group(cls=LateGroup, places=COMMANDS)
def audit() -> None:
    """The sealed audit log: verify it, prove an entry, tell why a document was paid."""
