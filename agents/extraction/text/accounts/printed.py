"""IBANs wherever they stand on the page: valid ones, and what is called an IBAN and is none."""

import re
from dataclasses import dataclass

from agents.extraction.text.accounts.groups import in_fours, joined
from agents.extraction.text.accounts.iban import is_valid, length_of
from agents.extraction.text.accounts.whose import is_own
from agents.extraction.text.amounts.headings import STACK_HEIGHTS_MAX
from agents.extraction.text.geometry import Word, overlap
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, Line, Placed

_BEGIN = re.compile(r"[(\[]?(?P<start>[A-Z]{2}\d{2}[A-Z0-9.\-]*)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_MASKED = re.compile(r"[*•·]{2,}|[Xx]{4,}")
# More accounts than these are a directory, not an invoice.
ACCOUNTS_MAX = 50
# The shortest IBAN is Norway's.
LENGTH_MIN = 15


@dataclass(frozen=True, slots=True, eq=False)
class Printed(Placed):
    """An account as it stands on the page.

    `valid`: all its check digits hold; `own`: it is the buyer's; `derived`: printed is a domestic number, not the IBAN.
    """

    value: str
    raw: str
    valid: bool
    labelled: bool
    own: bool
    cell: Cell
    words: tuple[Word, ...]
    derived: bool = False


def find_accounts(layout: Layout, labels: Labels) -> tuple[Printed, ...]:
    """Return every IBAN, valid or claimed to be one, in reading order."""
    found: list[Printed] = []
    for line in layout.lines:
        for cell in line.cells:
            for index, word in enumerate(cell.words):
                printed = _at(layout, labels, line, cell, index, word)
                if printed is not None and len(found) < ACCOUNTS_MAX:
                    found.append(printed)
    return tuple(found)


def _at(layout: Layout, labels: Labels, line: Line, cell: Cell, index: int, word: Word) -> Printed | None:
    """Return the account that begins with this word, or None."""
    begin = _BEGIN.match(word.text)
    if begin is None and not (_COUNTRY.fullmatch(word.text) and _next_is_check(cell, index)):
        return None
    length = length_of(word.text[begin.start("start") if begin else 0 :][:2])
    if length is None:
        return None
    labelled = _is_labelled(labels, cell, word)
    value, words = joined(layout, line, cell, index, length)
    valid = len(value) == length and is_valid(value)
    if not valid and not (labelled and len(value) >= LENGTH_MIN) and not (len(value) == length and in_fours(words)):
        return None
    if any(_MASKED.search(near.text) for near in (*words, *cell.words[index:])):
        return None
    raw = " ".join(near.text for near in words)
    return Printed(value, raw, valid, labelled, is_own(layout, labels, cell, words), cell, words)


def _next_is_check(cell: Cell, index: int) -> bool:
    following = cell.words[index + 1].text if index + 1 < len(cell.words) else ""
    return following[:2].isdigit() and following.isalnum()


def _is_labelled(labels: Labels, cell: Cell, word: Word) -> bool:
    """Tell whether the page calls it an IBAN: before it on its line, or right above."""
    before = labels.before(cell.line, word.left + 1)
    if before:
        return "iban" in before[-1].concepts
    above = [label for line in range(max(cell.line - 3, 0), cell.line) for label in labels.on(line)]
    called = [label for label in above if "iban" in label.concepts]
    broken = cell.words[0] is word and bool(called) and called[-1] is above[-1] and _ends_cell(called[-1])
    return broken or any(_is_over(label, cell) for label in called)


def _ends_cell(label: Label) -> bool:
    """Tell whether a sentence breaks behind the word IBAN; the account begins its next line."""
    return label.end >= len(label.cell.text) - 2


def _is_over(label: Label, cell: Cell) -> bool:
    """Tell whether a label stands right above a cell, as over the box of a form."""
    beside = label.cell.page != cell.page or overlap(label.left, label.right, cell.left, cell.right) <= 0
    return not beside and cell.top - label.cell.bottom <= STACK_HEIGHTS_MAX * cell.height
