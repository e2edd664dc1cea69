"""A labelled case: one document of which somebody has said what is true, and a set of them with a version."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record, Text
from schemas.codec import encode
from schemas.evidence import FieldName, Lane
from schemas.identifiers import digest

Expectation = Literal["payable", "must_hold", "must_not_pay", "unknown"]
# A year of corrections of a large company, thinned by layout.
CASES_MAX = 20_000


class Case(Record):
    """What is true of one document, who says so, and how long it may be kept.

    `truth` holds the values that were stated; None says that the document has none. A field that is not there was not
    looked at. `expected` is what a careful clerk would do with the document. `consent` is the ground on which it is
    kept (`contract`, `legal-obligation`, a person's word); after `retain_until` case and truth are dropped. `release`
    is the one that was wrong. `reference` is where the bytes are.
    """

    document_id: Code
    reference: Text
    tenant: Code = "default"
    media_type: Code | None = None
    truth: dict[FieldName, Text | None]
    expected: Expectation = "unknown"
    cause: Code | None = None
    stated_by: Code
    stated_at: Moment
    consent: Code
    retain_until: Moment
    supplier_id: Code | None = None
    layout: Code | None = None
    lane: Lane | None = None
    language: Code | None = None
    release: Code | None = None

    @property
    def case_id(self) -> str:
        """Return the case's name: the digest of its canonical bytes, under which it is kept."""
        return digest(encode(self))

    def is_expired(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return now >= self.retain_until


class GoldenSet(Record):
    """Which cases a release is measured on. Sorted, so that the same cases are the same version."""

    cases: Annotated[tuple[Code, ...], Field(max_length=CASES_MAX)]

    @classmethod
    def of(cls, case_ids: "frozenset[str] | set[str]") -> "GoldenSet":
        """Return the set of these cases."""
        return cls(cases=tuple(sorted(case_ids)))

    @property
    def version(self) -> str:
        """Return its name: the digest of its canonical bytes."""
        return digest(encode(self))
