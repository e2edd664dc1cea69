"""The reader's role: it says that it waits for the official rules, and then no more."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from app.ports import WorkerPorts
from app.roles import ReaderRole
from app.settings import Settings
from app.stream.windows import Window
from app.tracing import UNTRACED
from schemas.topics import DOCUMENT_RECEIVED

ATTEMPTS_MAX, PAUSE_SECONDS = 600, 0.1


async def test_a_reader_is_ready_once_the_usual_rules_are_compiled(tmp_path: Path) -> None:
    settings = Settings(documents=f"file://{tmp_path}", read_processes=1)
    # Neither is used before an event comes.
    ports, window = cast("WorkerPorts", SimpleNamespace(tracing=UNTRACED)), cast("Window", None)
    async with AsyncExitStack() as stack:
        role = await ReaderRole.open(settings, ports, lambda _: window, stack)
        assert DOCUMENT_RECEIVED in role.agents
        assert role.missing() == ["the official rules are being compiled"]
        for _ in range(ATTEMPTS_MAX):
            if not role.missing():
                break
            await asyncio.sleep(PAUSE_SECONDS)
        assert role.missing() == []
