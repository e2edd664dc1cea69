"""The few system calls that Python 3.11 does not offer. Linux only."""

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def prctl(option: int, *arguments: int) -> None:
    """Sets an attribute of the calling process, by prctl.

    Raises:
        OSError: the kernel refused.
    """
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    _checked(_LIBC.prctl(option, *words), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leaves namespaces of the calling process, by unshare.

    Raises:
        OSError: the kernel refused.
    """
    _checked(_LIBC.unshare(flags), "unshare")


def syscall(number: int, *arguments: int) -> int:
    """A system call by its number, for those that libc has no name for.

    Raises:
        OSError: the kernel refused.
    """
    _LIBC.syscall.restype = ctypes.c_long
    return _checked(_LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments)), f"system call {number}")


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result
