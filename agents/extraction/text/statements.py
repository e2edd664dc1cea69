"""Sentences that decide whether money is to be sent: direct debit, card, already paid, new account, factor."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from agents.extraction.text.beside import beside
from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Labels, spelled
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import STOP, lexicon, longest
from agents.extraction.text.pages import PageText

# A condition this many words before a phrase makes it an offer: `if you pay by direct debit`.
GUARD_WORDS = 10
# `is to be paid`, `muss bezahlt werden`: words this close before a phrase turn it around.
PAID_GUARD_WORDS = 3
# `Paid` in a longer sentence is about something else.
PAID_CELL_WORDS_MAX = 9
PAID_SENTENCE_WORDS_MIN = 3
METHOD_WORDS_MAX = 8
# A negation belongs to these phrases, and turns nothing around.
UNCONDITIONAL = frozenset({"not_an_invoice", "reminder"})
_ENDS = re.compile(r"[.!?;:•](?:\W*)$")


def tells_paid(pages: Iterable[PageText]) -> bool:
    """Tell whether a sentence says that the invoice is paid: at some length, or short and without any number in it.

    `Paid on 1 March: 50.00` is about a part of it.
    """
    pattern = lexicon().phrases["paid"]
    for page in pages:
        for sentence in " ".join(_stream(page.words)).split(STOP):
            match = pattern.search(sentence)
            if match is None or not _unguarded(pattern, sentence):
                continue
            short = sentence.count(" ") <= PAID_CELL_WORDS_MAX and not any(map(str.isdigit, sentence))
            if short or match.group().count(" ") + 1 >= PAID_SENTENCE_WORDS_MIN:
                return True
    return False


def spoken(pages: Iterable[PageText], rules: Iterable[str]) -> frozenset[str]:
    """Return which rules of the lexicon the running text states, conditions and offers left out."""
    found: set[str] = set()
    for page in pages:
        stream = " ".join(_stream(page.words))
        found.update(rule for rule in rules if rule not in found and _states(rule, stream))
    return frozenset(found)


def says_paid(layout: Layout, sums: set[int]) -> bool:
    """Tell whether a line says that the invoice is paid. Lines that hold sums (`sums`) are rows of the totals."""
    phrases = lexicon().phrases
    for line in layout.lines:
        if line.index in sums:
            continue
        for cell in line.cells:
            text = " ".join(token for word in cell.words for token, _, _ in spelled(word.text))
            if len(cell.words) <= PAID_CELL_WORDS_MAX and _unguarded(phrases["paid"], text):
                return True
            if len(line.cells) == 1 and phrases["paid_stamp"].fullmatch(text):
                return True
    return False


def payment_methods(layout: Layout, labels: Labels) -> dict[str, Cell]:
    """Return the ways to pay that a label for them names (transfer, direct_debit, card, cash, cheque) and where."""
    found: dict[str, Cell] = {}
    for label in labels.every():
        if "payment_method" not in label.concepts:
            continue
        for place in beside(layout, labels, label):
            said = dict.fromkeys(_methods(place.cell, place.start), place.cell)
            if said:
                found = said | found
                break
    return found


def _methods(cell: Cell, start: int) -> Iterator[str]:
    words = [token for word in cell.text[start:].split()[:METHOD_WORDS_MAX] for token, _, _ in spelled(word)]
    at = 0
    while at < len(words):
        found = longest(lexicon().methods, words, at)
        if found is None:
            at += 1
            continue
        at, kinds = found
        yield from kinds


def _stream(words: tuple[Word, ...]) -> Iterator[str]:
    """Yield the tokens of a page in the order of the file, with a mark at the end of each sentence."""
    for word, following in pairwise((*words, Word("", 0, 0, 0, 0))):
        yield from (token for token, _, _ in spelled(word.text))
        leaps = abs(following.top - word.top) > 3 * word.height
        if leaps or (_ENDS.search(word.text) and len(word.text) > 3):
            yield STOP


def _states(rule: str, stream: str) -> bool:
    guards = lexicon().guards
    for match in lexicon().phrases[rule].finditer(stream):
        sentence = stream[: match.start()].rpartition(STOP)[2].split()
        if rule in UNCONDITIONAL or not guards.intersection(sentence[-GUARD_WORDS:]):
            return True
    return False


def _unguarded(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.search(text)
    if match is None:
        return False
    before = text[: match.start()].split()
    if lexicon().paid_guards.intersection(before[-PAID_GUARD_WORDS:]):
        return False
    return not lexicon().guards.intersection(before[-GUARD_WORDS:])
