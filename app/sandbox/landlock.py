"""Which files a reader may read: those of the programs, none of the worker's documents, settings or secrets.

A document that takes over its reader could otherwise put what it finds into its answer. Landlock also keeps a child
from looking into processes outside, the worker above all. See landlock(7); kernels before 5.13 do not have it.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from app.sandbox.system import syscall

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_PATH_BENEATH = 1
_READ_FILE = 1 << 2
_READ_FOLDER = 1 << 3
"""Writing needs no rule: the filter of system calls refuses it everywhere."""

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
)
"""Shared libraries, and what they look up: fonts, character sets, time zones."""


def ruleset() -> int | None:
    """Prepares what every child will be held to; the reader must be imported by now.

    Returns:
        A descriptor for `restrict`, or None where the kernel has no Landlock.
    """
    try:
        rules = _created(struct.pack("=Q", _READ_FILE | _READ_FOLDER))
    except OSError:
        return None
    for path in sorted(_programs()):
        with suppress(FileNotFoundError):
            _allow(rules, path)
    return rules


def restrict(rules: int) -> None:
    """Holds the calling process to the rules for good. Needs no_new_privs.

    Raises:
        OSError: the kernel refused.
    """
    syscall(_RESTRICT_SELF, rules, 0)


def _programs() -> set[Path]:
    """The interpreter, its libraries, and the packages outside it that are imported (not all that lies beside them)."""
    paths = {Path(path) for path in (*_SYSTEM, sys.prefix, sys.base_prefix)}
    return paths | {path for name, module in list(sys.modules.items()) if "." not in name for path in _places(module)}


def _places(module: ModuleType) -> Iterator[Path]:
    yield from map(Path, getattr(module, "__path__", ()))
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        yield Path(file)


def _allow(rules: int, path: Path) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        access = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
        beneath = struct.pack("=Qi", access, place)
        address = ctypes.create_string_buffer(beneath)
        syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.addressof(address), 0)
    finally:
        os.close(place)


def _created(handled: bytes) -> int:
    address = ctypes.create_string_buffer(handled)
    return syscall(_CREATE_RULESET, ctypes.addressof(address), len(handled), 0)
