"""The worker's end of one rules process: questions and answers in frames, until it ends or is ended."""

import asyncio
import contextlib
import json
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from app.rules.limits import RulesLimits

_HEADER = struct.Struct("!I")
_ENVIRONMENT = {"LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
"""All that the process knows of the worker's environment: no secret."""


class Conversation:
    """One running process; whoever gets no answer from it ends it, for half an exchange cannot be taken up again.

    Attributes:
        prepared: the rule sets that it has compiled.
        answered: how many documents it has been held against.
    """

    def __init__(self, process: asyncio.subprocess.Process, answer_bytes_max: int) -> None:
        """Take a process that has been started; see `begun`."""
        self.prepared: set[str] = set()
        self.answered = 0
        self._process = process
        self._answer_bytes_max = answer_bytes_max

    @classmethod
    async def begun(cls, limits: RulesLimits) -> Self:
        """Start a process away from the terminal, by exec: a fork would copy this one's threads and secrets.

        Raises:
            OSError: none can be started.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "app.rules.process", json.dumps(asdict(limits))),
            env={**_ENVIRONMENT, "PYTHONPATH": _module_path()},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        return cls(process, limits.answer_bytes_max)

    @property
    def pid(self) -> int:
        """Return the id of the process."""
        return self._process.pid

    @property
    def is_over(self) -> bool:
        """Tell whether the process has ended."""
        return self._process.returncode is not None

    async def ask(self, ruleset: str, xml: bytes) -> dict[str, Any]:
        """Return the answer to one question: without a document, whether the rule set is compiled.

        Raises:
            OSError, EOFError: the process is gone.
            ValueError: it answers what no honest one does.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = ruleset.encode() + b"\n" + xml
        self._process.stdin.write(_HEADER.pack(len(question)) + question)
        await self._process.stdin.drain()
        (length,) = _HEADER.unpack(await self._process.stdout.readexactly(_HEADER.size))
        if length > self._answer_bytes_max:
            raise ValueError(length)
        answer = json.loads(await self._process.stdout.readexactly(length))
        if not isinstance(answer, dict) or not answer.keys() & {"ready", "failures", "error"}:
            raise ValueError(length)
        return answer

    async def end(self) -> None:
        """Kill the process, whatever it is doing, and bury it."""
        if not self.is_over:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()


def _module_path() -> str:
    return ":".join(str(Path(entry).absolute()) for entry in sys.path)
