"""Payment status reports folded into the state of one payment (pain.002 codes; RTRN stands for a pacs.004 return).

Reports come late, twice, or contradict each other. A final state is left by nothing but a return after settlement;
money is never declared unmoved after an engine has said that it moved.
"""

from typing import Literal, NamedTuple

from schemas.feedback import FeedbackRecorded
from schemas.payment import PaymentIssued, PaymentState, PaymentStatusCode, PaymentStatusReported

FINAL_PAYMENT_STATES: frozenset[PaymentState] = frozenset({"settled", "payment_rejected", "returned", "cancelled"})
# Verification of Payee: the name does not belong to the account, or not quite (pain.002, code list of 2Q2026). It is
# told before the payment is executed and leaves its state alone: the bank goes on, or refuses in a report of its own.
PAYEE_MISMATCHES: frozenset[PaymentStatusCode] = frozenset({"RVNM", "RVMC"})
# What a report says; None: the engine is still looking (PDNG) or has looked at the payee, and nothing has changed.
_SAYS: dict[PaymentStatusCode, PaymentState | None] = {
    "PDNG": None,
    "RCVC": None,
    "RVMC": None,
    "RVNM": None,
    "RVNA": None,
    "ACTC": "payment_accepted",
    "ACCP": "payment_accepted",
    "ACSP": "payment_accepted",
    "ACSC": "settled",
    "RJCT": "payment_rejected",
    "CANC": "cancelled",
    "RTRN": "returned",
}
# What may follow what. A return without a settlement before it came ahead of that report, or in its place.
_FOLLOWS: dict[PaymentState, frozenset[PaymentState]] = {
    "payment_initiated": frozenset({"payment_accepted", "settled", "payment_rejected", "cancelled", "returned"}),
    "payment_accepted": frozenset({"settled", "payment_rejected", "cancelled", "returned"}),
    "settled": frozenset({"returned"}),
    "payment_rejected": frozenset(),
    "returned": frozenset(),
    "cancelled": frozenset(),
}
# Earlier steps of the way to a state: a report of one of these is late, not a contradiction.
_PASSED: dict[PaymentState, frozenset[PaymentState]] = {
    "payment_initiated": frozenset(),
    "payment_accepted": frozenset(),
    "settled": frozenset({"payment_accepted"}),
    "payment_rejected": frozenset({"payment_accepted"}),
    "returned": frozenset({"payment_accepted", "settled"}),
    "cancelled": frozenset({"payment_accepted"}),
}

Verdict = Literal["changed", "pending", "repeated", "late", "contradiction"]


class Settlement(NamedTuple):
    """The state after a report, and how the report fitted. A contradiction is an alarm: a person must ask the bank."""

    state: PaymentState
    verdict: Verdict

    @property
    def final(self) -> bool:
        """Tell whether the state is final (a settled payment may still be returned)."""
        return self.state in FINAL_PAYMENT_STATES


def settle(state: PaymentState, report: PaymentStatusReported) -> Settlement:
    """Return the state of a payment after one more report about it."""
    said = _SAYS[report.status]
    if said is None:
        return Settlement(state, "late" if state != "payment_initiated" else "pending")
    if said == state:
        return Settlement(state, "repeated")
    if said in _FOLLOWS[state]:
        return Settlement(said, "changed")
    return Settlement(state, "late" if said in _PASSED[state] else "contradiction")


def may_cancel(state: PaymentState) -> bool:
    """Tell whether a cancellation may still be asked for: only before the engine has accepted the command."""
    return state == "payment_initiated"


def feedback(issued: PaymentIssued, report: PaymentStatusReported, verdict: str) -> FeedbackRecorded | None:
    """Return what a refused or returned payment, or an account of another name, teaches; None where nothing is learned.

    `verdict` is how the report fitted: a refusal that changes nothing was told before, or is contradicted. A name that
    does not belong to the account is worth a word at any time.
    """
    is_refused = report.status in {"RJCT", "RTRN"} and verdict == "changed"
    is_mismatch = report.status in PAYEE_MISMATCHES
    if not (is_refused or is_mismatch):
        return None
    return FeedbackRecorded(
        document_id=issued.document_id,
        tenant=issued.tenant,
        cause=report.status if is_mismatch else report.reason_code or report.status,
        source="settlement",
        release=issued.release,
        recorded_at=report.at,
        invoice_key=issued.invoice_key,
        supplier_id=issued.supplier_id,
        at_risk=issued.instructed_amount,
        reference=issued.command_id,
        field="payment_account_name" if is_mismatch else None,
    )


def fold(
    state: PaymentState, reason_code: str | None, reports: tuple[PaymentStatusReported, ...]
) -> tuple[PaymentState, str | None]:
    """Return state and reason after several reports; those that change nothing leave no reason either."""
    for report in reports:
        after = settle(state, report)
        if after.verdict == "changed":
            state, reason_code = after.state, report.reason_code
    return state, reason_code


def lessons(
    issued: PaymentIssued, state: PaymentState, reports: tuple[PaymentStatusReported, ...]
) -> tuple[FeedbackRecorded, ...]:
    """Return what several reports teach, one after the other; refusals that change nothing teach nothing."""
    learned = []
    for report in reports:
        after = settle(state, report)
        if lesson := feedback(issued, report, after.verdict):
            learned.append(lesson)
        state = after.state
    return tuple(learned)
