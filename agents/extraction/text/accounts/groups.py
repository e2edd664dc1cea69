"""The groups that an IBAN is printed in: along its line, or on in the line below."""

import re
from collections.abc import Iterable

from agents.extraction.text.accounts.iban import is_valid
from agents.extraction.text.geometry import Word, overlap
from agents.extraction.text.layout import Cell, Layout, Line

# A second line of an IBAN begins near the first one, within this many points.
CONTINUATION_POINTS = 40.0
_GROUP = re.compile(r"[A-Z0-9][A-Z0-9.\-]*[,;.)\]]*")


def joined(layout: Layout, line: Line, cell: Cell, index: int, length: int) -> tuple[str, tuple[Word, ...]]:
    """Return the characters and their words: along the line, or on into the line below where only that is valid."""
    along = [word for later in line.cells[line.cells.index(cell) + 1 :] for word in later.words]
    readings = [_collect(cell.words[index:], more, length) for more in (along, _below(layout, line, cell, index), [])]
    return next((r for r in readings if len(r[0]) == length and is_valid(r[0])), readings[0])


def _below(layout: Layout, line: Line, cell: Cell, index: int) -> list[Word]:
    """Return the words at the start of the line below that may go on an IBAN."""
    for below in layout.lines[line.index + 1 : line.index + 4]:
        for candidate in below.cells:
            near = candidate.left - CONTINUATION_POINTS < cell.words[index].left
            if below.page == line.page and near and overlap(candidate.left, candidate.right, cell.left, cell.right) > 0:
                return list(candidate.words)
    return []


def _collect(words: Iterable[Word], more: Iterable[Word], length: int) -> tuple[str, tuple[Word, ...]]:
    """Return the characters up to the length and their words; more characters than fit mean that it is no IBAN."""
    value, used = "", []
    for word in (*words, *more):
        if not _GROUP.fullmatch(word.text.lstrip("([")):
            break
        value += re.sub(r"[^A-Z0-9]", "", word.text)
        used.append(word)
        if len(value) >= length:
            break
    return value, tuple(used)


def in_fours(words: Iterable[Word]) -> bool:
    """Tell whether words are printed in fours, as IBANs are and few other numbers."""
    texts = [word.text for word in words]
    return len(texts) > 3 and all(len(text) == 4 for text in texts[:-1])
