"""The API with a status that a test sets, over real HTTP: what the console's pages are made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn

from app.api.application import create_api
from app.local.ports import LOOPBACK, free_port
from app.top.recent import Seen, nobody_looks
from tests.app.api.world import running_world


@dataclass
class Console:
    """Where the pages are, and what they are told next; `asked` counts how often."""

    url: str
    seen: Seen
    asked: int = 0

    async def status(self) -> Seen:
        self.asked += 1
        return self.seen


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Leave signals to the tests' own process."""


@asynccontextmanager
async def serving(console: Console, folder: Path) -> AsyncIterator[None]:
    async with running_world(folder) as world:
        app = create_api(replace(world.ports, status=console.status), {})
        server = _Server(uvicorn.Config(app, port=int(console.url.rpartition(":")[2]), log_config=None))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)
        yield
        server.should_exit = True
        await task


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    console = Console(f"http://{LOOPBACK}:{free_port()}", await nobody_looks())
    async with serving(console, tmp_path):
        yield console
