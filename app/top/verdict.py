"""Is money late? One sentence that follows from a picture, and what else deserves a look."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.top.rows import DocumentsRow, Found
from app.top.words import seconds_in_words

State = Literal["in_time", "late", "unknown"]
# The objective (docs/observability.md): a command within a minute. An event that has lain unread for longer breaks it.
PROMISED_SECONDS = 60.0
# As the alert QuittanceDocumentStuck says it: a stage takes a second.
STUCK_SECONDS = 900.0
# As the alert QuittanceAuditBehind says it.
SEALED_SECONDS = 600.0
# States that a stage leaves; the others wait for a person or a bank.
ON_THE_WAY = frozenset({"received", "extracted", "normalized", "validated", "approved"})


@dataclass(frozen=True)
class Verdict:
    """Whether money is late, in a word and in a sentence; `notes` are what is wrong beside it, a sentence each."""

    state: State
    sentence: str
    notes: tuple[str, ...] = ()


def verdict(found: Found) -> Verdict:
    """Return the verdict over what was found. What makes money late counts before what nobody knows."""
    notes = tuple(_notes(found))
    if (why := next(_late(found), None)) is not None:
        return Verdict("late", f"Money is late: {why}.", notes)
    if (why := next(_unknown(found), None)) is not None:
        return Verdict("unknown", f"Nobody knows whether money is late: {why}.", notes)
    return Verdict("in_time", "No money is late.", notes)


def _late(found: Found) -> Iterator[str]:
    for stage in found.stages:
        if stage.stopped:
            yield f"the stage {stage.stage} has stopped after too many dead letters"
    oldest = max(found.stages, key=lambda stage: stage.oldest_seconds or 0.0, default=None)
    if oldest is not None and (oldest.oldest_seconds or 0.0) > PROMISED_SECONDS:
        age = seconds_in_words(oldest.oldest_seconds or 0.0)
        yield f"nobody has read the oldest event of {oldest.topic} for {age}"
    for row in found.documents or ():
        if is_stuck(row):
            yield f"a document has been {row.state} for {seconds_in_words(row.oldest_seconds)}"


def _unknown(found: Found) -> Iterator[str]:
    if found.broker_missing is not None:
        yield f"what is unread cannot be told ({found.broker_missing})"
    for stage in found.stages:
        if stage.oldest_seconds is None and found.broker_missing is None:
            yield f"the broker did not say how old the oldest event of {stage.topic} is"


def is_stuck(row: DocumentsRow) -> bool:
    """Tell whether a document stands in a state that a stage leaves within a second."""
    return row.state in ON_THE_WAY and row.oldest_seconds > STUCK_SECONDS


def _notes(found: Found) -> Iterator[str]:
    for worker in found.workers:
        if worker.missing is not None:
            yield f"{worker.address} does not answer: {worker.missing}."
        elif not worker.ready:
            yield f"The {worker.role} at {worker.address} is not ready."
    if (dead := sum(stage.dead_letters or 0 for stage in found.stages)) > 0:
        yield f"Put aside since the workers started: {dead:,} (quittance dead list)."
    slowest = found.event_to_command
    if slowest.recent and (slowest.p99 or 0.0) > PROMISED_SECONDS:
        took = seconds_in_words(slowest.p99 or 0.0)
        yield f"The slowest of the last minute's commands came {took} after their event."
    if (found.sealing.oldest_seconds or 0.0) > SEALED_SECONDS:
        age = seconds_in_words(found.sealing.oldest_seconds or 0.0)
        yield f"Audit entries have not been sealed for {age}; no payment waits for that."
    if len(found.releases.active) > 1:
        yield f"{len(found.releases.active)} releases are active side by side."
