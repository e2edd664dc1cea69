"""What is known of each issued command after it left: whom it pays, what the engine said, who wants it back.

The three come on topics of their own and in any order; a report may even overtake the stage's own word of the command.
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Code, Record
from schemas.payment import PaymentIssued, PaymentState, PaymentStatusReported

# Reports that may wait for their command; an engine that sends more before we have said what we issued is broken.
EARLY_REPORTS_MAX = 16


class PaymentFile(Record):
    """All about one command id. `early` reports came before `issued` and wait for it."""

    issued: PaymentIssued | None = None
    state: PaymentState = "payment_initiated"
    reason_code: Code | None = None
    early: Annotated[tuple[PaymentStatusReported, ...], Field(max_length=EARLY_REPORTS_MAX)] = ()
    cancellation_requested_by: Code | None = None

    def with_early(self, report: PaymentStatusReported) -> "PaymentFile":
        """Return the file with a report that waits; the same report waits once, and the oldest make room."""
        waiting = tuple(other for other in self.early if other != report)
        return self.model_copy(update={"early": (*waiting, report)[-EARLY_REPORTS_MAX:]})
