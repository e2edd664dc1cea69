"""What is already known of one InvoiceKey: every document that claimed to be this invoice, and what was decided.

One record a key, kept in a changelog-backed table. It answers the three questions that keep an invoice from being paid
twice: was this very event decided already, does a decision on this document stand, and which other documents are the
same invoice.
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Code, Record
from schemas.decision import Decision
from schemas.events import InvoiceNormalized

# Answers kept for redelivered events. What is dropped beyond it is decided anew, from the approvals, which are kept.
ANSWERS_MAX = 32
# Persons' acts remembered for redelivery; only those since the last commit can come again.
ACTS_MAX = 32
# The reason of a rejection that a person wanted, in contrast to what a rule refuses.
REFUSED = "REFUSED"


def held_key(invoice_key: str, document_id: str) -> str:
    """Return the key under which a waiting invoice is kept: of its InvoiceKey's partition, and of no other.

    A correction takes a document to another partition, and both hold a version of it; a recovery applies their
    changelogs in any order, so that one key for both would bring the uncorrected invoice back.
    """
    return f"{invoice_key}/{document_id}"


class Answer(Record):
    """What one event led to. The event is named by its document, its reading and the person's act, if one caused it.

    `place` is where the record stood: the same event written a second time is another record. `traceparent` is the
    span in which it was decided, which a person's act on it names.
    """

    analysis: Annotated[int, Field(ge=0)] = 0
    review_id: str | None = None
    place: Code | None = None
    traceparent: Code | None = None
    decision: Decision

    def names(self, document: str, analysis: int, review_id: str | None) -> bool:
        """Tell whether this is the answer to that event."""
        return (self.decision.document_id, self.analysis, self.review_id) == (document, analysis, review_id)


class Act(Record):
    """What one record of a person's act led to: the words and digests of its audit entry, and its release."""

    place: Code
    outcome: Code
    reasons: tuple[Code, ...] = ()
    read: tuple[Code, ...] = ()
    written: tuple[Code, ...] = ()
    release: Code | None = None


class InvoiceRecord(Record):
    """All answers under one InvoiceKey, oldest first. `moved` are documents as a person's act took them to another key.

    `acts` are what persons' acts led to. `revision` counts how often a command was cancelled and issued anew.
    """

    answers: tuple[Answer, ...] = ()
    moved: tuple[InvoiceNormalized, ...] = ()
    acts: Annotated[tuple[Act, ...], Field(max_length=ACTS_MAX)] = ()
    revision: Annotated[int, Field(ge=0)] = 0

    def answer(self, document: str, analysis: int, review_id: str | None) -> Decision | None:
        """Return what exactly this event led to before, so that its redelivery leads to the same bytes."""
        return next((a.decision for a in self.answers if a.names(document, analysis, review_id)), None)

    def answer_at(self, place: str) -> Decision | None:
        """Return what this very record led to before, or None where it is not delivered again."""
        return next((answer.decision for answer in self.answers if answer.place == place), None)

    def latest(self, document: str) -> Decision | None:
        """Return the last decision on a document."""
        return next((a.decision for a in reversed(self.answers) if a.decision.document_id == document), None)

    def seen_in(self, document: str) -> tuple[str, ...]:
        """Return the traceparent of the last decision on a document, if it is known."""
        last = next((answer for answer in reversed(self.answers) if answer.decision.document_id == document), None)
        return (last.traceparent,) if last is not None and last.traceparent else ()

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

    def with_answer(
        self,
        decision: Decision,
        *,
        analysis: int,
        review_id: str | None,
        place: str | None = None,
        traceparent: str | None = None,
    ) -> "InvoiceRecord":
        """Return the record after an event was answered; the same answer at the same place changes nothing."""
        known = [answer.place for answer in self.answers if answer.names(decision.document_id, analysis, review_id)]
        if known and (place is None or place in known):
            return self
        answer = Answer(analysis=analysis, review_id=review_id, place=place, traceparent=traceparent, decision=decision)
        answers = (*self.answers, answer)
        return self.model_copy(update={"answers": _bounded(answers)})

    def departed(self, document: str) -> InvoiceNormalized | None:
        """Return the document as it left for the key that it has now, or None where it is here."""
        return next((gone for gone in self.moved if gone.document_id == document), None)

    def with_departure(self, gone: InvoiceNormalized) -> "InvoiceRecord":
        """Return the record after a person's act gave the document another key: under this one it is paid no more."""
        return self.model_copy(update={"moved": (*self.with_arrival(gone.document_id).moved, gone)})

    def with_arrival(self, document: str) -> "InvoiceRecord":
        """Return the record after a person's act brought the document (back) under this key."""
        return self.model_copy(update={"moved": tuple(gone for gone in self.moved if gone.document_id != document)})

    def act(self, place: str) -> Act | None:
        """Return what the record of a person's act led to, or None where it is dealt with for the first time."""
        return next((act for act in self.acts if act.place == place), None)

    def with_act(self, act: Act) -> "InvoiceRecord":
        """Return the record that remembers what a person's act led to; the oldest make room."""
        return self.model_copy(update={"acts": (*self.acts, act)[-ACTS_MAX:]})


def is_standing(decision: Decision) -> bool:
    """Tell whether a decision is a promise kept for ever: a command may be out, or a person has said no."""
    return decision.outcome == "approve" or REFUSED in decision.reasons


def _bounded(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return the recent answers, and of the older ones the first standing one a document."""
    older, recent = answers[:-ANSWERS_MAX], answers[-ANSWERS_MAX:]
    standing = {answer.decision.document_id: answer for answer in reversed(older) if is_standing(answer.decision)}
    return (*reversed(standing.values()), *recent)
