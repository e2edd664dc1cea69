"""Pictures of where a value stands on its page, drawn in limited children that are started when the first is wanted."""

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
        self._sandbox = Sandbox(DRAWER, PROCESSES)

    async def __aenter__(self) -> Self:
        """Start nothing yet: most processes never draw, and a sandbox starts a child for its first document."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the children, if there are any."""
        await self._sandbox.close()

    async def region(self, content: bytes, page: int, box: Box | None) -> bytes | None:
        """Return a PNG, or None where there is nothing to draw.

        Raises:
            app.sandbox.SandboxError: children cannot be confined here.
        """
        answer = await self._sandbox.read(content, encode(Region(page=page, box=box)))
        return answer if isinstance(answer, bytes) and answer.startswith(SIGNATURE) else None
