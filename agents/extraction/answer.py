"""What crosses the border of the child process that reads: a reading as bytes, and back.

A module of its own, so that the worker can understand an answer without importing a single PDF or XML library.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.base import Record
from schemas.evidence import ExtractedInvoice, Unreadable


class _Read(Record):
    outcome: Literal["read"] = "read"
    extracted: ExtractedInvoice


class _Refused(Record):
    outcome: Literal["unreadable"] = "unreadable"
    unreadable: Unreadable


_ANSWER: TypeAdapter[_Read | _Refused] = TypeAdapter(Annotated[_Read | _Refused, Field(discriminator="outcome")])


def render_reading(reading: ExtractedInvoice | Unreadable) -> bytes:
    """Return the reading as JSON: `{"outcome": "read", ...}` or `{"outcome": "unreadable", ...}`."""
    wrapped = _Refused(unreadable=reading) if isinstance(reading, Unreadable) else _Read(extracted=reading)
    return _ANSWER.dump_json(wrapped)


def parse_reading(answer: bytes) -> ExtractedInvoice | Unreadable:
    """Return the reading that `render_reading` wrote.

    Raises:
        pydantic.ValidationError: the bytes are no reading; the child process is broken or lies.
    """
    wrapped = _ANSWER.validate_json(answer)
    return wrapped.unreadable if isinstance(wrapped, _Refused) else wrapped.extracted
