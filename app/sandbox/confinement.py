"""What is taken from a process before it sees a document.

Order matters: what needs a right comes before the step that removes it. Every step that protects is loud when it fails;
only the network namespace may be missing, for the filter of system calls refuses sockets by itself.
"""

import os
import resource
import signal
from collections.abc import Iterable
from contextlib import suppress
from math import ceil
from pathlib import Path

from app.sandbox import landlock, seccomp
from app.sandbox.limits import Limits
from app.sandbox.system import (
    CLONE_NEWNET,
    CLONE_NEWUSER,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    prctl,
    unshare,
)

_DESCRIPTORS_MAX = 4096
"""More than a zygote ever has open: its control socket, and one descriptor for each of its children."""

_MEMORY_KILLER = Path("/proc/self/oom_score_adj")
_KILLED_FIRST = b"1000"
"""Where the machine runs out of memory, the kernel takes a reader and not the worker or a neighbour."""


def leave_network() -> bool:
    """Moves the calling, single-threaded process into a network namespace with nothing in it.

    Returns:
        False where the system does not allow it (most containers); the seccomp filter refuses sockets all the same.
    """
    for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET):
        try:
            unshare(flags)
        except OSError:
            continue
        return True
    return False


def confine(limits: Limits, kept: Iterable[int], parent: int, rules: int | None) -> None:
    """Makes the calling process, freshly forked, fit to read documents of strangers.

    Args:
        limits: what one document may use.
        kept: the descriptors that it keeps beside the three that lead to /dev/null.
        parent: the process with which it must die.
        rules: the files that it may read, as of `landlock.ruleset`.

    Raises:
        OSError: a step was refused.
    """
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(os.EX_UNAVAILABLE)  # the parent died before the line above
    _volunteer_for_the_memory_killer()
    prctl(PR_SET_DUMPABLE, 0)  # neighbours of the same user cannot look into its memory
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if rules is not None:
        landlock.restrict(rules)
    _close_all_but(kept)
    for kind, soft, hard in _bounds(limits):
        resource.setrlimit(kind, (soft, hard))
    seccomp.install(os.getpid())


def grant_processor_time(limits: Limits) -> None:
    """Moves the soft limit forward, so that a child does not die of the documents before; counted in whole seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def _close_all_but(kept: Iterable[int]) -> None:
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, _DESCRIPTORS_MAX)


def _volunteer_for_the_memory_killer() -> None:
    with suppress(OSError), _MEMORY_KILLER.open("wb", buffering=0) as score:  # a courtesy, no protection
        score.write(_KILLED_FIRST)


def _bounds(limits: Limits) -> Iterable[tuple[int, int, int]]:
    lifetime = (limits.cpu_seconds + 1) * limits.documents_per_child
    yield resource.RLIMIT_CPU, lifetime, lifetime
    yield resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes
    yield resource.RLIMIT_FSIZE, 0, 0
    yield resource.RLIMIT_CORE, 0, 0
    yield resource.RLIMIT_NPROC, 0, 0  # not for root; the filter refuses new processes to everybody
    yield resource.RLIMIT_NOFILE, limits.open_files, limits.open_files
