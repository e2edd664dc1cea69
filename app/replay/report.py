"""What a replay found, as values."""

from typing import Literal

from schemas.base import Record

# What was put aside was not decided: its bytes could not be had then, or nobody could read them.
Verdict = Literal["equal", "differs", "not_replayed", "put_aside"]


class Difference(Record):
    """One member that is not what it was. `record` names the topic and place of the record that it is in."""

    record: str
    member: str
    recorded: str
    replayed: str


class Step(Record):
    """One record given to its stage once more.

    `records_equal` counts the records that came out with the same bytes, the audit entry among them. `gone` are
    those that cannot be compared with anything but their digest, since their topic no longer holds them.
    """

    stage: str
    read: str
    entry_digest: str
    release: str
    outcome: str
    verdict: Verdict
    records_equal: int = 0
    gone: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


class Replay(Record):
    """All steps of one document. `notes` say what was reconstructed, and from what; `gaps` what could not be."""

    document_id: str
    release_running: str
    releases_recorded: tuple[str, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Return every difference."""
        return tuple(difference for step in self.steps for difference in step.differences)

    @property
    def is_equal(self) -> bool:
        """Tell whether everything that was decided comes out again, byte for byte, and nothing is missing for it."""
        verdicts = {step.verdict for step in self.steps}
        return "equal" in verdicts and verdicts <= {"equal", "put_aside"} and not self.gaps

    @property
    def is_same_release(self) -> bool:
        """Tell whether the code that ran here is the code that decided then."""
        own = f"{self.release_running}."
        return bool(self.releases_recorded) and all(
            name == self.release_running or name.startswith(own) for name in self.releases_recorded
        )
