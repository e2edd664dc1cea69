"""W3C Trace Context on records. The span under which a record is worked on is a function of the record.

A redelivered record must lead to the same bytes, headers included, so no id that a stage writes may be random. A record
that comes without a context of its own begins a trace, whose id follows from where the record stands.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

# Level 1 of the recommendation is version 00; later ones may add fields behind the four, and keep these.
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.DOTALL)
_SEPARATOR = "\x1f"
TRACE_DIGITS, SPAN_DIGITS = 32, 16
SAMPLED = 0x01


@dataclass(frozen=True)
class TraceContext:
    """One span of one trace: what a `traceparent` names. `sampled` tells whether its spans are kept."""

    trace_id: str
    span_id: str
    sampled: bool = False

    @classmethod
    def parse(cls, traceparent: str | None) -> Self | None:
        """Return what a header says, or None where it says nothing that the recommendation allows."""
        match = _TRACEPARENT.fullmatch(traceparent or "")
        if match is None:
            return None
        version, trace_id, span_id, flags, more = match.groups()
        if version == "ff" or (version == "00" and more) or not (trace_id.strip("0") and span_id.strip("0")):
            return None
        return cls(trace_id, span_id, bool(int(flags, 16) & SAMPLED))

    def child(self, *names: str) -> Self:
        """Return the span in the same trace that the names stand for: the same names, the same span."""
        return type(self)(self.trace_id, derived(SPAN_DIGITS, "span", *names), self.sampled)

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


def derived(digits: int, *names: str) -> str:
    """Return so many hex digits that follow from the names."""
    return hashlib.sha256(_SEPARATOR.join(names).encode()).hexdigest()[:digits]
