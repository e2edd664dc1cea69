"""Sums in words (`arrêtée la présente facture à la somme de...`, `słownie`, `slovy`): witnesses for the sum to pay."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import spelled
from agents.extraction.text.lexicon import longest
from agents.extraction.text.numerals import HUNDRED, introductions, number_of, numerals, split
from agents.extraction.text.pages import PageText
from agents.extraction.text.totals.evidence import SEEN_TWICE, Evidence, Totals

# No sum of an invoice has more words than these, in whatever language.
WORDS_MAX = 24
# Between the announcement and the number: `Diconsi euro`, `słownie PLN:`, `the sum of EUR`.
BEFORE_MAX = 2
_CENTS = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class SpelledOut:
    """A sum in words. `cents_known` is False where only its whole part was understood, or none is given."""

    value: Decimal
    cents_known: bool
    raw: str
    page: int

    def agrees(self, amount: Decimal) -> bool:
        """Tell whether it is the amount, to the cent where it tells cents."""
        return self.value == amount if self.cents_known else self.value == int(amount)


@dataclass(frozen=True, slots=True)
class _Stream:
    """The folded tokens of a page, each with the place of its word."""

    tokens: list[str]
    words: list[Word]


def sums_in_words(pages: Iterable[PageText]) -> tuple[SpelledOut, ...]:
    """Return the sums that the pages announce in words, those alone that name a currency and are understood whole."""
    return tuple(found for page in pages for found in _on(page))


def heed(totals: Totals, said: tuple[SpelledOut, ...]) -> Totals:
    """Return the totals: surer where the words agree with the sum to pay, in doubt where they tell another sum.

    Words may tell the total with VAT where less, or more, is to be paid.
    """
    payable = totals.payable
    if payable is None or not said:
        return totals
    if any(one.agrees(payable.value) for one in said):
        sure = any(one.value == payable.value for one in said) and not totals.doubt
        confidence = max(payable.confidence, SEEN_TWICE) if sure else payable.confidence
        return replace(totals, payable=Evidence(payable.value, payable.amount, confidence))
    if totals.gross is not None and any(one.agrees(totals.gross.value) for one in said):
        return totals
    told = said[0]
    doubt = f"in words {told.value} on page {told.page} ({told.raw[:60]}), in figures {payable.value}"
    return replace(totals, doubt=totals.doubt or doubt)


def _on(page: PageText) -> Iterator[SpelledOut]:
    pairs = [(token, word) for word in page.words for token, _, _ in spelled(word.text)]
    stream = _Stream([token for token, _ in pairs], [word for _, word in pairs])
    at = 0
    while at < len(stream.tokens):
        announced = longest(introductions(), stream.tokens, at)
        if announced is None:
            at += 1
            continue
        at, languages = announced
        read = (_read(stream, at, language, page.number) for language in sorted(languages))
        found = next((one for one in read if one is not None), None)
        if found is not None:
            yield found


def _read(stream: _Stream, start: int, language: str, page: int) -> SpelledOut | None:
    """Return the sum that begins here, or None where no number with a currency does."""
    known = numerals()[language]
    at = start
    while at < min(start + BEFORE_MAX, len(stream.tokens)) and stream.tokens[at] in known.currency:
        at += 1
    named = at > start
    end, run, glued = _run(stream.tokens, at, language)
    number = number_of(run, language)
    if number is None:
        return None
    behind = len(list(takewhile(known.currency.__contains__, stream.tokens[end : end + WORDS_MAX])))
    cents = _cents(stream, end + behind, language)
    if not (named or behind or glued or cents is not None):
        return None
    printed = {id(word): word.text for word in stream.words[start : end + behind]}
    raw = " ".join(printed.values())
    value = Decimal(number) + Decimal(cents or 0) / HUNDRED
    return SpelledOut(value, cents is not None, raw, page)


def _run(tokens: list[str], start: int, language: str) -> tuple[int, list[str], bool]:
    """Return where the number's words end, the words, and whether the currency is glued to the last."""
    run: list[str] = []
    for at in range(start, min(start + WORDS_MAX, len(tokens))):
        if split(tokens[at], language) is None:
            bare = _without_currency(tokens[at], language)
            return (at + 1, [*run, bare], True) if bare else (at, run, False)
        run.append(tokens[at])
    return start + len(run), run, False


def _without_currency(token: str, language: str) -> str | None:
    """Return the number in `dvěstětřicetkorun`, `hunderteuro`."""
    names = sorted(numerals()[language].currency, key=len, reverse=True)
    cut = [token.removesuffix(name) for name in names if token.endswith(name)]
    return next((bare for bare in cut if bare and split(bare, language) is not None), None)


def _cents(stream: _Stream, start: int, language: str) -> int | None:
    """Return the cents behind the number: `25/100`, `/25`, `25 cents`, `twenty-five cents`; None without any."""
    known, tokens = numerals()[language], stream.tokens
    at = start + len(list(takewhile(known.joins.__contains__, tokens[start : start + BEFORE_MAX])))
    behind = tokens[at : at + WORDS_MAX]
    if behind and _CENTS.fullmatch(behind[0]):
        named = behind[1:2] and (behind[1] == "100" or behind[1] in known.cents)
        return int(behind[0]) if named or f"/{behind[0]}" in stream.words[at].text else None
    told = list(takewhile(lambda token: token not in known.cents, behind))
    number = number_of(told, language) if len(told) < len(behind) else None
    return number if number is not None and number < HUNDRED else None
