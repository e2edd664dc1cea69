"""Which models and rules spoke."""

from typing import Literal

from schemas.base import Code, Moment, Record, Text

ReleaseState = Literal["draft", "shadow", "canary", "active", "retired"]


class ReleaseChanged(Record):
    """A release of extraction and rules, named by the hash of its content, enters a state."""

    release_id: Code
    state: ReleaseState
    changed_by: Code
    reason: Text = ""
    changed_at: Moment


class FeedbackRecorded(Record):
    """What was wrong, what is right, and which release said so."""

    document_id: Code
    tenant: Code
    field: Code | None = None
    wrong: Text | None = None
    right: Text | None = None
    cause: Code | None = None  # a pain.002 reason code, or "correction"
    source: Literal["review", "settlement"]
    release: Code
    recorded_at: Moment
