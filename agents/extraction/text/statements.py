"""Sentences that decide whether money is to be sent: direct debit, card, already paid, new account, factor."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from agents.extraction.text import together
from agents.extraction.text.beside import beside
from agents.extraction.text.currencies import is_currency_word
from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Labels, spelled
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import LANGUAGES, STOP, Saying, languages_of, lexicon, longest
from agents.extraction.text.pages import PAGES_READ_MAX, PageText

# A condition this many words before a phrase makes it an offer: `if you pay by direct debit`.
GUARD_WORDS = 10
# `is to be paid`, `muss bezahlt werden`: words this close before a phrase turn it around.
PAID_GUARD_WORDS = 3
# `Paid` in a longer sentence is about something else.
PAID_CELL_WORDS_MAX = 9
PAID_SENTENCE_WORDS_MIN = 3
METHOD_WORDS_MAX = 8
# A sum this many words behind `paid` is what was paid.
SUM_WORDS = 6
# A negation belongs to these phrases, and turns nothing around.
UNCONDITIONAL = frozenset({"not_an_invoice", "reminder", "cancelled", "on_hold"})
# Single words, which mean other things in other languages: a payee is paid in English and a bill is in French.
OF_ONE_LANGUAGE = frozenset({"debit_hint", "paid_hint"})
# `We will never change our bank details by e-mail`: a warning of fraud, and the account is what it was.
_NEVER = frozenset({
    "never", "jamais", "nie", "niemals", "nooit", "nunca", "mai", "nigdy", "koskaan", "aldrig", "nikdy",
})  # fmt: skip
_ENDS = re.compile(r"[.!?;:•](?:\W*)$")
_MONEY = re.compile(r"\W*\d[\d.,'’]*[.,](?:\d{2}|-{1,2}|–|—)\W*$")
# Whose last digits alone are shown has been charged: **** 4242, Visa ending in 4242; brands are the same everywhere.
_MASKED_CARD = re.compile(
    r"(?:[*•]{3,}|(?<!\w)[xX]{4})[ -]?\d{3,4}(?!\d)"
    r"|(?i:\b(?:visa|mastercard|maestro|amex|american express|diners club|dankort|girocard|bancontact)\b)"
    r"(?:[ -]+[^\W\d]+){0,5}[ :-]*[(.…*•xX-]*\d{4}\b(?![.,/-]\d)"
)
# A gap that no sentence has, in heights of the print: between the name of a sum and the sum.
ROW_GAP_HEIGHTS = 3.0
# So short a word with a full stop is an abbreviation.
ABBREVIATED_MAX = 3
MARKS = frozenset(":;!?")
# In a page that is written as it is read, more words than this part follow each other along a line.
FOLLOWING_SHARE_MIN = 0.5
SUM = "#"  # begins the token of a sum in a stream; its digits follow


def tells_paid(pages: Iterable[PageText]) -> bool:
    """Tell whether a sentence says that the invoice is paid: at some length, or short and without any sum.

    `Paid on 1 March: 50.00` is about a part of it.
    """
    for stream in _streams(pages):
        sentences = stream.split(STOP)
        for sentence, later in zip(sentences, [*(one.strip() for one in sentences[1:]), ""], strict=True):
            short = sentence.count(" ") <= PAID_CELL_WORDS_MAX and SUM not in sentence and not later.startswith(SUM)
            for match in _stated("paid", sentence):
                if short or match.group().count(" ") + 1 >= PAID_SENTENCE_WORDS_MIN:
                    return True
    return False


def spoken(pages: Iterable[PageText], rules: Iterable[str]) -> frozenset[str]:
    """Return which rules of the lexicon the running text states, conditions and offers left out."""
    found: set[str] = set()
    for page in pages:
        if _MASKED_CARD.search(" ".join(word.text for word in page.words)):
            found.add("debit_hint")
    for stream in _streams(pages):
        found.update(rule for rule in rules if rule not in found and _is_said(rule, stream))
    return frozenset(found)


def _is_said(rule: str, stream: str) -> bool:
    return says(rule, stream) or (rule in together.RULES and together.told(rule, stream))


def hints_paid(pages: Iterable[PageText], asked: Decimal | None) -> bool:
    """Tell whether a sentence has a word for `paid` that no condition explains, and that is not about a part.

    A sum behind it is a part, unless it is all that is `asked`.
    """
    whole = SUM + _digits(f"{asked:.2f}") if asked else None
    for stream in _streams(pages):
        for match in _stated("paid_hint", stream):
            behind = [word for word in stream[match.end() :].split() if not _is_currency(word)][:SUM_WORDS]
            sums = [word for word in behind if word.startswith(SUM)]
            if not sums or sums[0] == whole:
                return True
    return False


def _is_currency(token: str) -> bool:
    return is_currency_word(token) or is_currency_word(token.upper())


def says_paid(layout: Layout, sums: set[int]) -> bool:
    """Tell whether a line says that the invoice is paid. Lines that hold sums (`sums`) are rows of the totals."""
    stamps = lexicon().phrases["paid_stamp"]
    for line in layout.lines:
        if line.index in sums:
            continue
        for cell in line.cells:
            text = " ".join(token for word in cell.words for token, _, _ in spelled(word.text))
            if len(cell.words) <= PAID_CELL_WORDS_MAX and any(True for _ in _stated("paid", text)):
                return True
            if len(line.cells) == 1 and any(stamp.pattern.fullmatch(text) for stamp in stamps):
                return True
    return False


def stamped(layout: Layout) -> frozenset[str]:
    """Return `on_hold` where a cell says nothing else than that the paper is a draft, or for information.

    Beside others it does so in capitals and with nothing behind it: `Projekt` may be the name of what stands there.
    """
    stamps = lexicon().phrases["draft_stamp"]
    ends = ((line.cells[-1], len(line.cells) == 1) for line in layout.lines)
    for cell, is_alone in ends:
        text = " ".join(token for word in cell.words for token, _, _ in spelled(word.text))
        if (is_alone or cell.text.isupper()) and any(stamp.pattern.fullmatch(text) for stamp in stamps):
            return frozenset({"on_hold"})
    return frozenset()


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


def _streams(pages: Iterable[PageText]) -> Iterator[str]:
    """Yield what the pages say."""
    for page in pages:
        yield from _streams_of(page.words)


@lru_cache(PAGES_READ_MAX)  # each page is listened to three times
def _streams_of(words: tuple[Word, ...]) -> tuple[str, ...]:
    """Return the tokens of a page in the order of the file and, where that jumps about, line by line as well."""
    orders = (words, _line_by_line(words)) if _jumps_about(words) else (words,)
    return tuple(" ".join(_stream(order)) for order in orders)


def _jumps_about(words: tuple[Word, ...]) -> bool:
    """Tell whether most words do not follow the one before them to the right: no sentence is in order then."""
    following = sum(
        1 for one, other in pairwise(words)
        if abs(other.middle - one.middle) < one.height / 2 and other.left >= one.right - 1
    )  # fmt: skip
    return following < FOLLOWING_SHARE_MIN * len(words)


def _line_by_line(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words from the top down, and from left to right where they stand on one foot."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.middle):
        if lines and abs(word.middle - lines[-1][0].middle) < word.height / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(word for line in lines for word in sorted(line, key=lambda one: one.left))


def _stream(words: tuple[Word, ...]) -> Iterator[str]:
    """Yield the tokens of a page in the order of the file, with a mark at the end of each sentence.

    A sum that stands apart from its name and ends its line is the end of a row, and what comes below is said anew.
    """
    in_row = ends_in_sum = False
    for word, following in pairwise((*words, Word("", 0, 0, 0, 0))):
        is_sum = _MONEY.match(word.text) is not None
        ends_in_sum = is_sum or (ends_in_sum and is_currency_word(word.text))
        if is_sum:
            yield SUM + _digits(word.text)
        else:
            yield from (token for token, _, _ in spelled(word.text))
        same_line = abs(following.middle - word.middle) < word.height / 2
        leaps = abs(following.top - word.top) > 3 * word.height
        if leaps or _ends_sentence(word.text) or (in_row and ends_in_sum and not same_line):
            yield STOP
        in_row = same_line and (in_row or following.left - word.right > ROW_GAP_HEIGHTS * word.height)


def _ends_sentence(printed: str) -> bool:
    """Tell whether a word ends one: an abbreviation does not, and in French the mark stands a blank behind the word."""
    return _ENDS.search(printed) is not None and (len(printed) > ABBREVIATED_MAX or printed in MARKS)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def says(rule: str, text: str) -> bool:
    """Tell whether folded words state a rule of the lexicon, and no condition or offer."""
    return any(True for _ in _stated(rule, text))


def _stated(rule: str, text: str) -> Iterator[re.Match[str]]:
    """Yield where a rule's phrases stand unguarded: what languages say alike, the guards of each may take back."""
    if rule not in lexicon().every or not lexicon().every[rule].is_in(text):
        return
    found: dict[int, list[tuple[re.Match[str], Saying]]] = {}
    spoken = languages_of(text.split()) if rule in OF_ONE_LANGUAGE else frozenset(LANGUAGES)
    for saying in lexicon().phrases.get(rule, ()):
        if saying.language not in spoken:
            continue
        for match in saying.pattern.finditer(text):
            found.setdefault(match.start(), []).append((match, saying))
    for said in found.values():
        if rule in UNCONDITIONAL or not any(_is_guarded(rule, match, saying, text) for match, saying in said):
            yield said[0][0]


def _is_guarded(rule: str, match: re.Match[str], saying: Saying, text: str) -> bool:
    before = text[: match.start()].rpartition(STOP)[2].split()
    if saying.guards.search(" ".join(before[-GUARD_WORDS:])):
        return True
    if rule == "account_change" and not _NEVER.isdisjoint(before[-GUARD_WORDS:]):
        return True
    return rule.startswith("paid") and bool(saying.paid_guards.search(" ".join(before[-PAID_GUARD_WORDS:])))
