"""Numbers in words, in twelve languages: a versioned data file, and how its words add up.

The words are split out of whatever is written together: `zweihundertdreissig`, `deux cent trente`, `dvestetricet`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agents.extraction.text.lexicon import Tree, tree_of

HUNDRED, THOUSAND, TEN, TWENTY = 100, 1000, 10, 20
# The longest word of any language is shorter; what is longer is not split.
GLUED_MAX = 120


@dataclass(frozen=True)
class Numerals:
    """One language: words and their values, words that join them, names of the currency and of its hundredth."""

    values: Mapping[str, int]
    joins: frozenset[str]
    currency: frozenset[str]
    cents: frozenset[str]


@cache
def numerals() -> Mapping[str, Numerals]:
    """Return what each language has."""
    return {
        language: Numerals(
            said["values"],
            frozenset((*said["joins"], *said.get("cent_joins", ()))),
            frozenset(said["currency"]),
            frozenset(said["cents"]),
        )
        for language, said in _file().items()
    }


@cache
def introductions() -> Tree:
    """Return the phrases that announce a sum in words, each with its languages."""
    return tree_of((phrase, language) for language, said in _file().items() for phrase in said["intro"])


@cache
def _file() -> Mapping[str, Any]:
    text = resources.files(__name__).joinpath("numerals.json").read_text("utf-8")
    loaded: Mapping[str, Any] = json.loads(text)["languages"]
    return loaded


def number_of(words: Iterable[str], language: str) -> int | None:
    """Return the number that folded words name, None where they are no number.

    >>> number_of(["quatre", "vingt", "dix", "sept", "mille", "deux", "cent", "un"], "fr")
    97201
    """
    parts = split("".join(words), language)
    return None if not parts else _added([value for value in parts if value is not None])


@cache
def split(text: str, language: str) -> tuple[int | None, ...] | None:
    """Return the values of the words that a text is glued from, None for a word that joins; longest words first."""
    known = numerals()[language]
    ends: dict[int, tuple[int | None, ...]] = {len(text): ()}
    for start in range(len(text) - 1, -1, -1) if len(text) <= GLUED_MAX else ():
        for end in range(len(text), start, -1):
            word = text[start:end]
            if end in ends and (word in known.values or word in known.joins):
                ends[start] = (known.values.get(word), *ends[end])
                break
    return ends.get(0)


def _added(values: list[int]) -> int | None:
    """Return what values come to: those before a thousand multiply it; digits one by one are no number."""
    total, group = 0, 0
    for value in values:
        if value >= THOUSAND:
            total, group = total + max(group, 1) * value, 0
        elif value == HUNDRED:
            if group >= HUNDRED:
                return None
            group = max(group, 1) * HUNDRED
        elif _fits(group, value):
            group += value
        else:
            return None
    return total + group if values and group < TEN * THOUSAND else None  # twelve hundred


def _fits(group: int, value: int) -> bool:
    """Tell whether a value may follow: a unit behind tens, tens behind a unit (German), ten behind sixty (French)."""
    if value > HUNDRED:
        return group == 0
    if value < TEN:
        return group % TEN == 0
    return group % HUNDRED < TEN or (value < TWENTY and group % HUNDRED in (60, 80))
