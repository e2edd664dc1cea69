"""A worker that is held at places of its start, until a file says go: releases, its tables' recovery, its ledger.

HELD_IN names the folder of the files. Nothing else of it is other than `python -m app worker`.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app import ledger, memory, supervisor
from app.cli import main
from app.follower import Follower
from app.stream.recovery import QuietRecovery
from schemas.topics import RELEASE_CHANGED

FOLLOWED, RECOVERED, READ = "releases may be read", "tables may be recovered", "the ledger may be read"
LOOK_SECONDS = 0.05


def held(until: str, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return the same act, done once the file is there."""
    file = Path(os.environ["HELD_IN"]) / until

    async def later(*arguments: Any, **more: Any) -> Any:
        while not file.exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(LOOK_SECONDS)
        return await act(*arguments, **more)

    return later


def held_for(topic: str, until: str, follow: Callable[[Follower], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return the same way to follow topics, but that one is not begun before the file is there."""
    later = held(until, follow)

    async def following(follower: Follower) -> None:
        await (later if follower._partition.topic == topic else follow)(follower)

    return following


def as_module(module: str, command: Callable[[str, int], list[str]]) -> Callable[[str, int], list[str]]:
    """Return a supervisor's way to start its children by which they run this module instead."""

    def ours(role: str, tell: int) -> list[str]:
        line = command(role, tell)
        at = line.index("app")
        return [*line[:at], module, *line[at + 2 :]]

    return ours


if __name__ == "__main__":
    replaced: tuple[tuple[Any, str, Any], ...] = (
        (Follower, "_follow", held_for(RELEASE_CHANGED.name, FOLLOWED, Follower._follow)),
        (QuietRecovery, "on_recovery_completed", held(RECOVERED, QuietRecovery.on_recovery_completed)),
        (memory, "read_tail", held(READ, ledger.read_tail)),
        (supervisor, "_command", as_module("tests.system.held_worker", supervisor._command)),
    )
    for owner, name, ours in replaced:
        assert hasattr(owner, name)
        setattr(owner, name, ours)
    main(["worker", *sys.argv[1:]])
