"""What the kernel says about processes that others started, and does to them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.local.stack import Stack


def catches(pid: int, number: signal.Signals) -> bool:
    """Whether the process has a handler of its own for the signal; without one, the kernel ends it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (number - 1) & 1)


def in_session(leader: int) -> list[int]:
    """The processes that still run in a session, without those that have ended and await their parent."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # After the name, which may hold anything: state, parent, group, session.
                state, _parent, _group, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(session) == leader and state != "Z":
                found.append(int(entry.name))
    return sorted(set(found) - {os.getpid()})


def process_of(stack: Stack, name: str) -> int:
    """The id of one of the stack's processes."""
    children = [*stack._children._children, stack._broker.process]
    return next(child.pid for child in children if child.name == name)


@contextmanager
def paused(pid: int) -> Iterator[None]:
    """SIGSTOP a process and all that it started, as a machine does that swaps or is migrated."""
    leader = psutil.Process(pid)
    family = [leader, *leader.children(recursive=True)]
    for process in family:
        process.suspend()
    try:
        yield
    finally:
        for process in family:
            process.resume()
