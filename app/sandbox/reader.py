"""The worker's end of one child."""

import asyncio
import socket
from collections.abc import Callable

from app.sandbox import death
from app.sandbox.death import Death, Exit, Starved
from app.sandbox.errors import SandboxError
from app.sandbox.frames import HEADER, Kind, header
from app.sandbox.limits import DETAIL_CHARACTERS_MAX, Limits
from app.sandbox.patience import Patience

_CHUNK_BYTES = 1 << 16
"""Most that is read from a channel at once: a lying child makes the worker hold no more than it has announced."""


class ProtocolError(Exception):
    """The child said what no honest child says; `death` is what becomes of the document."""

    def __init__(self, death: Death) -> None:
        super().__init__(death.detail)
        self.death = death


class Reader:
    """One child that reads one document at a time.

    Attributes:
        pid: its process id, as the zygote knows it.
        ended: resolves to its `Exit`, or to None when the zygote died, which takes its children along.
        documents: how many it has answered.
        worn: it must not read another document.
    """

    def __init__(self, pid: int, channel: socket.socket, limits: Limits, stop: Callable[[int], None]) -> None:
        self.pid = pid
        self.ended: asyncio.Future[Exit | None] = asyncio.get_running_loop().create_future()
        self.documents = 0
        self.worn = False
        self._channel = channel
        self._limits = limits
        self._stop = stop
        self._begun = False
        self._told = b""

    async def greeted(self) -> None:
        """Waits until the child has confined itself.

        Raises:
            SandboxError: this system does not allow it.
            EOFError: it ended before.
        """
        kind, body = await self._frame()
        if kind is not Kind.READY:
            raise SandboxError(f"readers cannot be confined here: {body.decode(errors='replace')}")

    async def read(self, document: bytes, instructions: bytes = b"") -> bytes | Death | Starved | None:
        """The answer to one document read with instructions, or why there is none.

        None where the child vanished before it had all of it.
        After anything but an answer the child is worn.
        """
        self.worn, self._begun = True, False
        patience = Patience(self.pid, self._limits)
        try:
            async with patience:
                return await self._answer(document, instructions)
        except TimeoutError:
            return death.of_starvation(self._limits) if patience.starved else death.of_wall(self._limits)
        except ProtocolError as error:
            return error.death
        except (EOFError, OSError):
            return None if not self._begun else await self._cause()

    def retire(self) -> None:
        """Ends the child, whatever it is doing: an honest one would go when the channel closes, no other has to."""
        self._channel.close()
        if not self.ended.done():
            self._stop(self.pid)

    async def _answer(self, document: bytes, instructions: bytes) -> bytes | Death:
        loop = asyncio.get_running_loop()
        if instructions != self._told:
            await loop.sock_sendall(self._channel, header(Kind.INSTRUCTIONS, len(instructions)))
            await loop.sock_sendall(self._channel, instructions)
            self._told = instructions
        await loop.sock_sendall(self._channel, header(Kind.DOCUMENT, len(document)))
        await loop.sock_sendall(self._channel, document)
        if await self._frame() != (Kind.BEGUN, b""):
            raise ProtocolError(death.of_protocol())
        self._begun = True
        kind, body = await self._frame()
        match kind:
            case Kind.ANSWER | Kind.LAST_ANSWER:
                self.documents += 1
                self.worn = kind is Kind.LAST_ANSWER or self.documents >= self._limits.documents_per_child
                return body
            case Kind.MEMORY:
                return death.of_memory(self._limits)
            case Kind.OUTPUT:
                return death.of_output(self._limits)
            case Kind.ERROR:
                return death.of_error(body)
        raise ProtocolError(death.of_protocol())

    async def _cause(self) -> Death | None:
        """Why the channel closed in the middle; None when the zygote died, and not by this document."""
        self.retire()  # it may have closed the channel and live on; one that is dying already keeps its cause
        end = await self.ended
        return None if end is None else death.of_exit(end, self._limits)

    async def _frame(self) -> tuple[Kind, bytes]:
        head = await self._exactly(HEADER.size)
        code, length = HEADER.unpack(head)
        try:
            kind = Kind(code)
        except ValueError:
            raise ProtocolError(death.of_protocol()) from None
        answers = kind in {Kind.ANSWER, Kind.LAST_ANSWER}
        if length > (self._limits.output_bytes_max if answers else DETAIL_CHARACTERS_MAX):
            raise ProtocolError(death.of_output(self._limits))
        return kind, await self._exactly(length)

    async def _exactly(self, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        received = bytearray()
        while len(received) < size:
            chunk = await loop.sock_recv(self._channel, min(size - len(received), _CHUNK_BYTES))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)
