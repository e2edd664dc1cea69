"""What two corrected papers of an issuer teach for its next ones: `python -m benchmarks.learning`.

For each layout that may be tuned on, and languages in turn, five papers of one issuer: number, day, buyer, items and
sums change, layout and words stay. *Precision*: every value of the first two is taught, and the anchors that come of it
are asked on the other three. *Effect*: only what the reader misses on the first two is taught, and the other three are
read with and without it.
"""

import argparse
import copy
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.extraction.text.amounts.finding import find_amounts
from agents.extraction.text.anchored import Readings, values
from agents.extraction.text.dates import find_dates
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.pages import DocumentText, page_texts
from agents.extraction.text.reading import read_document
from agents.extraction.text.showing import show
from agents.extraction.text.sketch import alike
from agents.quality.proposals import Correction, Shown, propose
from app.quality.judgement import Judged
from app.quality.labels import FIELDS, Label
from app.quality.proposing import TAUGHT
from app.reading import judged
from app.release import release_id
from benchmarks.accuracy.papers import drawing, truth
from benchmarks.accuracy.papers.desk import Layout
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.language import LANGUAGES
from benchmarks.accuracy.papers.layouts import is_held_out, layouts
from schemas.evidence import FIELD_NAMES, FieldName, Unreadable
from schemas.release import Bundle, Learned
from tables.releases import Running

RESULT = Path(__file__).parent / "results" / "learning.json"
TAUGHT_PAPERS, PAPERS = 2, 5
_CHANGES = ("number", "issued", "due", "days", "buyer", "items", "extras", "shipping", "prepaid", "previous")
_NAMES: Mapping[str, FieldName] = {name: name for name in FIELD_NAMES}


@dataclass(frozen=True)
class Drawn:
    """One paper with its label."""

    document: DocumentText
    label: Label

    @property
    def right(self) -> dict[FieldName, str]:
        """Return the true values that are printed and can be taught."""
        known = ((_NAMES[names[0]], field) for field, names in FIELDS.items())
        truth_of = self.label.truth
        return {
            name: str(truth_of[field])
            for name, field in known
            if name in TAUGHT and truth_of.get(field) is not None and self.label.is_scored(field)
        }

    def read(self, learned: Learned) -> Judged:
        running = Running.of(Bundle(code=release_id(), learned=learned))
        line = judged(self.label.name, None, read_document(self.document, learned), 0.0, running)
        return Judged(self.label, line.model_dump(mode="json"))


def issuer(layout: Layout, language: str, seed: int) -> Iterator[Drawn]:
    """Yield the papers of one issuer."""
    first = invent(seed, language, layout, "invoice")
    for at in range(PAPERS):
        paper = first if at == 0 else _next(first, invent(seed + at, language, layout, "invoice"))
        content, shown = drawing.draw(paper, layout)
        name = f"{layout.name}-{language}-{at}"
        document = page_texts(content)
        assert not isinstance(document, Unreadable)
        yield Drawn(document, Label(name, Path(name), truth.row(paper, layout, shown, name, name, "pdf_text_only")))


def _next(first: Paper, other: Paper) -> Paper:
    following = copy.copy(first)
    for fact in _CHANGES:
        setattr(following, fact, getattr(other, fact))
    if first.reference is not None:
        following.reference, following.reference_printed = other.reference, other.reference_printed
    return following


def taught(papers: Sequence[Drawn], wanted: Sequence[Mapping[FieldName, str]]) -> Learned:
    """Return what corrections of some papers teach."""
    corrections = []
    for drawn, right in zip(papers, wanted, strict=True):
        shown = show(drawn.document, right)
        for field, value in right.items():
            places = tuple(Shown(one.label, one.direction, one.x, one.y, one.is_new) for one in shown.places[field])
            name = drawn.label.name
            corrections.append(Correction(f"{name}/{field}", name, shown.layout or "", field, value, places))
    found = propose(corrections, Running.of(Bundle(code=release_id())), alike=alike, author="benchmark")
    return found.bundle.learned if found.bundle else Learned()


def asked(drawn: Drawn, learned: Learned) -> Iterator[tuple[str, str]]:
    """Yield field and outcome (right, wrong, silent, several) of each anchor."""
    layout = lay_out(drawn.document.pages)
    labels = Labels(layout)
    readings = Readings(layout, labels, find_amounts(layout, labels), find_dates(layout, labels, "dmy"))
    fields = {names[0]: field for field, names in FIELDS.items()}
    for anchor in learned.anchors:
        said = values(readings, anchor)
        field = fields[anchor.field]
        if len(said) == 1:
            yield field, "right" if drawn.label.matches(field, said[0].value) else "wrong"
        else:
            yield field, "several" if said else "silent"


def missed(drawn: Drawn) -> dict[FieldName, str]:
    """Return the true values that the reader does not read rightly."""
    states = drawn.read(Learned()).states
    bad = {_NAMES[FIELDS[field][0]] for field, state in states.items() if state in ("wrong", "missing")}
    return {field: value for field, value in drawn.right.items() if field in bad}


def run(seed: int, every: int) -> dict[str, Any]:
    precision: dict[str, Counter[str]] = defaultdict(Counter)
    effect: Counter[str] = Counter()
    issuers = 0
    for place, name in enumerate([name for name in layouts() if not is_held_out(name)][::every]):
        spoken = [language for language in LANGUAGES if layouts()[name].speaks(language)]
        for language in spoken[place % 4 :: 4]:
            papers = list(issuer(layouts()[name], language, seed))
            issuers += 1
            first, later = papers[:TAUGHT_PAPERS], papers[TAUGHT_PAPERS:]
            everything = taught(first, [drawn.right for drawn in first])
            for drawn in later:
                for field, outcome in asked(drawn, everything):
                    precision[field][outcome] += 1
            _count(effect, later, taught(first, [missed(drawn) for drawn in first]))
    return {
        "release": release_id(),
        "seed": seed,
        "issuers": issuers,
        "precision": {field: dict(counts) for field, counts in sorted(precision.items())},
        "precision_all": dict(sum(precision.values(), Counter())),
        "effect": dict(effect),
    }


def _count(effect: Counter[str], later: Sequence[Drawn], learned: Learned) -> None:
    if not learned.anchors:
        return
    effect["issuers taught"] += 1
    for drawn in later:
        before, after = drawn.read(Learned()), drawn.read(learned)
        fields = {field for field, names in FIELDS.items() if names[0] in {one.field for one in learned.anchors}}
        effect["papers"] += 1
        effect["false payable before"] += before.false_payable
        effect["false payable after"] += after.false_payable
        effect["covered before"] += before.covered
        effect["covered after"] += after.covered
        for field, state in before.states.items():
            good = state in ("right", "absent", "neutral"), after.states[field] in ("right", "absent", "neutral")
            effect["taught fields"] += field in fields
            effect["taught fields right before"] += field in fields and good[0]
            effect["taught fields right after"] += field in fields and good[1]
            effect["fields broken"] += good == (True, False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=601)
    parser.add_argument("--every", type=int, default=1, help="only every n-th layout")
    parser.add_argument("--keep", action="store_true", help=f"write {RESULT.name}")
    arguments = parser.parse_args()
    result = run(arguments.seed, arguments.every)
    text = json.dumps(result, indent=1) + "\n"
    print(text)
    if arguments.keep:
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
