"""Why each thing went wrong: one class a lesson, with its evidence. What nothing speaks for is unknown.

A function of the lesson and, where there is one, of what the reader had found in the document.
"""

from collections.abc import Callable, Mapping

from agents.quality.banks import REASONS
from agents.quality.misreading import misread
from schemas.cause import Cause, CauseClass
from schemas.evidence import ExtractedInvoice
from schemas.feedback import FeedbackRecorded, FeedbackSource

# Bytes that break our contract, or that are not what their event says they are: whoever sent them.
_SENT_WRONGLY = frozenset({
    "VERSION-UNKNOWN", "VALUE-EMPTY", "VALUE-TOO-LARGE", "VALUE-INVALID", "KEY-MISMATCH", "DOCUMENT-NOT-FOUND",
    "DOCUMENT-HASH-MISMATCH", "DOCUMENT-TRUNCATED", "DOCUMENT-TOO-LARGE", "DOCUMENT-REFERENCE-REFUSED",
    "COMMAND-UNKNOWN",
})  # fmt: skip
# Topics that outsiders write to, and whose fault it is what stands there.
_WRITERS: Mapping[str, CauseClass] = {"document.received": "publisher", "payment.status": "bank"}
# Reasons by which the supplier was not recognised, and such by which the reference data did not know enough of it.
_NOT_RECOGNISED = frozenset({
    "SUPPLIER-UNKNOWN", "SUPPLIER-CONFLICT", "SUPPLIER-MISMATCH", "SUPPLIER-BY-NAME", "KEY-STALE",
})  # fmt: skip
_NOT_KNOWN = frozenset({
    "ACCOUNT-NEW", "ACCOUNT-OF-ANOTHER-SUPPLIER", "SUPPLIER-INACTIVE", "SUPPLIER-NAME", "SUPPLIER-ADDRESS",
    "AGENT-MISSING",
})  # fmt: skip
# A company's own wish to look, or what follows from an earlier act or release: no rule has erred.
_WANTED = frozenset({
    "AMOUNT-LIMIT", "LANE-REVIEW", "CORRECTED", "FOUR-EYES", "REANALYSED", "REVIEW-MISDIRECTED", "REVIEW-OUTDATED",
    "MOVED", "DUPLICATE-POSSIBLE", "AUDIT-SAMPLE", "READ-OTHERWISE", "RELEASE-WITHDRAWN",
})  # fmt: skip
# A supplier's day that is far off its own past (app/quality/unusual_days.py): a field that goes missing at once has
# usually moved, or has another label; that sums or held documents jump says that something is new, and not what.
_UNUSUAL: Mapping[str, CauseClass] = {
    "FIELD-MISSING-UNUSUAL": "label_missed",
    "AMOUNT-UNUSUAL": "supplier_changed",
    "REVIEW-UNUSUAL": "supplier_changed",
}
# Say that others have spoken, and nothing of their own.
_SUMMARIES = frozenset({"DOCUMENT-DOUBTFUL", "CONFIDENCE-LOW"})
# By these a supplier is recognised.
_SUPPLIER_FIELDS = frozenset({"seller_name", "seller_vat_identifier", "seller_legal_registration_identifier"})
_INVOICE_NUMBER_AND_SUM = ("invoice_number", "amount_due_for_payment", "invoice_total_amount_with_vat")


def cause_of(
    lesson: FeedbackRecorded, extracted: ExtractedInvoice | None = None, *, said_kind: str | None = None
) -> Cause:
    """Return why it went wrong.

    Args:
        lesson: what was wrong, and who says so.
        extracted: what the reader had found, where that is known.
        said_kind: the kind of document that the person's words name (`reminder`, `quote` ...), where they name one.
    """
    if lesson.source == "review" and lesson.cause == "rejection":
        return _rejected(lesson, extracted, said_kind)
    return _BY_SOURCE[lesson.source](lesson, extracted)


def _settled(lesson: FeedbackRecorded, _extracted: ExtractedInvoice | None) -> Cause:
    pointed = REASONS.get(lesson.cause or "")
    if pointed is None:
        return Cause(kind="unknown", evidence=f"The bank gives the reason {lesson.cause}, which says nothing of us.")
    return Cause(kind=pointed.kind, evidence=pointed.sentence)


