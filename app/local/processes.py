"""Children that never outlive their launcher.

Each child leads its own session, so that Ctrl-C reaches only the launcher, which then ends them in order; and each is
tied to the launcher by the kernel (`tether.py`), so that none is left when the launcher itself is killed.

The kernel's knot is to a *thread*. Children are therefore started by one thread that lives as long as the launcher,
whatever thread (a pool's, an event loop's) asked for them.
"""

import os
import queue
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

TETHER = Path(__file__).with_name("tether.py")
STOP_SECONDS = 45.0  # a worker drains, closes and gives up by limits of its own, 40 s together, before this one
KILL_SECONDS = 5.0  # SIGKILL is immediate; only a process in uninterruptible I/O takes longer

Spawn = Callable[[], "subprocess.Popen[bytes]"]


class CommandNotFoundError(Exception):
    """The program to start is not installed; the message names it."""


class Child:
    """One running process and all that it starts.

    It is not reaped before `stop`: until then its id cannot come to mean another process, so that a signal to its
    group is always a signal to its group.
    """

    def __init__(self, name: str, popen: "subprocess.Popen[bytes]") -> None:
        self.name = name
        self.pid = popen.pid  # also the id of its process group
        self._popen = popen

    @property
    def exit_code(self) -> int | None:
        """None while it runs; a negative number is the signal that ended it."""
        if self._popen.returncode is not None:
            return self._popen.returncode
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started; nothing happens once it was stopped."""
        if self._popen.returncode is None:
            os.killpg(self.pid, number)

    def wait(self, timeout_seconds: float) -> int | None:
        """Wait for the end; the exit code, or None when it still runs after that time."""
        if self.exit_code is None:
            watched = os.pidfd_open(self.pid)
            try:
                select.select([watched], [], [], timeout_seconds)
            finally:
                os.close(watched)
        return self.exit_code

    def stop(self, timeout_seconds: float = STOP_SECONDS) -> int | None:
        """SIGTERM, and SIGKILL after the deadline; returns the exit code."""
        if self.exit_code is None:
            # To the leader alone: whoever has children of its own ends them in its own order.
            os.kill(self.pid, signal.SIGTERM)
            self.wait(timeout_seconds)
        self.signal(signal.SIGKILL)  # what the leader left behind, and the leader itself if it is late
        if self.wait(KILL_SECONDS) is not None:
            self._popen.wait()
        return self.exit_code


class Children:
    """The children of one launcher; a context manager that ends them in the reverse order of their start."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> Child:
        """Start a tethered child; see `start_child` for the arguments."""
        child = start_child(name, command, log=log, environment=environment, folder=folder)
        self._children.append(child)
        return child

    def ended(self) -> Child | None:
        """The first child that ended by itself, if any."""
        return next((child for child in self._children if child.exit_code is not None), None)

    def stop(self, timeout_seconds: float = STOP_SECONDS) -> None:
        """End all of them, the last started first; each has the whole time."""
        while self._children:
            self._children.pop().stop(timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_child(
    name: str,
    command: Sequence[str],
    *,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    keep_open: Iterable[int] = (),
    user: str | None = None,
) -> Child:
    """Start one process that dies with this one.

    Args:
        name: what messages call it.
        command: program and arguments; the program is looked up in PATH.
        log: file that receives its standard output and error, appended; None discards them.
        environment: the whole environment; None passes the launcher's on.
        folder: its working directory; None is the launcher's.
        keep_open: file descriptors that it inherits, such as a lock that must be held as long as it lives.
        user: name of the user that it runs as; None is the launcher's. Needs root.

    Raises:
        CommandNotFoundError: the program is not installed.
    """
    program = shutil.which(command[0], path=None if environment is None else environment.get("PATH"))
    if program is None:
        raise CommandNotFoundError(f"{command[0]} is not installed or not in PATH")
    inherited = tuple(keep_open)

    def spawn() -> "subprocess.Popen[bytes]":
        with Path(os.devnull if log is None else log).open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the command is the launcher's own, never a document's
                [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), user or "-", program, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                cwd=folder,
                pass_fds=inherited,
                start_new_session=True,
            )

    return Child(name, _SPAWNER.run(spawn))


class _Spawner:
    """The one thread that starts children: it ends only when the whole launcher ends."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[tuple[Spawn, queue.SimpleQueue[subprocess.Popen[bytes] | OSError]]]
        self._lock = threading.Lock()
        self._started_in: int | None = None  # a fork has no threads but its own, so the answer is per process

    def run(self, spawn: Spawn) -> "subprocess.Popen[bytes]":
        answer: queue.SimpleQueue[subprocess.Popen[bytes] | OSError] = queue.SimpleQueue()
        with self._lock:
            if self._started_in != os.getpid():
                self._orders = queue.SimpleQueue()
                threading.Thread(target=self._serve, args=(self._orders,), name="spawner", daemon=True).start()
                self._started_in = os.getpid()
        self._orders.put((spawn, answer))
        result = answer.get()
        if isinstance(result, OSError):
            raise result
        return result

    @staticmethod
    def _serve(
        orders: "queue.SimpleQueue[tuple[Spawn, queue.SimpleQueue[subprocess.Popen[bytes] | OSError]]]",
    ) -> None:
        while True:
            spawn, answer = orders.get()
            try:
                answer.put(spawn())
            except OSError as error:  # no such folder, no memory: the asker's to tell
                answer.put(error)


_SPAWNER = _Spawner()
