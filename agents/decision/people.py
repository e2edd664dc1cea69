"""What persons may bring about: approve, refuse, correct, and never both capture and approve (four eyes)."""

from typing import NamedTuple

from schemas.base import TEXT_LENGTH_MAX
from schemas.decision import Decision
from schemas.events import InvoiceNormalized
from schemas.finding import Finding
from tables.invoices import REFUSED


class Act(NamedTuple):
    """The weight of a person's act: which hold-level rules it lifts, what it adds, who stands for it."""

    lifts: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    persons: tuple[str, ...] = ()


def weigh(normalized: InvoiceNormalized, shown: Decision | None) -> Act:
    """Return what the review that brought the document here is worth.

    An approval lifts what the person was shown, the reasons of the last decision on the document: not what has come
    up since. `shown` is None where the document is new under its key.
    """
    review, corrected = normalized.review, _corrected(normalized)
    if review is None or review.action == "correct":
        return Act(findings=corrected, persons=_persons(normalized))
    if review.document_id != normalized.document_id:
        return Act(findings=(*corrected, _error("REVIEW-MISDIRECTED", f"review {review.review_id}")))
    if review.action == "reject":
        return Act(
            findings=(*corrected, _error(REFUSED, review.reason or "no reason given")), persons=_persons(normalized)
        )
    if _fold(review.reviewer) in _hands(normalized) | {""}:
        return Act(findings=(*corrected, _error("FOUR-EYES", f"{review.reviewer} captured or corrected it")))
    lifted = frozenset(shown.reasons) if shown is not None and shown.outcome == "hold" else frozenset()
    return Act(lifted, corrected, _persons(normalized))


def _corrected(normalized: InvoiceNormalized) -> tuple[Finding, ...]:
    correctors = [*normalized.corrected_by]
    if normalized.review is not None and normalized.review.action == "correct":
        correctors.append(normalized.review.reviewer)
    return (_error("CORRECTED", "by " + ", ".join(dict.fromkeys(correctors))),) if correctors else ()


def _hands(normalized: InvoiceNormalized) -> frozenset[str]:
    """Return, folded, the persons through whose hands the values went."""
    return frozenset(_fold(person) for person in (normalized.received.submitted_by, *normalized.corrected_by) if person)


def _persons(normalized: InvoiceNormalized) -> tuple[str, ...]:
    reviewer = () if normalized.review is None else (normalized.review.reviewer,)
    return tuple(dict.fromkeys((*normalized.corrected_by, *reviewer)))


def _fold(person: str) -> str:
    return person.strip().casefold()


def _error(rule: str, message: str) -> Finding:
    return Finding(rule=rule, severity="error", message=message[:TEXT_LENGTH_MAX])
