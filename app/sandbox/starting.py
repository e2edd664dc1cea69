"""How a zygote is started: by exec, with nothing of the worker but a socket."""

import json
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from app.sandbox.limits import Limits

_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the order of a set must not change what is read from the same document
    "OMP_NUM_THREADS": "1",  # libraries that start threads while they are imported cannot be forked
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a zygote knows of the worker's environment: no secret, and what makes readings repeatable."""


def started(control: socket.socket, reader: str, limits: Limits) -> subprocess.Popen[bytes]:
    """Starts the zygote away from the terminal: no signal of its keys, no output, nothing of the environment."""
    plan = json.dumps({"reader": reader, "limits": asdict(limits)})
    path = ":".join(str(Path(entry).absolute()) for entry in sys.path)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "app.sandbox.zygote", str(control.fileno()), plan],
        env={**_ENVIRONMENT, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[control.fileno()],
        start_new_session=True,
    )
