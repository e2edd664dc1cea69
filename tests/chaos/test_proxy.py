"""The proxy does what the chaos says that it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

import pytest

from app.local.ports import LOOPBACK, free_port
from tests.chaos.proxy import Link

SOON_SECONDS = 10.0
NEVER_SECONDS = 0.3


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(100):
            writer.write(part)
    writer.close()


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    server = await asyncio.start_server(_echo, LOOPBACK, 0)
    made = Link(free_port(), server.sockets[0].getsockname()[1])
    await made.open()
    yield made
    await made.close()
    server.close()


class Client:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection(LOOPBACK, self._link.port)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.writer.close()

    async def asks(self, question: bytes, timeout_seconds: float = SOON_SECONDS) -> bytes:
        self.writer.write(question)
        return await self.hears(len(question), timeout_seconds)

    async def hears(self, size: int, timeout_seconds: float = SOON_SECONDS) -> bytes:
        return await asyncio.wait_for(self.reader.readexactly(size), timeout_seconds)


async def test_it_carries_both_ways(link: Link) -> None:
    async with Client(link) as client:
        assert await client.asks(b"hello") == b"hello"


@pytest.mark.parametrize(("questions", "answers"), [(True, True), (True, False), (False, True)])
async def test_silence_holds_back_and_loses_nothing(link: Link, questions: bool, answers: bool) -> None:
    async with Client(link) as client:
        await client.asks(b"before")
        link.silence(questions=questions, answers=answers)
        with pytest.raises(TimeoutError):
            await client.asks(b"hello", NEVER_SECONDS)
        link.heal()
        assert await client.hears(5) == b"hello"


async def test_a_cut_ends_connections_and_takes_none_until_it_is_opened_again(link: Link) -> None:
    async with Client(link) as client:
        await client.asks(b"before")
        await link.cut()
        with pytest.raises(asyncio.IncompleteReadError):
            await client.hears(1)
    with pytest.raises(OSError, match="Connect call failed"):
        await Client(link).__aenter__()
    await link.open()
    async with Client(link) as client:
        assert await client.asks(b"again") == b"again"


async def test_a_reset_is_no_orderly_end(link: Link) -> None:
    async with Client(link) as client:
        await client.asks(b"before")
        link.reset()
        with pytest.raises(ConnectionResetError):
            await client.hears(1)
    async with Client(link) as client:
        assert await client.asks(b"again") == b"again"


async def test_a_half_closed_link_answers_no_more_but_may_be_written_to(link: Link) -> None:
    async with Client(link) as client:
        await client.asks(b"before")
        link.half_close()
        with pytest.raises(asyncio.IncompleteReadError):
            await client.hears(1)
        client.writer.write(b"still")
        await client.writer.drain()
        assert link.connections == 1
