"""The sums of the document as they can be believed, each with the place that shows it and what its proof is worth."""

from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.totals.closures import ZERO

# What a proof is worth. At 0.9 and above the document may be paid without a question (contracts: assessment).
PROVEN, SEEN_TWICE, STATED, SINGLE, PLAIN, UNPROVEN = 0.97, 0.96, 0.94, 0.91, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value, the place that shows it, and how sure it is."""

    value: Decimal
    amount: Amount
    confidence: float


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of the document. `doubt` says in words why nobody should pay yet, or is empty."""

    payable: Evidence | None = None
    gross: Evidence | None = None
    net: Evidence | None = None
    vat: Evidence | None = None
    prepaid: Evidence | None = None
    withheld: Evidence | None = None
    rounded: Evidence | None = None
    doubt: str = ""

    @property
    def paid_in_part(self) -> bool:
        """Tell whether what was paid leads from the total to a smaller sum that is still asked for."""
        if self.payable is None or self.gross is None or self.prepaid is None:
            return False
        return self.payable.value > ZERO and self.gross.value - abs(self.prepaid.value) == self.payable.value

    @property
    def taken_off(self) -> Evidence | None:
        """Return what is paid otherwise (BT-113): a deposit, or the tax that the buyer pays to the state, or both.

        EN 16931 has no term for a tax withheld; as an amount paid it leads from the total to what is due (BR-CO-16).
        """
        if self.withheld is None or self.payable is None or self.gross is None:
            return self.prepaid
        held = abs(self.withheld.value)
        both = held + abs(self.prepaid.value) if self.prepaid is not None else held
        if self.gross.value - self.payable.value not in (held, both):
            return self.prepaid
        return Evidence(self.gross.value - self.payable.value, self.withheld.amount, self.withheld.confidence)

    @property
    def rounding(self) -> Evidence | None:
        """Return the amount that rounds what is due (BT-114), with the sign by which it does."""
        if self.rounded is None or self.payable is None or self.gross is None:
            return None
        taken = abs(self.taken_off.value) if self.taken_off is not None else ZERO
        step = self.payable.value - (self.gross.value - taken)
        if step == ZERO or abs(step) != abs(self.rounded.value):
            return None
        return Evidence(step, self.rounded.amount, self.rounded.confidence)
