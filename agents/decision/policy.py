"""What a company lets the machine approve alone. Everything a policy does not allow waits for a person."""

from typing import Annotated

from pydantic import Field

from schemas.base import Code, Record
from schemas.evidence import Lane
from schemas.money import CurrencyCode, Money


class Policy(Record):
    """One version of a company's policy; `name` goes into each decision, so that it says under which rules it fell.

    `automatic_lanes` are approved without a person. `confidence_min` is what each payment-critical value needs in a
    lane. `amount_limits` are per currency, the limit itself being allowed; a currency that is not named has none.
    """

    name: Code
    automatic_lanes: frozenset[Lane]
    confidence_min: dict[Lane, Annotated[float, Field(ge=0, le=1)]]
    amount_limits: dict[CurrencyCode, Money] = Field(default_factory=dict)


# Scans are read by optical recognition: one digit in thousands is wrong, and a wrong digit is a wrong payment.
DEFAULT_POLICY = Policy(
    name="default/1",
    automatic_lanes=frozenset({"xml", "hybrid", "text"}),
    confidence_min={"xml": 0.9, "hybrid": 0.9, "text": 0.9, "scan": 0.99},
)
