"""A TCP proxy that fails on demand, as networks do: cut, reset, silent, silent one way, half closed."""

import asyncio
import contextlib
import socket
import struct

from app.local.ports import LOOPBACK

CHUNK_BYTES = 64 * 1024
# An RST instead of a FIN: linger on, for no time at all.
RESET = struct.pack("ii", 1, 0)


class Link:
    """One way to one server. Everything that goes through it is bytes; it knows no protocol."""

    def __init__(self, port: int, server_port: int) -> None:
        self.port = port
        self._server_port = server_port
        self._listening: asyncio.Server | None = None
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking, self._answering = asyncio.Event(), asyncio.Event()
        self.heal()

    @property
    def connections(self) -> int:
        return len(self._pairs)

    async def open(self) -> None:
        """Listen, again after a cut."""
        self._listening = await asyncio.start_server(self._join, LOOPBACK, self.port)

    async def cut(self) -> None:
        """Take no connection any more, and end those that there are."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for pair in self._pairs:
            for end in pair:
                end.close()

    async def close(self) -> None:
        """End for good."""
        await self.cut()
        self.heal()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self) -> None:
        """End every connection with an RST, as a firewall does that has forgotten them."""
        for pair in self._pairs:
            for end in pair:
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.transport.abort()

    def half_close(self) -> None:
        """End every connection in one direction: the client hears no more, and may go on talking."""
        for client, _server in self._pairs:
            with contextlib.suppress(OSError, RuntimeError):
                client.write_eof()

    def silence(self, *, questions: bool = True, answers: bool = True) -> None:
        """Let nothing through in one direction or both, and end nothing: nobody is told."""
        if questions:
            self._asking.clear()
        if answers:
            self._answering.clear()

    def heal(self) -> None:
        """Let everything through again, what was held back first."""
        self._asking.set()
        self._answering.set()

    async def _join(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection(LOOPBACK, self._server_port)
        except OSError:
            to_client.close()
            return
        pair = to_client, to_server
        self._pairs.add(pair)
        pumps = [
            asyncio.create_task(_pump(from_client, to_server, self._asking)),
            asyncio.create_task(_pump(from_server, to_client, self._answering)),
        ]
        self._tasks.update(pumps)
        try:
            await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            self._tasks.difference_update(pumps)
            self._pairs.discard(pair)
            for end in pair:
                end.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, may_flow: asyncio.Event) -> None:
    """Carry bytes until one end is gone, then tell the other."""
    with contextlib.suppress(OSError, RuntimeError):
        while part := await source.read(CHUNK_BYTES):
            await may_flow.wait()
            target.write(part)
            await target.drain()
    with contextlib.suppress(OSError, RuntimeError):
        target.close()
