"""What the page calls a sum: the words before it on its line, or in its sentence, and a label right behind it."""

from collections.abc import Iterable

from agents.extraction.text.amounts.headings import concepts_of
from agents.extraction.text.amounts.printed import Sum
from agents.extraction.text.currencies import is_currency_word
from agents.extraction.text.dates import holds_date
from agents.extraction.text.labels import Label, Labels, spelled
from agents.extraction.text.lexicon import MONEY

# Words of a row's name that no label explains: one may be an adjective, more make it the total of something.
UNEXPLAINED_MAX = 1
SMALL_WORD_LETTERS = 3
# In a sentence a sum belongs to the words right before it: `the amount of`, `den Betrag von`.
PROSE_REACH = 14
# What a sentence asks for only then, or besides: `if paid by 1 May 98.00`, `then 15.00 of costs are to be paid`.
_ON_CONDITION = frozenset({"cash_discount", "charge", "ignore_amount"})
# `120,00 € TTC`: a label behind a sum belongs to it when it follows within this many characters.
BEHIND_CHARACTERS_MAX = 3


def groups(row: Iterable[Sum], labels: Labels) -> list[tuple[list[Label], list[Sum]]]:
    """Return the sums that share a name, with its labels: `Total 100 20 120` is one group, `Net 100 VAT 20` two."""
    together: list[tuple[list[Label], list[Sum]]] = []
    edge = float("-inf")
    for found in row:
        own = _own(found, labels, edge)
        if own or not together:
            together.append((own, []))
        together[-1][1].append(found)
        edge = found.right
    return together


def _own(found: Sum, labels: Labels, edge: float) -> list[Label]:
    """Return the labels that name a sum: those of the nearest cell to its left that speaks of money at all."""
    before = labels.before(found.cell.line, found.left, edge)
    conditions = [one for one in before if one.cell is found.cell and one.concepts & _ON_CONDITION]
    if found.is_prose and conditions:
        return conditions
    if found.is_prose:
        start = found.cell.starts[found.cell.word_at(found.cell.text.find(found.raw))]
        return [label for label in before[-1:] if label.cell is found.cell and start - label.end <= PROSE_REACH]
    for label in reversed(before):
        same = [other for other in before if other.cell is label.cell]
        if concepts_of(same) & MONEY:
            return same
    return []


def concepts_for(found: Sum, own: list[Label], labels: Labels) -> frozenset[str]:
    """Return what a sum is called, by its own labels and the one right behind it; a condition in a sentence is all."""
    named = concepts_of(own)
    return named if found.is_prose and named & _ON_CONDITION else named | concepts_of(_behind(found, labels))


def _behind(found: Sum, labels: Labels) -> list[Label]:
    end = found.cell.text.find(found.raw) + len(found.raw)
    near = [label for label in labels.on(found.cell.line) if label.cell is found.cell]
    return [label for label in near if 0 <= label.start - end <= BEHIND_CHARACTERS_MAX][:1]


def is_pure(own: list[Label], found: Sum) -> bool:
    """Tell whether the labels explain the cells that they stand in, up to the sum; no labels leave nothing open."""
    if not own:
        return True
    covered = sum(label.words for label in own)
    words = [word for word in own[0].cell.words if word.right <= found.left + 1 and not is_currency_word(word.text)]
    spoken = [token for word in words for token, _, _ in spelled(word.text) if not token[0].isdigit()]
    small = sum(1 for token in spoken if len(token) <= SMALL_WORD_LETTERS)
    return len(spoken) - covered <= UNEXPLAINED_MAX + small // 2


def is_dated(found: Sum, labels: Labels) -> bool:
    """Tell whether the words say by which day this sum is to be paid, and speak of no discount."""
    said = concepts_of(labels.before(found.cell.line, found.left))
    return "due_date" in said and not said & {"cash_discount", "discount"} and holds_date(found.cell.text)
