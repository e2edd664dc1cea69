"""What the reader said of a document, held against the label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from app.quality.labels import FIELDS, Label, answer, expectation

State = Literal["right", "wrong", "spurious", "missing", "absent", "neutral"]
CRITICAL = ("iban", "payable", "currency", "invoice_number")


@dataclass(frozen=True)
class Judged:
    """One document: the label, and the line of `quittance read` about it."""

    label: Label
    line: Mapping[str, Any]

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return what the reader said, by its names of fields."""
        return self.line.get("fields") or {}

    @property
    def outcome(self) -> str:
        """Return the assessment's outcome, or `rejected`."""
        return str((self.line.get("assessment") or {}).get("outcome") or "rejected")

    @property
    def confidence(self) -> float:
        """Return the assessment's confidence."""
        return float((self.line.get("assessment") or {}).get("confidence") or 0.0)

    @property
    def expected(self) -> str:
        """Return what a careful clerk would do."""
        return expectation(self.label)

    @cached_property
    def states(self) -> dict[str, State]:
        """Return right, wrong and so on for each field that is scored."""
        return {field: self._state(field) for field in FIELDS if self.label.is_scored(field)}

    def _state(self, field: str) -> State:
        said, true = answer(self.label, self.fields, field), self.label.truth.get(field)
        if said is None:
            if true is None:
                return "absent"
            return "neutral" if self._may_be_left_out(field) else "missing"
        if self.label.matches(field, said):
            return "right"
        return "spurious" if true is None else "wrong"

    def _may_be_left_out(self, field: str) -> bool:
        broken = field == "iban" and self.label.row.get("iban_checksum_ok") is False
        return field in self.label.row["optional"] or broken

    @cached_property
    def critical(self) -> dict[str, State]:
        """Return the states of the four values that a payment is made of."""
        found: dict[str, State] = {
            field: self.states[field] for field in ("iban", "currency", "invoice_number") if field in self.states
        }
        if self.label.truth.get(self.label.payable_field) and self.label.is_scored(self.label.payable_field):
            found["payable"] = self._payable()
        return found

    def _payable(self) -> State:
        field = self.label.payable_field
        said = answer(self.label, self.fields, "amount_due") or answer(self.label, self.fields, "total_gross")
        if said is None:
            return "missing"
        return "right" if self.label.matches(field, said) else "wrong"

    @property
    def critical_wrong(self) -> list[str]:
        """Return the names of the payment-critical values that are wrong."""
        return [name for name, state in self.critical.items() if state in ("wrong", "spurious")]

    @property
    def all_right(self) -> bool:
        """Tell whether every payment-critical value is right, or rightly left out."""
        return all(state in ("right", "absent", "neutral") for state in self.critical.values())

    @property
    def false_payable(self) -> bool:
        """Tell whether money would have gone wrong: what matters most."""
        wrong = bool(self.critical_wrong) or self.expected in ("must_hold", "must_not_pay")
        return self.outcome == "payable" and wrong

    @property
    def covered(self) -> bool:
        """Tell whether the document is payable, and was found so without an error."""
        return self.expected == "payable" and self.outcome == "payable" and not self.critical_wrong


@dataclass(frozen=True)
class Count:
    """Figures of a set of documents."""

    documents: int
    scored: int
    all_right: int
    any_wrong: int
    payable: int
    covered: int
    said_payable: int
    false_payable: int

    @property
    def coverage(self) -> float:
        """Return which part of what is payable was found so."""
        return self.covered / self.payable if self.payable else 0.0


def count(found: Sequence[Judged]) -> Count:
    """Return the figures of some documents."""
    scored = [one for one in found if one.critical]
    return Count(
        documents=len(found),
        scored=len(scored),
        all_right=sum(one.all_right for one in scored),
        any_wrong=sum(bool(one.critical_wrong) for one in scored),
        payable=sum(one.expected == "payable" for one in found),
        covered=sum(one.covered for one in found),
        said_payable=sum(one.outcome == "payable" for one in found),
        false_payable=sum(one.false_payable for one in found),
    )
