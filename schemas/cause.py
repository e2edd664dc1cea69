"""Why something went wrong, as far as it can be told from what is on record."""

from typing import Literal, get_args

from schemas.base import Record, Text
from schemas.evidence import Box

CauseClass = Literal[
    "label_missed",  # the value stands there, and nothing told the reader so
    "wrong_candidate",  # another value of the page was taken
    "number_format",  # separators of decimals and thousands were confused
    "date_format",  # day, month and year were confused
    "ocr",  # signs were misread in a picture
    "table",  # a value was taken from a row of items or of VAT
    "arithmetic",  # what was paid before, rounded or deducted was reckoned wrongly
    "supplier_match",  # the supplier was not recognised, or another one was
    "reference_stale",  # the reference data say less, or something else, than is true by now
    "rule_too_strict",  # a rule held what was right
    "rule_too_loose",  # no rule held what was wrong
    "not_an_invoice",  # the document should never have been taken for one
    "supplier_changed",  # the supplier's documents are others than they used to be, in sums or in what is held
    "publisher",  # whoever sent or wrote the document
    "bank",  # whoever carries out the payments
    "unknown",
]
CAUSE_CLASSES: tuple[CauseClass, ...] = get_args(CauseClass)


class Cause(Record):
    """One class, and what speaks for it in one plain sentence. Page and box are where the wrong value was read."""

    kind: CauseClass
    evidence: Text
    page: int | None = None
    box: Box | None = None
