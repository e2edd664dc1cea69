"""Causes with what only the readers' words can tell: the language of a paper, and the kind that a person calls it."""

from collections.abc import Iterable, Mapping

from agents.extraction.text.lexicon import languages_of, lexicon, longest, tokens
from agents.extraction.text.sketch import alike
from agents.quality.causes import cause_of
from agents.quality.clusters import Cluster, Dimension, Explained, clusters
from schemas.evidence import ExtractedInvoice
from schemas.feedback import FeedbackRecorded

# What a heading may say of an invoice itself.
_INVOICES = frozenset({"invoice", "credit_note"})
# Who complains of an order or a contract may speak of what was agreed, unless the phrase is a heading's.
_WORDS = frozenset({"order", "contract"})


def explained(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None = None) -> Explained:
    """Return a lesson with its cause; `extracted` is what the reader had found, where that is known."""
    cause = cause_of(lesson, extracted, said_kind=kind_said(lesson.detail))
    return Explained(lesson, cause, language_of(extracted))


def ranked(
    lessons: Iterable[FeedbackRecorded], readings: Mapping[str, ExtractedInvoice], dimension: Dimension
) -> tuple[Cluster, ...]:
    """Return the clusters of lessons by rank. `readings` are what was found, by document id."""
    return clusters((explained(each, readings.get(each.document_id)) for each in lessons), dimension, alike)


def kind_said(words: str | None) -> str | None:
    """Return the kind of document that a person's words name, None where they name none, or an invoice's.

    >>> kind_said("this is only a delivery note"), kind_said("ordered by nobody")
    ('delivery_note', None)
    """
    said = list(tokens(words or ""))
    for at in range(len(said)):
        found = longest(lexicon().titles, said, at)
        kinds = found[1] - _INVOICES if found is not None else frozenset()
        if found is not None and found[0] - at < 2:
            kinds -= _WORDS
        if kinds:
            return min(kinds)
    return None


def language_of(extracted: ExtractedInvoice | None) -> str | None:
    """Return the language of what the reader kept as it stood there, None where several are as likely."""
    raw = " ".join(field.raw or "" for field in extracted.fields.values()) if extracted is not None else ""
    spoken = languages_of(tokens(raw)) if raw else frozenset()
    return next(iter(spoken)) if len(spoken) == 1 else None
