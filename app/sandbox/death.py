"""How a reading can end without an answer. A death is an outcome of the document, never a reason to try again."""

import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.sandbox.limits import MEBIBYTE, Limits


class Reason(StrEnum):
    """Machine reason codes, as `document.status` carries them."""

    INPUT = "EXTRACTION-LIMIT-INPUT"  # larger than may be read
    CPU = "EXTRACTION-LIMIT-CPU"  # processor time used up
    MEMORY = "EXTRACTION-LIMIT-MEMORY"  # the reader was refused more memory, and said so
    WALL = "EXTRACTION-LIMIT-WALL"  # no answer in time
    OUTPUT = "EXTRACTION-LIMIT-OUTPUT"  # the answer is too large
    CRASH = "EXTRACTION-LIMIT-CRASH"  # a signal, an early exit, or an answer outside the protocol
    ERROR = "EXTRACTION-LIMIT-ERROR"  # an exception that the reader does not expect


@dataclass(frozen=True, slots=True)
class Death:
    """Why there is no answer: `reason` for programs, `detail` in plain words (no content of the document)."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Starved:
    """No answer, and not by the document: the machine had no time for the child. Worth another attempt, later."""

    detail: str


class Exit(NamedTuple):
    """How a child ended: wait status as of wait(2), and the most memory that it held at once."""

    status: int
    peak_bytes: int


def of_input(size_bytes: int, limits: Limits) -> Death:
    """Refused before any child sees it."""
    return Death(Reason.INPUT, f"{size_bytes} bytes; at most {limits.input_bytes_max} are read")


def of_wall(limits: Limits) -> Death:
    """Killed by the worker: it slept, or ignored that its processor time was used up."""
    return Death(Reason.WALL, f"no answer within {limits.wall_seconds:g} s")


def of_starvation(limits: Limits) -> Starved:
    """Killed by the worker, which cannot wait for ever for a machine that is far too busy."""
    return Starved(f"the machine had less than {limits.wall_seconds:g} s of {limits.starved_seconds:g} for its reading")


def of_memory(limits: Limits) -> Death:
    """Refused more memory, and Python could still say so; a native library aborts instead, see `of_exit`."""
    return Death(Reason.MEMORY, f"needs more than {limits.memory_bytes // MEBIBYTE} MiB of memory")


def of_output(limits: Limits) -> Death:
    """Withheld by the child itself, or announced by a lying one and not received."""
    return Death(Reason.OUTPUT, f"answers with more than {limits.output_bytes_max} bytes")


def of_error(name: bytes) -> Death:
    """Death by an unexpected exception; its type's name comes from the child, so only an identifier is believed."""
    text = name.decode("ascii", "replace")
    return Death(Reason.ERROR, f"the reader failed with {text if text.isidentifier() else 'an unnamed error'}")


def of_protocol() -> Death:
    """A child that an exploit has taken over, or a defect of ours; either way it is not listened to."""
    return Death(Reason.CRASH, "the reader answered outside its protocol")


def of_exit(end: Exit, limits: Limits) -> Death:
    """Death by what the kernel or the child itself did. A native library out of memory aborts: hence the peak."""
    if not _signalled(end.status):
        return Death(Reason.CRASH, f"the reader ended itself with status {end.status >> 8 & 0xFF}")
    number = end.status & 0x7F
    if number == signal.SIGXCPU:
        return Death(Reason.CPU, f"used more than {limits.cpu_seconds} s of processor time")
    return Death(Reason.CRASH, f"the reader died of {_name(number)}, {end.peak_bytes // MEBIBYTE} MiB in use at most")


def _signalled(status: int) -> bool:
    return status & 0x7F != 0


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no name
        return f"signal {number}"
