"""What is known of each issued command after it left: whom it pays, what the engine said, who wants it back.

The three come on topics of their own and in any order; a report may even overtake the stage's own word of the command.
"""

from collections.abc import MutableMapping
from typing import Annotated, Any

from pydantic import Field

from schemas.base import Code, Record
from schemas.payment import PaymentIssued, PaymentState, PaymentStatusReported
from tables.keyed import Keyed

# Reports that may wait for their command; an engine that sends more before we have said what we issued is broken.
EARLY_REPORTS_MAX = 16
# Records of which the outcome is remembered for a redelivery; only those since the last commit can come again.
APPLIED_MAX = 32
# Files of commands that we have not said to have issued, in one worker. An honest report is seconds ahead of our word,
# so that a few hundred are many; who invents command ids would else fill the memory of every owner to come.
STRANGERS_MAX = 10_000


class Applied(Record):
    """What one record led to. A redelivery of it leads to the same words in the audit log, whatever is true by then.

    `early` is one that came before our own word of the command: nobody knew then whose it was. `traceparent` is the
    span in which it was dealt with, `release` what it was dealt with by.
    """

    place: Code  # topic/partition/offset: two equal reports of an engine are two
    outcome: Code
    early: bool = False
    traceparent: Code | None = None
    release: Code | None = None


class PaymentFile(Record):
    """All about one command id. `early` reports came before `issued` and wait for it; `lessons` are digests.

    `traceparent` is the span in which our word of the command was dealt with, in the trace of its document.
    """

    issued: PaymentIssued | None = None
    traceparent: Code | None = None
    state: PaymentState = "payment_initiated"
    reason_code: Code | None = None
    early: Annotated[tuple[PaymentStatusReported, ...], Field(max_length=EARLY_REPORTS_MAX)] = ()
    lessons: Annotated[tuple[Code, ...], Field(max_length=EARLY_REPORTS_MAX)] = ()
    cancellation_requested_by: Code | None = None
    cancellation_tenant: Code | None = None
    applied: Annotated[tuple[Applied, ...], Field(max_length=APPLIED_MAX)] = ()

    def with_early(self, report: PaymentStatusReported) -> "PaymentFile":
        """Return the file with a report that waits; the same report waits once, and the oldest make room."""
        waiting = tuple(other for other in self.early if other != report)
        return self.model_copy(update={"early": (*waiting, report)[-EARLY_REPORTS_MAX:]})

    def with_applied(
        self, place: str, outcome: str, traceparent: str | None = None, release: str | None = None
    ) -> "PaymentFile":
        """Return the file that remembers what a record led to; the oldest make room."""
        made = Applied(
            place=place, outcome=outcome, early=self.issued is None, traceparent=traceparent, release=release
        )
        return self.model_copy(update={"applied": (*self.applied, made)[-APPLIED_MAX:]})

    def applied_at(self, place: str) -> Applied | None:
        """Return what a record led to when it was first dealt with, or None where this is the first time."""
        return next((applied for applied in self.applied if applied.place == place), None)

    def reported_early_in(self) -> tuple[str, ...]:
        """Return the spans of the records that came before our own word of the command."""
        return tuple(applied.traceparent for applied in self.applied if applied.early and applied.traceparent)

    def is_wanted_back(self) -> bool:
        """Tell whether somebody of the paying tenant asked for a cancellation that the engine may still heed."""
        asked = self.cancellation_requested_by is not None and self.state == "payment_initiated"
        return asked and (self.issued is None or self.cancellation_tenant == self.issued.tenant)


class Settlements(Keyed[PaymentFile]):
    """The files by command id; it counts those of commands that nobody is known to have issued."""

    def __init__(self, mapping: MutableMapping[str, Any]) -> None:
        """`mapping` is a Faust table in production and a plain dict in tests."""
        super().__init__(mapping, PaymentFile)
        self._strangers: set[str] | None = None

    def recount(self) -> None:
        """Forget the count: partitions have come or gone. It is taken again when it is needed."""
        self._strangers = None

    def has_room_for(self, command_id: str) -> bool:
        """Tell whether something may be remembered of a command that is not known to have been issued."""
        strangers = self._counted()
        return command_id in strangers or len(strangers) < STRANGERS_MAX

    def put(self, key: str, record: PaymentFile) -> None:
        """Write the file of a command."""
        strangers = self._counted()
        super().put(key, record)
        if record.issued is None:
            strangers.add(key)
        else:
            strangers.discard(key)

    def remove(self, key: str) -> None:
        """Forget a command, if it is known."""
        super().remove(key)
        self._counted().discard(key)

    def _counted(self) -> set[str]:
        if self._strangers is None:
            self._strangers = {key for key in self if not self._mapping[key].get("issued")}
        return self._strangers
