import time

import psutil


def is_running(pid: int) -> bool:
    """Whether the process still runs; one that ended and was not yet reaped by its parent does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ends_within(pid: int, timeout_seconds: float) -> bool:
    """Wait for a process that is not our child."""
    deadline = time.monotonic() + timeout_seconds
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)
