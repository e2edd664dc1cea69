"""Every bound of a reading, with its reason."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20

ATTEMPTS_MAX = 3
"""How often a child is started anew, or a document handed to another child, where the machine failed and not the
document (the zygote died, the child vanished before it had all of it). A machine where that repeats is broken."""

DETAIL_CHARACTERS_MAX = 100
"""Longest name that a child may give to its failure: exception names are shorter, a lying child gets no more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may use. The defaults are calibrated on 12,000 odd files and 21 bombs (design: delivery)."""

    memory_bytes: int = 768 * MEBIBYTE
    """Address space of a child: the largest honest document of the corpora needs 410 MB."""
    cpu_seconds: int = 10
    """Processor time of one document; the kernel counts in whole seconds."""
    wall_seconds: float = 15.0
    """Time from sending to answer in which the child computes or sleeps: more than its processor time, so that that
    ends first. What it waits for a processor is not counted: a busy machine kills no honest document."""
    starved_seconds: float = 60.0
    """Time from sending to answer in all: a machine that needs longer for it has no time to read, and is to blame."""
    input_bytes_max: int = 20 * MEBIBYTE
    """Largest document that is read at all; the API accepts no more either."""
    instructions_bytes_max: int = 1 * MEBIBYTE
    """Longest instructions: they come from one record of Kafka, of which none is larger than a million bytes."""
    output_bytes_max: int = 4 * MEBIBYTE
    """Largest answer: an invoice of 5,000 lines as JSON is 2 MB."""
    documents_per_child: int = 500
    """A child is replaced after so many: bounds what the libraries leak."""
    growth_bytes_max: int = 64 * MEBIBYTE
    """A child whose address space has grown by more is replaced early: a document must not die of its predecessors."""
    open_files: int = 32
    """Descriptors of a child: it needs its channel, and a few for modules that a library imports late."""
    start_seconds: float = 60.0
    """Importing the reader with its libraries takes a second; a machine under full load may need many."""
    fork_seconds: float = 10.0
    """Forking and confining a child takes milliseconds; a zygote that needs longer hangs, and is replaced."""
