"""The system calls that a reader may make: a seccomp filter, hand-made, with everything else refused.

A list of what is allowed stays short and is right for calls that do not exist yet. A reader computes, takes memory,
reads files (late imports, fonts) and talks through the channel that it already has: no socket, no new process or
thread, no writing, renaming or deleting of files, no signal to anybody but itself.

Numbers are those of asm/unistd_64.h and asm-generic/unistd.h; see seccomp(2) and the kernel's seccomp_filter.rst.
"""

import ctypes
import errno
import platform
import struct
from typing import NamedTuple

from app.sandbox.system import PR_SET_SECCOMP, prctl

_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000

_FIRST_MODERN_CALL = 424
"""Calls since Linux 5.1 have one number everywhere. They are refused with ENOSYS, on which libc takes the older way."""

_FREE = {
    # name: (x86_64, aarch64 or None where it never existed)
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "lseek": (8, 62),
    "fadvise64": (221, 223),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "mincore": (27, 232),
    "brk": (12, 214),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "getrandom": (318, 278),
    "getrlimit": (97, 163),
    "setrlimit": (160, 164),
    "getrusage": (98, 165),
}


class _Condition(NamedTuple):
    """A call is allowed when this argument, masked, is one of the values. All looked at here are 32 bits wide."""

    numbers: tuple[int, int | None]
    argument: int
    mask: int
    values: tuple[int, ...]


_WRITES = 0o3 | 0o100 | 0o1000
"""Access mode, O_CREAT and O_TRUNC of open(2)."""
_WHOLE = 0xFFFFFFFF
_TERMINAL_QUESTIONS = (0x5401, 0x5451)
"""TCGETS (Python asks whether a file is a terminal) and FIOCLEX of ioctl(2)."""
_DESCRIPTOR_FLAGS = (0, 1, 2, 3, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC of fcntl(2); F_SETOWN could send signals."""


def _conditions(pid: int) -> tuple[_Condition, ...]:
    return (
        _Condition((2, None), 1, _WRITES, (0,)),  # open
        _Condition((257, 56), 2, _WRITES, (0,)),  # openat
        _Condition((234, 131), 0, _WHOLE, (pid,)),  # tgkill: abort() is a signal to oneself
        _Condition((302, 261), 0, _WHOLE, (0,)),  # prlimit64, of oneself
        _Condition((16, 29), 1, _WHOLE, _TERMINAL_QUESTIONS),  # ioctl
        _Condition((72, 25), 1, _WHOLE, _DESCRIPTOR_FLAGS),  # fcntl
    )


class _Machine(NamedTuple):
    audit_architecture: int
    column: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 0), "aarch64": _Machine(0xC00000B7, 1)}


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)


def _load(offset: int) -> bytes:
    return _instruction(0x20, offset)


def _answer(verdict: int) -> bytes:
    return _instruction(0x06, verdict)


def _unless_equal(value: int, skip: int) -> bytes:
    return _instruction(0x15, value, 0, skip)


def program(pid: int, machine: str) -> bytes:
    """The filter as BPF instructions, for one child.

    Args:
        pid: the child's own, the only one that it may signal.
        machine: as `platform.machine()` says.

    Raises:
        OSError: no table for this machine.
    """
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    architecture, column = _MACHINES[machine]
    parts = [_load(4), _unless_equal(architecture, 1) + _instruction(0x05, 1), _answer(_KILL), _load(0)]
    free = (numbers[column] for numbers in _FREE.values())
    parts += [_unless_equal(number, 1) + _answer(_ALLOW) for number in free if number is not None]
    parts += [_guarded(condition, column) for condition in _conditions(pid)]
    parts += [_instruction(0x35, _FIRST_MODERN_CALL, 0, 1), _answer(_ERRNO | errno.ENOSYS)]
    return b"".join([*parts, _answer(_ERRNO | errno.EPERM)])


def _guarded(condition: _Condition, column: int) -> bytes:
    number = condition.numbers[column]
    if number is None:
        return b""
    values = b"".join(_unless_equal(value, 1) + _answer(_ALLOW) for value in condition.values)
    # the number is in the accumulator only until an argument is loaded, so each guard ends in a verdict
    body = _load(16 + 8 * condition.argument) + _instruction(0x54, condition.mask) + values
    body += _answer(_ERRNO | errno.EPERM)
    return _unless_equal(number, len(body) // 8) + body


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(pid: int) -> None:
    """Puts the filter on the calling process for good. Needs no_new_privs.

    Raises:
        OSError: the kernel has no seccomp, or the machine no table.
    """
    instructions = program(pid, platform.machine())
    given = _Program(len(instructions) // 8, instructions)
    prctl(PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(given))
