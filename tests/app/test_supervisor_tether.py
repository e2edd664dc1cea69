"""A worker killed while its children still import leaves none of them behind."""

import os
import signal
import subprocess
import sys
import time

import psutil

from tests.local.liveness import ends_within

GONE_SECONDS = 2.0  # far less than the children take to import the application on a busy machine
SOON_SECONDS = 30.0


def test_children_die_with_a_parent_that_is_killed_as_soon_as_it_has_them() -> None:
    own = {"QUITTANCE_METRICS_PORT": "0", "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    command = [sys.executable, "-m", "app", "worker"]
    with subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL) as worker:
        deadline = time.monotonic() + SOON_SECONDS
        while len(children := psutil.Process(worker.pid).children()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
    alive = [child for child in children if not ends_within(child.pid, GONE_SECONDS)]
    for child in alive:
        child.kill()
    assert not alive
