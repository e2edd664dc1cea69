"""The zygote: imports the reader once, reads no document, and forks confined children from a clean single thread.

Forking the worker itself would copy its threads' locks, its sockets and its secrets; starting Python for each child
would take a second. So one small process is started by exec, and forked in milliseconds.

    python -P -m app.sandbox.zygote CONTROL-DESCRIPTOR PLAN

Orders and reports are JSON datagrams on the control socket. It ends, with all its children, when the worker closes it.
"""

import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from app.sandbox import child, landlock
from app.sandbox.confinement import leave_network
from app.sandbox.frames import CONTROL_BYTES_MAX
from app.sandbox.limits import Limits
from app.sandbox.system import PR_SET_DUMPABLE, prctl

FAILURE_CHARACTERS_MAX = 500
"""Longest text of a failure, so that a report always fits."""


class Zygote:
    """Forks children on demand, kills them on demand, reports their ends."""

    def __init__(self, control: socket.socket, reader: child.Read, limits: Limits, rules: int | None) -> None:
        self._control = control
        self._reader = reader
        self._limits = limits
        self._rules = rules
        self._ends: dict[int, int] = {}  # process id of a living child -> its pidfd, readable at its end
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> None:
        """Runs until the worker is gone."""
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._reap(key.data)
                elif not self._obey():
                    return self._end()

    def _obey(self) -> bool:
        order, descriptors, _, _ = socket.recv_fds(self._control, CONTROL_BYTES_MAX, 1)
        if not order:
            return False
        match json.loads(order):
            case {"fork": ticket}:
                self._fork(ticket, descriptors[0])
            case {"kill": pid} if pid in self._ends:
                os.kill(pid, signal.SIGKILL)  # not reaped yet, so the number is still its own
        return True

    def _fork(self, ticket: int, channel: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.live(self._reader, self._limits, channel, parent, self._rules)
        os.close(channel)
        self._ends[pid] = os.pidfd_open(pid)
        self._selector.register(self._ends[pid], selectors.EVENT_READ, pid)
        report(self._control, forked=ticket, pid=pid)

    def _reap(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        descriptor = self._ends.pop(pid)
        self._selector.unregister(descriptor)
        os.close(descriptor)
        report(self._control, ended=pid, status=status, peak_bytes=usage.ru_maxrss * 1024)

    def _end(self) -> None:
        for pid in self._ends:
            os.kill(pid, signal.SIGKILL)
        for pid in self._ends:
            os.waitpid(pid, 0)


def report(control: socket.socket, **facts: Any) -> None:
    """Sends one report to the worker."""
    control.send(json.dumps(facts).encode())


def _prepared(name: str) -> child.Read:
    module, _, function = name.partition(":")
    imported = import_module(module)
    reader: child.Read = getattr(imported, function)
    # What every child would otherwise load for its first document; a fork shares it.
    prepare: Callable[[], None] = getattr(imported, "prepare", _nothing)
    prepare()
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        raise RuntimeError(f"importing {module} starts {threads - 1} threads; a fork would copy their locks half-held")
    return reader


def _nothing() -> None:
    """A reader that needs no preparation."""


def main() -> None:
    """Starts from the command line; any failure is reported in words before the end."""
    control = socket.socket(fileno=int(sys.argv[1]))
    plan = json.loads(sys.argv[2])
    try:
        os.chdir("/")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        network_left = leave_network()  # before the import: a new user namespace needs a single thread
        reader = _prepared(plan["reader"])
        rules = landlock.ruleset()
        prctl(PR_SET_DUMPABLE, 0)  # no child can look into it
        gc.collect()
        gc.freeze()  # children share the pages of what is imported
        report(control, network_left=network_left, files_ruled=rules is not None)
        Zygote(control, reader, Limits(**plan["limits"]), rules).serve()
    except ConnectionError:
        return  # the worker has gone while we spoke
    except Exception as error:  # noqa: BLE001 - the one handler here; the worker makes a typed error of it
        report(control, failed=f"{type(error).__name__}: {error}"[:FAILURE_CHARACTERS_MAX])


if __name__ == "__main__":
    main()
