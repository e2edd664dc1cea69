"""`quittance quality`: from what went wrong to a better release. Each command is imported when it is called."""

import click

from app.cli_late import LateGroup

# The name of each command, and where it is.
COMMANDS: dict[str, str] = {
    "causes": "app.quality.commands_causes:causes",
    "cases": "app.quality.commands_cases:cases",
    "propose": "app.quality.commands_propose:propose",
    "retrain": "app.quality.commands_retrain:retrain_scorer",
    "regress": "app.quality.commands_regress:regress",
    "release": "app.cli_releases:release",
    "replay": "app.releases.commands_replay:replay",
    "risk": "app.releases.commands_risk:risk",
}


@click.group(cls=LateGroup, places=COMMANDS)
def quality() -> None:
    """The quality loop: cases, better releases, and what they are measured by."""
