"""A worker of both roles: two children under one parent, which end together and leave nothing behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app import supervisor as module
from app.settings import Settings
from app.supervisor import Supervisor

PATIENT = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
SHORT = "import sys; sys.exit(3)"


class World:
    """A supervisor whose children run given programs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.programs = {"reader": PATIENT, "ledger": PATIENT}
        self.supervisor = Supervisor(Settings(metrics_port=0))
        monkeypatch.setattr(module, "_command", lambda role, _tell: [sys.executable, "-c", self.programs[role]])

    async def children(self) -> list[asyncio.subprocess.Process]:
        async with asyncio.timeout(20):
            while len(self.supervisor._parts) < 2:  # noqa: ASYNC110 - there is no event for it, and it is soon
                await asyncio.sleep(0.02)
        return [part.process for part in self.supervisor._parts]


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    made = World(monkeypatch)
    yield made
    made.supervisor._pass_on(signal.SIGKILL)
    for part in made.supervisor._parts:
        await part.process.wait()


async def test_a_signal_ends_both_children(world: World) -> None:
    running = asyncio.create_task(world.supervisor.run())
    children = await world.children()
    await asyncio.sleep(0.5)  # they set up their handlers
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(running, 20) == 0
    assert [child.returncode for child in children] == [0, 0]


async def test_the_end_of_one_child_ends_the_other_and_is_told(world: World) -> None:
    world.programs["ledger"] = f"import time; time.sleep(0.5); {SHORT}"
    assert await asyncio.wait_for(world.supervisor.run(), 20) == 3
    assert all(part.process.returncode is not None for part in world.supervisor._parts)


async def test_a_signal_while_they_are_started_ends_them_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    start: Callable[[str], Awaitable[Any]] = world.supervisor._start
    began = asyncio.Event()

    async def slow(role: str) -> Any:
        began.set()
        await asyncio.sleep(0.2)
        return await start(role)

    monkeypatch.setattr(world.supervisor, "_start", slow)
    running = asyncio.create_task(world.supervisor.run())
    await began.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    try:
        await asyncio.wait_for(running, 5)
    finally:
        running.cancel()
