"""Papers to teach the scorer with, and to measure it on: as they are printed, and with words that nobody knows.

The rules read what the lexicons name. What is left for the scorer are papers that use a word of their own, and such
papers are drawn here: of each layout and language some with the usual words, some with one of them exchanged.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.extraction.text.pages import DocumentText, page_texts
from agents.extraction.text.scoring.advice import SCORED
from agents.extraction.text.scoring.offering import Offering, offer
from app.quality.fitting import Example
from app.quality.labels import Label
from app.quality.teaching import example
from benchmarks.accuracy.papers import drawing, truth
from benchmarks.accuracy.papers.collection import HARMLESS, HELD, names_of, plan
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.language import LANGUAGES
from schemas.evidence import FieldName, Unreadable

KINDS = frozenset({"invoice", *HARMLESS, *HELD})
# A supplier's own words. None of them, nor a part of one, is in a lexicon.
OWN_WORDS = ("Qw zzt", "Xolvar", "Brm-Kz", "Vuntra", "Trelk", "Omzip Kd")
# The vocabulary's keys that name a scored field, by the field.
KEYS: Mapping[FieldName, tuple[str, ...]] = {
    "invoice_number": ("number",),
    "amount_due_for_payment": ("payable", "gross"),
    "invoice_issue_date": ("date",),
    "payment_due_date": ("due",),
}
USUAL = "usual words"


@dataclass(frozen=True)
class Drawn:
    """One paper, what is true of it, and which field it names by a word of its own (or `usual words`)."""

    document: DocumentText
    label: Label
    exchanged: str

    @property
    def offering(self) -> Offering:
        return offer(self.document)

    def examples(self) -> Iterator[tuple[FieldName, Example]]:
        """Yield what it teaches of each field whose truth is known."""
        offering = self.offering
        for field in SCORED:
            found = example(self.label, field, offering)
            if found is not None:
                yield field, found


def papers(seed: int, which: str, every: int = 1) -> Iterator[Drawn]:
    """Yield papers of the layouts of a split: each with its usual words, and with one name exchanged in turn."""
    planned = [one for one in plan(LANGUAGES, names_of(which), every=every) if one[2] in KINDS]
    for at, (language, layout, kind) in enumerate(planned):
        rng = random.Random(f"{seed}/{at}")
        for exchanged in (None, SCORED[at % len(SCORED)]):
            paper = invent(seed, language, layout, kind)
            for key in KEYS[exchanged] if exchanged is not None else ():
                paper.words._chosen[key] = rng.choice(OWN_WORDS)  # noqa: SLF001 - the paper's own vocabulary
            content, shown = drawing.draw(paper, layout)
            document = page_texts(content)
            if not isinstance(document, Unreadable):
                name = f"{layout.name}-{language}-{kind}-{exchanged or 'usual'}"
                row = truth.row(paper, layout, shown, name, name, "pdf_text_only")
                yield Drawn(document, Label(name, Path(name), row), exchanged or USUAL)
