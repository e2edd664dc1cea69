"""The one door through which documents are read."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Self

from app.sandbox import death
from app.sandbox.death import Death, Reason, Starved
from app.sandbox.errors import SandboxError
from app.sandbox.launcher import Launcher, LaunchError
from app.sandbox.limits import ATTEMPTS_MAX, Limits
from app.sandbox.reader import Reader

Watch = Callable[[int], AbstractContextManager[object]]


def _nobody(_pid: int) -> AbstractContextManager[object]:
    return nullcontext()


class Sandbox:
    """Reads documents in limited child processes.

        async with Sandbox("app.ocr.reader:read_bytes", processes=2) as sandbox:
            outcome = await sandbox.read(content)

    Attributes:
        documents: readings that came to an outcome.
        deaths: those of them that ended in a `Death`, by reason.
        forks: children started; one of them lives for up to `Limits.documents_per_child` documents.
        restarts: zygotes started anew after one had died; anything but 0 deserves a look.
        network_left: whether children also stand in an empty network namespace. Sockets are refused in any case.
        files_ruled: whether children can read no other files than programs (Landlock). Writing is refused in any case.
    """

    def __init__(self, reader: str, processes: int, limits: Limits | None = None, watch: Watch = _nobody) -> None:
        """Names the reader; nothing is started yet.

        Args:
            reader: `module:function` of a pure function from the bytes of a document and of its instructions to those
                of the answer. It is imported in the zygote only.
            processes: how many documents are read at once, each in its own child; at least 1.
            limits: what one document may use.
            watch: is given the id of the child, and what it returns is open while that child reads a document.
        """
        self.documents = 0
        self.deaths: Counter[Reason] = Counter()
        self.forks = 0
        self.restarts = 0
        self.network_left = False
        self.files_ruled = False
        self._reader = reader
        self._limits = limits or Limits()
        self._watch = watch
        self._turns = asyncio.Semaphore(processes)  # wakes its waiters in the order in which they came
        self._starting = asyncio.Lock()
        self._idle: list[Reader] = []
        self._launcher: Launcher | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        """As `start`."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As `close`."""
        await self.close()

    async def start(self) -> None:
        """Imports the reader in a zygote and confines a first child, so that a broken system is seen now.

        Raises:
            SandboxError: the reader cannot be imported, or children cannot be confined here.
        """
        try:
            self._idle.append(await self._forked())
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Ends all child processes, also those that read; idempotent."""
        self._closed = True
        if self._launcher is not None:
            await self._launcher.close()
        while self._idle:
            self._idle.pop().retire()

    async def read(self, content: bytes, instructions: bytes = b"") -> bytes | Death | Starved:
        """Reads one document; waits for its turn when all children are busy.

        Args:
            content: the document.
            instructions: what the reader is told beside it. A child is sent them only where they are not those of the
                document that it read before.

        Returns:
            The answer, or why there is none. A death is final: the same document would die again. A starved child
            says nothing about its document.

        Raises:
            SandboxError: no child can be had, whatever the document.
            ValueError: the instructions are longer than `Limits` allow.
        """
        if len(instructions) > self._limits.instructions_bytes_max:
            most = self._limits.instructions_bytes_max
            raise ValueError(f"instructions of {len(instructions)} bytes, at most {most} are passed on")
        if len(content) > self._limits.input_bytes_max:
            outcome: bytes | Death | Starved = death.of_input(len(content), self._limits)
        else:
            async with self._turns:
                outcome = await self._delivered(content, instructions)
        self.documents += 1
        if isinstance(outcome, Death):
            self.deaths[outcome.reason] += 1
        return outcome

    async def _delivered(self, content: bytes, instructions: bytes) -> bytes | Death | Starved:
        for _ in range(ATTEMPTS_MAX):
            child = await self._child()
            try:
                with self._watch(child.pid):
                    outcome = await child.read(content, instructions)
            finally:
                self._take_back(child)
            if outcome is not None:
                return outcome
        raise SandboxError(f"{ATTEMPTS_MAX} children in a row vanished, none by the document")

    def _take_back(self, child: Reader) -> None:
        if child.worn:  # also when the caller was cancelled: half a conversation cannot be taken up again
            child.retire()
        else:
            self._idle.append(child)

    async def _child(self) -> Reader:
        while self._idle:
            child = self._idle.pop()  # the one used last: its pages are warm
            if not child.ended.done():
                return child
            child.retire()
        return await self._forked()

    async def _forked(self) -> Reader:
        failure = ""
        for _ in range(ATTEMPTS_MAX):
            try:
                child = await (await self._living_launcher()).fork()
            except LaunchError as error:
                failure = str(error)
            else:
                self.forks += 1
                return child
        raise SandboxError(f"no reader of documents can be started: {failure}")

    async def _living_launcher(self) -> Launcher:
        async with self._starting:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            if self._launcher is None or self._launcher.ended.done():
                self._launcher = await self._successor(self._launcher)
                self.network_left = self._launcher.network_left
                self.files_ruled = self._launcher.files_ruled
            return self._launcher

    async def _successor(self, dead: Launcher | None) -> Launcher:
        if dead is not None:
            self.restarts += 1
            await dead.close()
        self._launcher = Launcher(self._reader, self._limits)  # known before it is ready, so that `close` can end it
        await self._launcher.ready()
        return self._launcher