def _unusual(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None) -> Cause:
    """Return what an unusual day points at; what an engine says against itself is the bank's."""
    kind = _UNUSUAL.get(lesson.cause or "")
    if kind is None:
        return _settled(lesson, extracted)
    told = f"{lesson.field or 'The documents'} of one supplier on {lesson.reference}: {lesson.detail}"
    return Cause(kind=kind, evidence=told[:1000])


def _buried(lesson: FeedbackRecorded, _extracted: ExtractedInvoice | None) -> Cause:
    topic = (lesson.reference or "").partition("/")[0]
    writer = _WRITERS.get(topic)
    if writer is not None and lesson.cause in _SENT_WRONGLY:
        return Cause(kind=writer, evidence=f"What was written to {topic} cannot be used ({lesson.cause}).")
    return Cause(kind="unknown", evidence=f"A record of {topic} was put aside for {lesson.cause}.")


def _dissented(lesson: FeedbackRecorded, _extracted: ExtractedInvoice | None) -> Cause:
    said = f" {lesson.detail}" if lesson.detail else ""
    return Cause(kind="publisher", evidence=f"The document contradicts itself ({lesson.cause}).{said}"[:1000])


def _rejected(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None, said_kind: str | None) -> Cause:
    if said_kind is not None:
        return Cause(kind="not_an_invoice", evidence=f"The person calls it a {said_kind.replace('_', ' ')}.")
    if extracted is not None and not any(extracted.value(name) for name in _INVOICE_NUMBER_AND_SUM):  # type: ignore[arg-type]
        return Cause(
            kind="not_an_invoice", evidence="It has neither a number nor a sum to pay, and a person refused it."
        )
    doubts = _doubts(lesson)
    if doubts & _NOT_RECOGNISED:
        return Cause(kind="supplier_match", evidence=f"Refused while the supplier was not certain ({_listed(doubts)}).")
    if doubts:
        return Cause(kind="publisher", evidence=f"A person refused what the rules had doubted ({_listed(doubts)}).")
    return Cause(kind="rule_too_loose", evidence="A person refused what no rule had doubted.")


def _reviewed(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None) -> Cause:
    if lesson.cause == "approval":
        return _approved(lesson)
    if lesson.field is None:
        return Cause(kind="unknown", evidence="Nobody says which value was wrong.")
    if lesson.field in _SUPPLIER_FIELDS and _doubts(lesson) & _NOT_RECOGNISED:
        found = f"The supplier was not recognised by {lesson.wrong or 'nothing'}, and is by {lesson.right}."
        return Cause(kind="supplier_match", evidence=found)
    return misread(lesson, extracted)


def _approved(lesson: FeedbackRecorded) -> Cause:
    """Return why a person had to say yes to what was right."""
    doubts = _doubts(lesson)
    if doubts & _NOT_RECOGNISED:
        return Cause(kind="supplier_match", evidence=f"A person recognised the supplier ({_listed(doubts)}).")
    if doubts & _NOT_KNOWN:
        told = f"A person confirms what the reference data do not know ({_listed(doubts & _NOT_KNOWN)})."
        return Cause(kind="reference_stale", evidence=told)
    if doubts:
        return Cause(kind="rule_too_strict", evidence=f"A person found right what was held for {_listed(doubts)}.")
    return Cause(kind="unknown", evidence=f"A person was to look at it in any case ({_listed(set(lesson.reasons))}).")


def _doubts(lesson: FeedbackRecorded) -> set[str]:
    """Return the reasons that are a rule's own doubt."""
    doubts = set(lesson.reasons) - _WANTED
    return doubts - _SUMMARIES or doubts


def _listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes)) or "no reason"


_BY_SOURCE: Mapping[FeedbackSource, Callable[[FeedbackRecorded, ExtractedInvoice | None], Cause]] = {
    "review": _reviewed,
    "settlement": _settled,
    "dead_letter": _buried,
    "anomaly": _unusual,
    "dissent": _dissented,
}
