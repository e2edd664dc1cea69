"""What crosses the border of the child process that reads: a reading as bytes, and back.

A module of its own, so that the worker can understand an answer without importing a single PDF or XML library.
"""

import struct
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from agents.extraction.official.submission import RuleSet, Submission
from schemas.base import Record, Text
from schemas.evidence import ExtractedInvoice, Unreadable

# The JSON's length in bytes; the XML for the official rules follows it as it is, for it may be a megabyte.
_HEADER = struct.Struct("!I")


class _Read(Record):
    outcome: Literal["read"] = "read"
    extracted: ExtractedInvoice
    structured: bool = False
    rulesets: tuple[RuleSet, ...] = ()
    withheld: Text = ""
    unheld: Text = ""


class _Refused(Record):
    outcome: Literal["unreadable"] = "unreadable"
    unreadable: Unreadable


_ANSWER: TypeAdapter[_Read | _Refused] = TypeAdapter(Annotated[_Read | _Refused, Field(discriminator="outcome")])


def render_reading(reading: ExtractedInvoice | Unreadable, submission: Submission | None = None) -> bytes:
    """Return the reading as bytes: a length, JSON (its `outcome` is `read` or `unreadable`), and any XML.

    Args:
        reading: what was read, or why nothing was.
        submission: what the official rules are to see, where the invoice is XML.
    """
    wrapped: _Read | _Refused
    if isinstance(reading, Unreadable):
        wrapped = _Refused(unreadable=reading)
    elif submission is None:
        wrapped = _Read(extracted=reading)
    else:
        wrapped = _Read(
            extracted=reading,
            structured=True,
            rulesets=submission.rulesets,
            withheld=submission.withheld,
            unheld=submission.unheld,
        )
    json = _ANSWER.dump_json(wrapped)
    return _HEADER.pack(len(json)) + json + (submission.xml if submission else b"")


def parse_reading(answer: bytes) -> ExtractedInvoice | Unreadable:
    """Return the reading that `render_reading` wrote; errors as of `parse_answer`."""
    return parse_answer(answer)[0]


def parse_answer(answer: bytes) -> tuple[ExtractedInvoice | Unreadable, Submission | None]:
    """Return the reading that `render_reading` wrote, and what the official rules are to see.

    Raises:
        pydantic.ValidationError: the bytes are no reading; the child process is broken or lies.
    """
    length = int.from_bytes(answer[: _HEADER.size])
    wrapped = _ANSWER.validate_json(answer[_HEADER.size : _HEADER.size + length])
    if isinstance(wrapped, _Refused):
        return wrapped.unreadable, None
    if not wrapped.structured:
        return wrapped.extracted, None
    xml = answer[_HEADER.size + length :]
    return wrapped.extracted, Submission(wrapped.rulesets, xml, wrapped.withheld, wrapped.unheld)
