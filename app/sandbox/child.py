"""The loop of one reader: a document in, an answer out. Runs forked from the zygote, confined, and never returns.

Instructions stand until the worker gives others. They are bytes, which nothing can change in place, and a reader is
given them as an argument: no document reaches what the next one is read with.
"""

import os
import sys
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from app.sandbox import confinement
from app.sandbox.frames import HEADER, Kind, header
from app.sandbox.limits import DETAIL_CHARACTERS_MAX, Limits

Read = Callable[[bytes, bytes], bytes]
"""A document and the instructions in, the answer out."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def live(reader: Read, limits: Limits, channel: int, parent: int, rules: int | None) -> NoReturn:
    """The whole life of a child, from the fork to its end; arguments as of `confinement.confine`."""
    status = os.EX_SOFTWARE
    try:
        sys.dont_write_bytecode = True
        memory = os.open("/proc/self/statm", os.O_RDONLY)  # later it may not open it
        try:
            confinement.confine(limits, (channel, memory), parent, rules)
        except OSError as error:
            _say(channel, Kind.UNCONFINED, str(error).encode()[:DETAIL_CHARACTERS_MAX])
            raise
        _say(channel, Kind.READY)
        _serve(reader, limits, channel, memory)
        status = os.EX_OK
    finally:
        os._exit(status)  # never back into the zygote's loop, and none of its exit functions


def _serve(reader: Read, limits: Limits, channel: int, memory: int) -> None:
    size_at_first, instructions = _address_space_bytes(memory), b""
    with os.fdopen(channel, "rb", closefd=False) as frames:
        while (frame := _next_frame(frames)) is not None:
            said, body = frame
            if said == Kind.INSTRUCTIONS.value:
                instructions = body
                continue
            del frame
            _say(channel, Kind.BEGUN)
            confinement.grant_processor_time(limits)
            kind, body = _answer(reader, body, instructions, limits)
            grown = _address_space_bytes(memory) - size_at_first > limits.growth_bytes_max
            _say(channel, Kind.LAST_ANSWER if grown and kind is Kind.ANSWER else kind, body)


def _next_frame(frames: BinaryIO) -> tuple[bytes, bytes] | None:
    head = frames.read(HEADER.size)
    if len(head) < HEADER.size:
        return None  # the worker is gone, or needs this child no more
    kind, length = HEADER.unpack(head)
    body = frames.read(length)
    return (kind, body) if len(body) == length else None


def _answer(reader: Read, document: bytes, instructions: bytes, limits: Limits) -> tuple[Kind, bytes]:
    try:
        answer = reader(document, instructions)
    except MemoryError:
        return Kind.MEMORY, b""
    except BaseException as error:  # noqa: BLE001 - whatever a library throws, SystemExit too, is this document's outcome
        return Kind.ERROR, type(error).__name__.encode("ascii", "replace")[:DETAIL_CHARACTERS_MAX]
    if not isinstance(answer, bytes):
        return Kind.ERROR, b"TypeError"
    return (Kind.OUTPUT, b"") if len(answer) > limits.output_bytes_max else (Kind.ANSWER, answer)


def _say(channel: int, kind: Kind, body: bytes = b"") -> None:
    frame = memoryview(header(kind, len(body)) + body)
    while frame:
        frame = frame[os.write(channel, frame) :]


def _address_space_bytes(memory: int) -> int:
    return int(os.pread(memory, 64, 0).split(maxsplit=1)[0]) * _PAGE_BYTES
