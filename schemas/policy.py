"""What a company lets the machine approve alone, as data: part of a release."""

from typing import Annotated

from pydantic import Field, PlainSerializer

from schemas.base import Code, Record
from schemas.evidence import Lane
from schemas.money import CurrencyCode, Money


class Policy(Record):
    """One version of a company's policy; `name` goes into each decision, so that it says under which rules it fell.

    `automatic_lanes` are approved without a person. `confidence_min` is what each payment-critical value needs in a
    lane. `amount_limits` are per currency, the limit itself being allowed; a currency that is not named has none.
    `audit_share` is the part of what could be paid that a person looks at all the same, drawn by hash: without it
    nobody would know how often what is approved is wrong (agents/quality/risk.py says how large it has to be).
    """

    name: Code
    automatic_lanes: Annotated[frozenset[Lane], PlainSerializer(sorted, return_type=list[Lane], when_used="json")]
    confidence_min: dict[Lane, Annotated[float, Field(ge=0, le=1)]]
    amount_limits: dict[CurrencyCode, Money] = Field(default_factory=dict)
    audit_share: Annotated[float, Field(ge=0, le=1)] = 0.0
