"""What is already known of one InvoiceKey: every document that claimed to be this invoice, and what was decided.

One record a key, kept in a changelog-backed table. It answers the three questions that keep an invoice from being paid
twice: was this very event decided already, does a decision on this document stand, and which other documents are the
same invoice.
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Record
from schemas.decision import Decision
from schemas.identifiers import DocumentId

# Answers kept for redelivered events. What is dropped beyond it is decided anew, from the approvals, which are kept.
ANSWERS_MAX = 32
# The reason of a rejection that a person wanted, in contrast to what a rule refuses.
REFUSED = "REFUSED"


def held_key(invoice_key: str, document_id: str) -> str:
    """Return the key under which a waiting invoice is kept: of its InvoiceKey's partition, and of no other.

    A correction takes a document to another partition, and both hold a version of it; a recovery applies their
    changelogs in any order, so that one key for both would bring the uncorrected invoice back.
    """
    return f"{invoice_key}/{document_id}"


class Answer(Record):
    """What one event led to. The event is named by its document, its reading and the person's act, if one caused it."""

    analysis: Annotated[int, Field(ge=0)] = 0
    review_id: str | None = None
    decision: Decision


class InvoiceRecord(Record):
    """All answers under one InvoiceKey, oldest first. `moved` are documents that a correction took to another key.

    `revision` counts how often a command was cancelled and issued anew.
    """

    answers: tuple[Answer, ...] = ()
    moved: tuple[DocumentId, ...] = ()
    revision: Annotated[int, Field(ge=0)] = 0

    def answer(self, document: str, analysis: int, review_id: str | None) -> Decision | None:
        """Return what exactly this event led to before, so that its redelivery leads to the same bytes."""
        wanted = (document, analysis, review_id)
        return next(
            (a.decision for a in self.answers if (a.decision.document_id, a.analysis, a.review_id) == wanted), None
        )

    def latest(self, document: str) -> Decision | None:
        """Return the last decision on a document."""
        return next((a.decision for a in reversed(self.answers) if a.decision.document_id == document), None)

    def standing(self, document: str) -> Decision | None:
        """Return the decision that nothing changes any more: an approval, or a person's refusal, of this document."""
        decision = self.latest(document)
        return decision if decision is not None and is_standing(decision) else None

    def others(self, document: str) -> tuple[Decision, ...]:
        """Return the last decision on each other document that claimed to be this invoice."""
        last = {a.decision.document_id: a.decision for a in self.answers}
        return tuple(decision for other, decision in last.items() if other != document)

    def knows(self, document: str) -> bool:
        """Tell whether the document was seen under this key before."""
        return self.latest(document) is not None

    def with_answer(self, decision: Decision, *, analysis: int, review_id: str | None) -> "InvoiceRecord":
        """Return the record after an event was answered; the same answer again changes nothing."""
        if self.answer(decision.document_id, analysis, review_id) is not None:
            return self
        answers = (*self.answers, Answer(analysis=analysis, review_id=review_id, decision=decision))
        return self.model_copy(update={"answers": _bounded(answers)})

    def with_departure(self, document: str) -> "InvoiceRecord":
        """Return the record after a correction gave the document another key: under this one it is paid no more."""
        return self.model_copy(update={"moved": tuple(dict.fromkeys((*self.moved, document)))})

    def with_arrival(self, document: str) -> "InvoiceRecord":
        """Return the record after a correction brought the document (back) under this key."""
        return self.model_copy(update={"moved": tuple(other for other in self.moved if other != document)})


def is_standing(decision: Decision) -> bool:
    """Tell whether a decision is a promise kept for ever: a command may be out, or a person has said no."""
    return decision.outcome == "approve" or REFUSED in decision.reasons


def _bounded(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return the recent answers, and of the older ones the first standing one a document."""
    older, recent = answers[:-ANSWERS_MAX], answers[-ANSWERS_MAX:]
    standing = {answer.decision.document_id: answer for answer in reversed(older) if is_standing(answer.decision)}
    return (*reversed(standing.values()), *recent)
