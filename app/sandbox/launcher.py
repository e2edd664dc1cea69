"""The worker's end of one zygote: starts it, has it fork and kill children, learns of their ends."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeVar

from app.sandbox.death import Exit
from app.sandbox.frames import CONTROL_BYTES_MAX
from app.sandbox.limits import Limits
from app.sandbox.reader import ProtocolError, Reader
from app.sandbox.starting import started

_T = TypeVar("_T")


class LaunchError(Exception):
    """A zygote or a child ended, or hung and was ended, before it could do what was asked. Worth another attempt."""


class Launcher:
    """One running zygote, as the worker sees it. After its end it is replaced, never revived.

    Attributes:
        network_left: whether it stands in an empty network namespace; known once it is ready.
        files_ruled: whether its children can read no other files than programs; likewise.
        ended: resolves when it is gone.
    """

    def __init__(self, reader: str, limits: Limits) -> None:
        self._loop = asyncio.get_running_loop()
        self._limits = limits
        self.network_left = False
        self.files_ruled = False
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._failure = "it ended without a word"
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._tickets = count()
        self._forks: dict[int, tuple[socket.socket, asyncio.Future[Reader]]] = {}
        self._readers: dict[int, Reader] = {}
        self._watchdogs: dict[int, asyncio.TimerHandle] = {}
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._zygote = started(theirs, reader, limits)
        self._control.settimeout(0)
        self._loop.add_reader(self._control, self._listen)

    async def ready(self) -> None:
        """Waits until the reader is imported.

        Raises:
            LaunchError: it could not be, or not in time; the message says why.
        """
        try:
            await self._answered(self._ready, self._limits.start_seconds)
        except BaseException:
            self._lose()
            raise

    async def fork(self) -> Reader:
        """A fresh child, confined and waiting.

        Raises:
            LaunchError: the zygote or the child ended or hung.
            SandboxError: this system does not allow to confine a child.
        """
        ticket = next(self._tickets)
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        answer: asyncio.Future[Reader] = self._loop.create_future()
        self._forks[ticket] = ours, answer
        with theirs:
            self._order({"fork": ticket}, [theirs.fileno()])
        try:
            reader = await self._answered(answer, self._limits.fork_seconds)
            await self._greeted(reader)
        except BaseException:
            self._abandon(ticket, answer)
            raise
        return reader

    async def close(self) -> None:
        """Ends the zygote with all its children, and waits until it is gone."""
        self._forget()  # it ends at the end of its orders, and buries its children, so that no zombie is left to init
        await asyncio.to_thread(self._outlive)

    async def _greeted(self, reader: Reader) -> None:
        try:
            async with asyncio.timeout(self._limits.fork_seconds):
                await reader.greeted()
        except (EOFError, OSError, ProtocolError) as error:
            raise LaunchError("a child ended or hung before it was confined") from error

    def _abandon(self, ticket: int, answer: asyncio.Future[Reader]) -> None:
        channel, _ = self._forks.pop(ticket, (None, None))
        if channel is not None:
            channel.close()
        elif answer.done():
            answer.result().retire()

    async def _answered(self, answer: asyncio.Future[_T], seconds: float) -> _T:
        either: set[asyncio.Future[Any]] = {answer, self.ended}
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if not self.ended.done():
            self._kill_hung()
        raise LaunchError(self._failure)

    def _order(self, order: Mapping[str, int], descriptors: Iterable[int] = ()) -> None:
        if self.ended.done():
            return
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], list(descriptors))
        except BlockingIOError:  # hundreds of orders unread
            self._kill_hung()
        except OSError:  # it is gone; the control socket says so next
            return

    def _stop(self, pid: int) -> None:
        """Kills a child. A zygote that does not report its end hangs, and whoever waits for that end must not."""
        self._order({"kill": pid})
        if pid in self._readers and pid not in self._watchdogs:
            self._watchdogs[pid] = self._loop.call_later(self._limits.fork_seconds, self._kill_hung)

    def _kill_hung(self) -> None:
        self._failure = "it hung"
        self._lose()

    def _listen(self) -> None:
        while not self.ended.done():
            try:
                report = self._control.recv(CONTROL_BYTES_MAX)
            except BlockingIOError:
                return
            except OSError:
                report = b""
            if not report:
                self._lose()
                return
            self._learn(json.loads(report))

    def _learn(self, report: Mapping[str, Any]) -> None:
        match report:
            case {"network_left": bool(network_left), "files_ruled": bool(files_ruled)}:
                self.network_left = network_left
                self.files_ruled = files_ruled
                self._ready.set_result(None)
            case {"forked": int(ticket), "pid": int(pid)}:
                self._adopt(ticket, pid)
            case {"ended": int(pid), "status": int(status), "peak_bytes": int(peak_bytes)}:
                self._bury(pid, Exit(status, peak_bytes))
            case {"failed": str(failure)}:
                self._failure = failure

    def _adopt(self, ticket: int, pid: int) -> None:
        channel, answer = self._forks.pop(ticket, (None, None))
        if channel is None or answer is None:  # whoever wanted it was cancelled
            return self._order({"kill": pid})
        self._readers[pid] = Reader(pid, channel, self._limits, self._stop)
        return answer.set_result(self._readers[pid])

    def _bury(self, pid: int, end: Exit | None) -> None:
        reader = self._readers.pop(pid, None)
        watchdog = self._watchdogs.pop(pid, None)
        if watchdog is not None:
            watchdog.cancel()
        if reader is not None:
            reader.ended.set_result(end)

    def _lose(self) -> None:
        self._forget()
        self._zygote.kill()

    def _outlive(self) -> None:
        try:
            self._zygote.wait(self._limits.fork_seconds)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()

    def _forget(self) -> None:
        if self.ended.done():
            return
        self.ended.set_result(None)
        self._loop.remove_reader(self._control)
        self._control.close()
        for pid in list(self._readers):
            self._bury(pid, None)
