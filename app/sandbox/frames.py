"""The words between worker and child: frames of one kind byte and a length, each with its own bound.

Child to worker:   READY, then for each document BEGUN and one of the answers.
Worker to child:   DOCUMENT frames, until the channel closes; before one an INSTRUCTIONS frame, where the child was last
                   told something else. A document is a body and nothing else: no byte of it is looked at for a frame.
"""

import struct
from enum import Enum

HEADER = struct.Struct("!cI")
"""Kind, and the length of the body in bytes."""


CONTROL_BYTES_MAX = 4096
"""Longest order to the zygote, or report of it: JSON datagrams on a socket of their own."""


class Kind(Enum):
    """What a frame says."""

    INSTRUCTIONS = b"I"  # for this document and those after it
    DOCUMENT = b"D"
    READY = b"R"  # confined, and waiting
    UNCONFINED = b"U"  # cannot be confined on this system; the body says why
    BEGUN = b"B"  # the whole document has arrived: from here on it is answerable for what happens
    ANSWER = b"A"
    LAST_ANSWER = b"L"  # an answer, and the wish to be replaced
    MEMORY = b"M"
    OUTPUT = b"O"
    ERROR = b"E"  # the body is the name of the exception's type


def header(kind: Kind, length: int) -> bytes:
    """The bytes before a body of `length` bytes."""
    return HEADER.pack(kind.value, length)
