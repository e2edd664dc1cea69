"""What the scorer may say: a value for a person to confirm where the rules found none, and dissent where they did.

Neither lets a payment go. Whatever a payment is made of comes with a finding that holds the document
(schemas/finding.py, DOUBT_RULES), and with a confidence below what any lane pays on. A day decides when money goes, so
it is put down only where the document waits for a person anyway.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from agents.extraction.text import memory
from agents.extraction.text.anchored import Readings
from agents.extraction.text.numbers.number import Numbered
from agents.extraction.text.scoring import base, dating, numbering, summing
from agents.extraction.text.scoring.candidates import Candidate, Surroundings
from agents.extraction.text.scoring.model import Ranked, Weights, ranked, reasons
from agents.extraction.text.sheet import Sheet
from schemas.evidence import PAYMENT_CRITICAL, FieldName
from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES, SCORER_DISSENTS, SCORER_SUGGESTS
from schemas.release import Scorer

# Below what any lane pays on (schemas/release.py, CONFIDENCE_FLOOR), with room for whoever rounds.
SUGGESTED_MAX = 0.85
# A suggestion is to be right more often than not: a wrong one costs the clerk more than an empty box.
SUGGESTED_MIN = 0.5
# On papers of the layouts that may be tuned on no right value is doubted from 0.9 upward, and on real ones none from
# 0.72; above 0.99 nine of ten planted errors are still seen (docs/scorer.md).
DISSENT_MIN = 0.99

SCORED: tuple[FieldName, ...] = (numbering.FIELD, summing.FIELD, "invoice_issue_date", "payment_due_date")
_NAMES: dict[FieldName, str] = {
    "invoice_number": "invoice number",
    "amount_due_for_payment": "sum to pay",
    "invoice_issue_date": "date of issue",
    "payment_due_date": "day to pay by",
}


@dataclass(frozen=True)
class Offers:
    """The candidates of each scored field of one document; each kind is looked for when it is first asked."""

    readings: Readings
    numbered: Numbered

    def of(self, field: FieldName) -> tuple[Candidate, ...]:
        """Return the candidates of a field; none of a field that is not scored."""
        around = self._around
        match field:
            case "invoice_number":
                return numbering.numbers(self.readings, self.numbered, around)
            case "amount_due_for_payment":
                return summing.sums(self.readings, around)
            case "invoice_issue_date" | "payment_due_date":
                return dating.days(self.readings, around)
            case _:
                return ()

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self.readings.layout)


def advise(sheet: Sheet, offers: Offers, scorer: Scorer | None, *, is_numbered: bool) -> None:
    """Let the scorer speak of a document that may ask for money.

    `scorer` are the release's weights, None where it has none of its own. `is_numbered` tells whether a number on it
    would be its own: on a reminder it is some invoice's.
    """
    if sheet.rules() & NOT_PAYABLE_RULES:
        return
    told = [
        _Advice(sheet, offers, field, base.weights(scorer, field))
        for field in SCORED
        if field != numbering.FIELD or is_numbered
    ]
    for advice in told:
        if advice.field in PAYMENT_CRITICAL and sheet.value(advice.field) is not None:
            advice.dissent()
    suggestions = [words for advice in told if (words := advice.suggest()) is not None]
    if suggestions:
        fields = [field for field, _ in suggestions]
        sheet.find(SCORER_SUGGESTS, "; ".join(words for _, words in suggestions), *fields, severity="warning")


class _Advice:
    """What is to be said of one field."""

    def __init__(self, sheet: Sheet, offers: Offers, field: FieldName, weights: Weights) -> None:
        self.field = field
        self._sheet = sheet
        self._offers = offers
        self._weights = weights

    def dissent(self) -> None:
        """Doubt the rules' value where another one is all but certain; what persons have taught is not doubted."""
        found = self._ranked()
        said = self._sheet.value(self.field) or ""
        if found is None or found[0].probability < DISSENT_MIN or self.field in self._sheet.named_by(memory.USED):
            return
        best, candidates = found[0].best, found[1]
        if _is_same(self.field, best.value, said):
            return
        ours = next((one for one in candidates if _is_same(self.field, one.value, said)), None)
        why = reasons(best.features, ours.features if ours is not None else frozenset(), self._weights)
        message = f"{_NAMES[self.field]}: the rules read {said}, by its looks it is {_told(found[0], why)}"
        self._sheet.find(SCORER_DISSENTS, message, self.field, severity="warning")

    def suggest(self) -> tuple[FieldName, str] | None:
        """Put down the likeliest value where there is none, and return how to tell it."""
        if self._sheet.value(self.field) is not None or not self._may_suggest():
            return None
        found = self._ranked()
        if found is None or found[0].probability < SUGGESTED_MIN:
            return None
        best, second = found[0].best, found[0].second
        sure = min(found[0].probability, SUGGESTED_MAX)
        self._sheet.correct(self.field, best.value, best.raw, best.page, best.box, sure)
        why = reasons(best.features, second.features if second is not None else frozenset(), self._weights)
        return self.field, f"{_NAMES[self.field]}: {_told(found[0], why)}"

    def _may_suggest(self) -> bool:
        """Tell whether no payment could follow from the value: it is doubted itself, or the document is."""
        return self.field in PAYMENT_CRITICAL or bool(self._sheet.rules() & DOUBT_RULES)

    def _ranked(self) -> tuple[Ranked, tuple[Candidate, ...]] | None:
        candidates = self._offers.of(self.field)
        found = ranked(candidates, self._weights)
        return (found, candidates) if found is not None else None


def _told(found: Ranked, why: tuple[str, ...]) -> str:
    spoke = f", for it {', '.join(why)}" if why else ""
    return f"{found.best.value} ({found.probability:.1%}){spoke}"


def _is_same(field: FieldName, value: str, other: str) -> bool:
    if field == numbering.FIELD:
        return numbering.bare(value) == numbering.bare(other)
    return Decimal(value) == Decimal(other) if field == summing.FIELD else value == other
