"""Whose account it is: the buyer's own, named as such or in a sentence about collecting from it, is never paid to."""

import re

from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import lexicon, tokens
from agents.extraction.text.statements import says

# Lines of one paragraph begin within this many points of each other.
PARAGRAPH_POINTS = 40.0
# `To`, `An`, `De` name no buyer.
HEADING_LETTERS_MIN = 4
_SENTENCE_END = re.compile(r"(?<=\w{3}[.!?])\s")


def is_own(layout: Layout, labels: Labels, cell: Cell, words: tuple[Word, ...]) -> bool:
    """Tell whether it is the buyer's own account: called so, or in a sentence about collecting from it."""
    left = words[0].left if words else cell.left
    before = labels.before(cell.line, left + 1)
    if any("own_account" in label.concepts for label in before[-2:]) or _is_buyers(before):
        return True
    if names_buyer(labels, cell):
        return True
    paragraph = _paragraph(layout, cell)
    return says("direct_debit", _folded(paragraph)) or _is_debited(paragraph, words)


def _is_debited(paragraph: str, words: tuple[Word, ...]) -> bool:
    """Tell whether the account's own sentence is about collecting: then no condition in it makes it the seller's."""
    begins = words[0].text if words else ""
    sentence = next((one for one in _SENTENCE_END.split(paragraph) if begins and begins in one), "")
    return lexicon().every["direct_debit"].is_in(_folded(sentence))


def _is_buyers(before: list[Label]) -> bool:
    """Tell whether the label says whose IBAN it is: Käufer-IBAN."""
    if len(before) < 2 or before[-1].cell is not before[-2].cell or "buyer" not in before[-2].concepts:
        return False
    named = before[-2].cell.text[before[-2].start : before[-2].end]
    if len(named) < HEADING_LETTERS_MIN or (before[-2].start > 0 and named.islower()):
        return False  # `transfer to account`, `betalas till IBAN`
    return before[-1].start - before[-2].end <= 1


def names_buyer(labels: Labels, cell: Cell) -> bool:
    """Tell whether the cell is about the buyer from its start: `Bill to: Smith Ltd, IBAN GB33...`."""
    return any(
        label.cell is cell and label.start <= 1 and "buyer" in label.concepts and "account_holder" not in label.concepts
        and cell.text[label.end : label.end + 2].strip().startswith(":")
        for label in labels.on(cell.line)
    )  # fmt: skip


def _paragraph(layout: Layout, cell: Cell) -> str:
    """Return the text of the cell and of those right above and below it in its column."""
    near: list[Cell] = []
    for line in layout.lines[max(cell.line - 2, 0) : cell.line + 3]:
        if line.page == cell.page:
            near.extend(other for other in line.cells if _same_paragraph(cell, other))
    return " ".join(other.text for other in near)


def _folded(text: str) -> str:
    return " ".join(tokens(text))


def _same_paragraph(cell: Cell, other: Cell) -> bool:
    gap = max(other.top - cell.bottom, cell.top - other.bottom)
    return other is cell or (
        gap < 0.8 * cell.height and abs(other.left - cell.left) < PARAGRAPH_POINTS and len(other.words) > 2
    )
