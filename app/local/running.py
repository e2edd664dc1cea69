"""Where the stack over a folder answers, told to whoever looks for it on this machine; no secret is in it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

NAME = "running.json"


@dataclass(frozen=True)
class RunningStack:
    """`metrics` is `host:port` of the worker's page; `pid` is the process that started the stack."""

    pid: int
    started: float
    kafka_bootstrap_servers: str
    metrics: str
    api: str


def announce(folder: Path, *, kafka: str, metrics: str, api: str) -> None:
    """Tell that this process runs a stack over the folder."""
    own = psutil.Process()
    running = RunningStack(own.pid, own.create_time(), kafka, metrics, api)
    (folder / NAME).write_text(json.dumps(asdict(running)) + "\n", encoding="utf-8")


def withdraw(folder: Path) -> None:
    """Take our own word back; idempotent. Another process's stands: it runs over the folder, and we could not."""
    running = running_stack(folder)
    if running is None or running.pid == psutil.Process().pid:
        (folder / NAME).unlink(missing_ok=True)


def running_stack(folder: Path) -> RunningStack | None:
    """Return what runs over a folder, or None: a stack that was killed has left its word behind."""
    try:
        told = RunningStack(**json.loads((folder / NAME).read_text("utf-8")))
        return told if psutil.Process(told.pid).create_time() == told.started else None
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
