"""A replay as text."""

from collections.abc import Iterator

from app.dead_letters.shown import printable
from app.replay.report import Replay, Step

_INDENT = "  "
_VERDICTS = {"equal": "the same", "differs": "DIFFERS", "not_replayed": "not replayed", "put_aside": "put aside"}
# One change of a rule changes every member below it; whoever wants all of them takes the JSON.
DIFFERENCES_MAX = 20


def render(found: Replay) -> str:
    """Return what was replayed, step by step, and what differs, each by its member."""
    lines = [f"Document {found.document_id}", "", _verdict(found), *_release(found), ""]
    for step in found.steps:
        lines += _step(step)
    if found.notes:
        lines += ["", "What was reconstructed:", *(f"{_INDENT}- {note}" for note in found.notes)]
    if found.gaps:
        lines += ["", "What could not be:", *(f"{_INDENT}- {gap}" for gap in found.gaps)]
    return "\n".join(map(printable, lines)) + "\n"


def _verdict(found: Replay) -> str:
    equal = sum(step.verdict == "equal" for step in found.steps)
    records = sum(step.records_equal for step in found.steps)
    if found.is_equal:
        return f"All {equal} steps give the same bytes again: {records} records, audit entries among them."
    count = len(found.differences)
    differ = f"{count} {'member differs' if count == 1 else 'members differ'}. " if count else ""
    return f"{differ}{equal} of {len(found.steps)} steps give the same bytes again."


def _release(found: Replay) -> list[str]:
    recorded = ", ".join(found.releases_recorded) or "none"
    if found.is_same_release and found.releases_recorded != (found.release_running,):
        return [f"Recorded is {recorded}, over the code that is installed here, {found.release_running}."]
    if found.is_same_release:
        return [f"The recorded release {recorded} is the one that is installed here."]
    told = [f"The recorded release is {recorded}; installed here is {found.release_running}."]
    if found.is_equal:
        return [*told, "That one decides the same."]
    return [*told, "What differs may come from the code: install the recorded release to know."]


def _step(step: Step) -> Iterator[str]:
    records = f", {step.records_equal} records" if step.verdict == "equal" else ""
    yield f"{_INDENT}{step.stage:<14} {_VERDICTS[step.verdict]:<12} {step.outcome}, of {step.read}{records}"
    for note in step.notes:
        yield f"{_INDENT * 2}  {note}"
    if step.gone:
        yield f"{_INDENT * 2}  compared by digest alone, for the record is gone: {', '.join(step.gone)}"
    for difference in step.differences[:DIFFERENCES_MAX]:
        yield f"{_INDENT * 2}  {difference.record}  {difference.member}"
        yield f"{_INDENT * 3}  was {difference.recorded}, is now {difference.replayed}"
    if len(step.differences) > DIFFERENCES_MAX:
        yield f"{_INDENT * 2}  and {len(step.differences) - DIFFERENCES_MAX} more; --json has all"
