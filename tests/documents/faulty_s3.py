"""An S3 endpoint that answers as a test has scripted: a small HTTP server that speaks real bytes on a real socket."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.documents import S3Config

Wire = asyncio.StreamWriter


@dataclass(frozen=True)
class Request:
    """What came: header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes out. `announced` overrides Content-Length; after `silence_after` bytes of the body nothing comes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None
    silence_after: int | None = None
    drip_seconds: float | None = None
    hang_up: bool = False


def error(status: int, code: str) -> Answer:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>scripted</Message></Error>".encode()
    return Answer(status, body, {"content-type": "application/xml"})


class FaultyS3:
    """Answers with the scripted answers in order; the last one is repeated for ever."""

    def __init__(self) -> None:
        self.script: deque[Answer | Callable[[Request], Answer]] = deque()
        self.requests: list[Request] = []
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    def answers(self, *script: Answer | Callable[[Request], Answer]) -> None:
        """Begin a new script, and forget what was asked before."""
        self.script = deque(script)
        self.requests.clear()

    @property
    def endpoint_url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def config(self) -> S3Config:
        return S3Config(endpoint_url=self.endpoint_url, region="eu-west-3", access_key_id="a", secret_access_key="b")

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, wire: Wire) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while request := await _read_request(reader, wire):
                self.requests.append(request)
                step = self.script.popleft() if len(self.script) > 1 else self.script[0]
                if not await _send(wire, step(request) if callable(step) else step, request):
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client went, or the test is over
        finally:
            self._open.discard(task)
            wire.close()


async def _read_request(reader: asyncio.StreamReader, wire: Wire) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "100-continue" in headers.get("expect", ""):
        wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


async def _send(wire: Wire, answer: Answer, request: Request) -> bool:
    """Return whether the connection may serve another request."""
    if answer.hang_up:
        return False
    length = len(answer.body) if answer.announced is None else answer.announced
    sized = {} if "transfer-encoding" in answer.headers else {"content-length": str(length)}
    headers = "".join(f"{name}: {value}\r\n" for name, value in (sized | answer.headers).items())
    wire.write(f"HTTP/1.1 {answer.status} Scripted\r\n{headers}\r\n".encode())
    if request.method == "HEAD":
        return True
    if answer.drip_seconds is not None:
        for byte in answer.body:
            wire.write(bytes([byte]))
            await wire.drain()
            await asyncio.sleep(answer.drip_seconds)
    wire.write(answer.body[: answer.silence_after] if answer.drip_seconds is None else b"")
    await wire.drain()
    if answer.silence_after is not None:
        await asyncio.sleep(60)
    return answer.announced is None
