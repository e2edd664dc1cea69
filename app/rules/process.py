"""The rules process: compiles stylesheets, holds documents against them, one at a time, until its input ends.

    python -P -m app.rules.process LIMITS

Frames on stdin and stdout: a length of four bytes and a body. A request is the rule set's name, a line feed and the
document; without a document it asks that the rule set be compiled. An answer is JSON.
"""

import json
import os
import resource
import signal
import struct
import sys
from math import ceil
from typing import BinaryIO

from app.rules.engine import Engine
from app.rules.limits import RulesLimits
from app.sandbox import landlock, seccomp
from app.sandbox.confinement import leave_network
from app.sandbox.system import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, prctl

HEADER = struct.Struct("!I")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Confine the process, then answer until the worker is gone."""
    limits = RulesLimits(**json.loads(sys.argv[1]))
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.chdir("/")
    leave_network()  # before Saxon is there: a new user namespace needs a single thread
    engine = Engine()
    memory = os.open("/proc/self/statm", os.O_RDONLY)  # later it may not be opened
    _confine(limits)
    _serve(engine, limits, sys.stdin.buffer, sys.stdout.buffer, memory)


def _confine(limits: RulesLimits) -> None:
    """Take away what is not needed to compute. Saxon has started its threads by now and may start no more."""
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    rules = landlock.ruleset()
    if rules is not None:
        landlock.restrict(rules)
        os.close(rules)
    for kind, value in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    seccomp.install(os.getpid())


def _serve(engine: Engine, limits: RulesLimits, requests: BinaryIO, answers: BinaryIO, memory: int) -> None:
    while (request := _next(requests)) is not None:
        _grant_processor_time(limits)
        ruleset, _, document = request.partition(b"\n")
        answer = engine.check(ruleset.decode(), document) if document else engine.prepare(ruleset.decode())
        answer["resident_bytes"] = int(os.pread(memory, 64, 0).split()[1]) * _PAGE_BYTES
        body = json.dumps(answer).encode()
        answers.write(HEADER.pack(len(body)) + body)
        answers.flush()


def _next(requests: BinaryIO) -> bytes | None:
    head = requests.read(HEADER.size)
    if len(head) < HEADER.size:
        return None  # the worker is gone, or needs this process no more
    (length,) = HEADER.unpack(head)
    body = requests.read(length)
    return body if len(body) == length else None


def _grant_processor_time(limits: RulesLimits) -> None:
    """Move the soft limit forward, so that no document dies of those before it; the kernel counts whole seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
