"""Pictures of where a value stands on its page, drawn in limited children that are started when the first is wanted."""

import asyncio
from types import TracebackType
from typing import Protocol, Self

from app.quality.drawing import Region
from app.sandbox import Sandbox
from schemas.codec import encode
from schemas.evidence import Box

DRAWER = "app.quality.drawing:draw_region"
# People look at one picture at a time.
PROCESSES = 1
SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Pictures(Protocol):
    """Draws a part of a page."""

    async def region(self, content: bytes, page: int, box: Box | None) -> bytes | None:
        """Return a PNG, or None where there is nothing to draw: no PDF, no such page, or a child that died of it."""


class SandboxedPictures:
    """Draws in a sandbox of its own: to draw a hostile page costs a child, and nothing else."""

    def __init__(self) -> None:
        self._sandbox: Sandbox | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Start nothing yet: most processes never draw."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the children, if there are any."""
        if self._sandbox is not None:
            await self._sandbox.close()

    async def region(self, content: bytes, page: int, box: Box | None) -> bytes | None:
        """Return a PNG, or None where there is nothing to draw.

        Raises:
            app.sandbox.SandboxError: children cannot be confined here.
        """
        sandbox = await self._started()
        answer = await sandbox.read(content, encode(Region(page=page, box=box)))
        return answer if isinstance(answer, bytes) and answer.startswith(SIGNATURE) else None

    async def _started(self) -> Sandbox:
        async with self._starting:
            if self._sandbox is None:
                sandbox = Sandbox(DRAWER, PROCESSES)
                await sandbox.start()
                self._sandbox = sandbox
            return self._sandbox
