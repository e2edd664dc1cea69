"""How many processors this process may use."""

import os


def processors() -> int:
    """Return the number of cores that the scheduler gives us (a container may have fewer than its machine)."""
    return len(os.sched_getaffinity(0))
