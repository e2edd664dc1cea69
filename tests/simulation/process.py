"""A process in the virtual loop: killed at any step, stopped and gone on with, as an operating system does it."""

from asyncio import Handle
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Literal

PROCESS: ContextVar["Process | None"] = ContextVar("process", default=None)
TASK: ContextVar[int] = ContextVar("task", default=0)


class Ended(BaseException):
    """The process has ended itself, as by `os._exit`; nothing of it runs from here on."""


@dataclass(eq=False)
class Process:
    """One operating system process. `fuse` is at which of its steps `spark` comes: a kill, if nothing else is said."""

    name: str
    on_end: Callable[[str], None]
    fuse: int | None = None
    spark: Callable[["Process"], None] | None = None
    state: Literal["running", "stopped", "ended"] = "running"
    steps: int = 0
    _frozen: list[Handle] = field(default_factory=list, repr=False)

    def kill(self, why: str) -> None:
        """End it here and now (SIGKILL)."""
        if self.state != "ended":
            self.state = "ended"
            self.on_end(why)

    def end(self, why: str) -> None:
        """End it from inside; as `os._exit`, it does not return.

        Raises:
            Ended: to leave the caller; what still catches it is dead already.
        """
        self.kill(why)
        raise Ended(why)

    def light(self, steps: int, spark: "Callable[[Process], None] | None" = None) -> None:
        """Let it be killed, or whatever else is said, so many steps from now."""
        if self.state == "running":
            self.fuse, self.spark = self.steps + 1 + steps, spark

    def stop(self) -> None:
        """SIGSTOP."""
        if self.state == "running":
            self.state = "stopped"

    def takes(self, handle: Handle) -> bool:
        """Tell whether a piece of work may run now; what may not is kept, whether it will run later or never."""
        if self.state == "running":
            self.steps += 1
            if self.fuse is None or self.steps < self.fuse:
                return True
            self.fuse = None
            if self.spark is None:
                self.kill(f"at step {self.steps}")
            else:
                self.spark(self)
        self._frozen.append(handle)
        return False

    def thaw(self) -> list[Handle]:
        """SIGCONT; returns what has become ready meanwhile."""
        if self.state != "stopped":
            return []
        self.state, waiting = "running", self._frozen
        self._frozen = []
        return waiting


def current_process() -> Process | None:
    """Return the process that the running code belongs to, None for the world around."""
    return PROCESS.get()


def context_of(process: Process | None) -> Context:
    """Return a context in which work belongs to that process."""
    context = copy_context()
    context.run(PROCESS.set, process)
    context.run(TASK.set, 0)
    return context


def context_in(handle: Handle) -> Context:
    """Return the context in which a piece of work runs."""
    context: Context = vars_of(handle)._context
    return context


def vars_of(inner: object) -> Any:
    """Return one of asyncio's own objects, for what its stubs do not name."""
    return inner
