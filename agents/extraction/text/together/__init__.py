"""Sentences by two words that stand in one: `account` and `replace`, `pay` and `wait`, `retained` and `commission`.

A clerk stops at what such a sentence means, however it is put, and no list of whole phrases holds all the ways to put
it. Two words prove less than a phrase: they make a paper doubtful, and refuse none.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agents.extraction.text.lexicon import GAP_WORDS_MAX, LANGUAGES, STOP, phrases_of
from agents.extraction.text.phrases import Phrases

# Words that stand this far apart in one sentence are said of each other. How long the sentence is tells nothing: heads
# and tables have no full stops, and what is printed below them seems to go on with them.
APART_WORDS_MAX = GAP_WORDS_MAX
# A condition stands at most so many words before what it is about.
GUARD_WORDS = 4
# The rules of the lexicon that are told in this way as well.
RULES = ("account_change", "on_hold", "offset")


@dataclass(frozen=True)
class _Pair:
    one: Phrases
    other: Phrases
    unless: Phrases  # a condition, or a warning of fraud


def told(rule: str, stream: str) -> bool:
    """Tell whether a sentence of a stream of tokens (`STOP` parts them) holds two words that together tell the rule."""
    pairs = [pair for pair in _pairs().get(rule, ()) if pair.one.is_in(stream) and pair.other.is_in(stream)]
    if not pairs:
        return False
    return any(_is_told(pair, sentence) for pair in pairs for sentence in stream.split(STOP))


def _is_told(pair: _Pair, sentence: str) -> bool:
    if not pair.one.is_in(sentence) or not pair.other.is_in(sentence):
        return False
    ends = list(_places(pair.one, sentence))
    return any(
        _between(sentence, one, other) <= APART_WORDS_MAX and not _is_guarded(pair, sentence, one, other)
        for other in _places(pair.other, sentence)
        for one in ends
    )


def _is_guarded(pair: _Pair, sentence: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether a condition stands between the two or right before them: the line above may lack its full stop."""
    first, second = sorted((one, other))
    before = " ".join(sentence[: first[0]].split()[-GUARD_WORDS:])
    return pair.unless.is_in(before) or pair.unless.is_in(sentence[first[1] : second[0]].strip())


def _places(phrases: Phrases, sentence: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in phrases.finditer(sentence))


def _between(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return how many words stand between two stretches; those that overlap are one word, and no pair."""
    first, second = sorted((one, other))
    return sentence[first[1] : second[0]].count(" ") if first[1] <= second[0] else APART_WORDS_MAX + 1


@cache
def _pairs() -> Mapping[str, tuple[_Pair, ...]]:
    text = resources.files("agents.extraction.text.together").joinpath("words.json").read_text("utf-8")
    said: dict[str, dict[str, Any]] = json.loads(text)
    unless = {language: phrases_of(said[language]["unless"]) for language in LANGUAGES}
    return {
        rule: tuple(
            _Pair(phrases_of(said[language][rule][0]), phrases_of(said[language][rule][1]), unless[language])
            for language in LANGUAGES
            if rule in said[language]
        )
        for rule in RULES
    }
