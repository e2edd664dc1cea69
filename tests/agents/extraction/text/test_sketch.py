"""Papers of one issuer and layout are told from all others by their sketches, whatever they ask for."""

import copy
import itertools

import pytest

from agents.extraction.text.layout import Layout, lay_out
from agents.extraction.text.pages import PageText, page_texts
from agents.extraction.text.sketch import ALIKE_MIN, SLOTS, alike, similarity, sketch
from benchmarks.accuracy.papers import drawing
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.layouts import is_held_out, layouts
from schemas.evidence import Unreadable
from tests.agents.extraction.pdfs import page

LANGUAGES = ("de", "fr", "en", "pl")
# Layouts far apart in the table, so that every sector and every kind of head is among them; short tables and long.
NAMES = [name for name in layouts() if not is_held_out(name)][::7]
SEEDS = (41, 42, 43)


def laid_out(content: bytes) -> Layout:
    document = page_texts(content)
    assert not isinstance(document, Unreadable)
    return lay_out(document.pages)


def from_the_same(paper: Paper, seed: int, language: str, name: str) -> Paper:
    """Return the issuer's next paper: another number, day, buyer, and other items, in the words that it uses."""
    other, following = invent(seed, language, layouts()[name], "invoice"), copy.copy(paper)
    for fact in ("number", "issued", "due", "days", "buyer", "items", "extras", "shipping", "prepaid", "previous"):
        setattr(following, fact, getattr(other, fact))
    return following


@pytest.fixture(scope="module")
def papers() -> dict[tuple[str, str], list[str]]:
    """Return the sketches of three papers of each issuer, by layout and language."""
    found = {}
    for place, name in enumerate(NAMES):
        language = LANGUAGES[place % len(LANGUAGES)]
        if layouts()[name].speaks(language):
            first = invent(SEEDS[0], language, layouts()[name], "invoice")
            drawn = [first, *(from_the_same(first, seed, language, name) for seed in SEEDS[1:])]
            sketches = [sketch(laid_out(drawing.draw(paper, layouts()[name])[0])) for paper in drawn]
            assert all(sketches)
            found[name, language] = [one for one in sketches if one]
    return found


def test_both_distributions_lie_on_their_sides_of_the_limit(papers: dict[tuple[str, str], list[str]]) -> None:
    same = sorted(
        similarity(one, other) for group in papers.values() for one, other in itertools.combinations(group, 2)
    )
    others = sorted(
        similarity(one, other)
        for left, right in itertools.combinations(papers.values(), 2)
        for one, other in itertools.product(left, right)
    )
    print(f"same issuer and layout: {_spread(same)}; others: {_spread(others)}; limit {ALIKE_MIN}")  # noqa: T201 - both distributions, with -s
    assert same[0] >= ALIKE_MIN > others[-1]
    assert others[-1] < ALIKE_MIN - 0.1  # a limit that both sides keep away from


def _spread(values: list[float]) -> str:
    at = [values[min(int(len(values) * share), len(values) - 1)] for share in (0, 0.05, 0.5, 0.95, 1)]
    return f"{len(values)} pairs, min, 5 %, median, 95 %, max {[round(value, 2) for value in at]}"


def test_other_digits_change_nothing() -> None:
    lines = ["Muster Handel GmbH Bremen Hafenstrasse", "Bitte zahlen Sie ohne Abzug auf unser Konto", "Betrag {}"]
    one = sketch(laid_out(page(*(line.format("1.204,00") for line in lines))))
    other = sketch(laid_out(page(*(line.format("88,10") for line in lines))))
    assert one is not None
    assert one == other


def test_a_page_of_few_words_has_no_sketch() -> None:
    assert sketch(laid_out(page("Rechnung 4711", "Summe 100,00"))) is None
    assert sketch(lay_out([PageText(1, 0.0, 0.0, ())])) is None


def test_a_sketch_of_another_form_is_alike_to_nothing() -> None:
    assert similarity("ab", "ab") == 0.0
    assert not alike("0" * SLOTS, "1" * SLOTS)
