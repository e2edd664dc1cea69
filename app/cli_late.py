"""A group of commands that are imported when they are called, so that `--help`, and each of them, is quick."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LateGroup(click.Group):
    """Finds a command by its name, and its place, `module:function`, in a table."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, importing it now."""
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, name = place.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command
