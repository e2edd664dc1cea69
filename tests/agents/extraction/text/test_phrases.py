"""Phrases are found as one expression of whole words would find them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.text.phrases import Phrases

SAID = ("wird abgebucht", "abgebucht", "wird", r"bezahl[^\s|]*", "bar")
PLAIN = re.compile(r"(?<!\S)(?:" + "|".join(sorted(SAID, key=len, reverse=True)) + r")(?!\S)")
WORDS = st.lists(st.sampled_from(["wird", "abgebucht", "bezahlt", "bar", "barzahlung", "|", "wirdbar"]), max_size=8)


@given(WORDS.map(" ".join))
def test_as_the_plain_expression(text: str) -> None:
    phrases = Phrases(SAID)
    assert [found.span() for found in phrases.finditer(text)] == [found.span() for found in PLAIN.finditer(text)]
    assert bool(phrases.fullmatch(text)) == bool(PLAIN.fullmatch(text))
    assert phrases.is_in(text) == bool(PLAIN.search(text))
    found, expected = phrases.search(text), PLAIN.search(text)
    assert (found and found.group()) == (expected and expected.group())
