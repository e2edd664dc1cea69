"""Every bound of the rules process, with its reason."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20
ATTEMPTS_MAX = 2
"""A document whose process died is tried once more in a fresh one: it may have died of its predecessors."""

WARMING_PAUSE_SECONDS = 5.0
"""Between attempts to compile ahead: a machine that cannot now may be able soon."""


@dataclass(frozen=True, slots=True)
class RulesLimits:
    """What the process and one document may use. docs/rules.md has the measurements."""

    memory_bytes: int = 1024 * MEBIBYTE
    """Private writable memory (RLIMIT_DATA): Saxon reserves 32 GB of addresses, so that RLIMIT_AS cannot be used."""
    resident_bytes_max: int = 640 * MEBIBYTE
    """A process that has come to hold more is replaced after its answer; a document of 3 MB needs 150 MB more."""
    cpu_seconds: int = 20
    """Processor time of one document (the largest of the corpora: 0.1 s) or one rule set (the slowest: 2.8 s)."""
    check_seconds: float = 15.0
    """Wall time of one document, once its rules are compiled; as long as its reading may take."""
    compile_seconds: float = 60.0
    """Wall time to start, or to compile one rule set, on a machine under full load."""
    answer_bytes_max: int = 1 * MEBIBYTE
    """Largest answer: `FAILURES_MAX` verdicts of a kilobyte each."""
    documents_per_process: int = 5_000
    """A process is replaced after so many, which bounds what the library leaks."""
