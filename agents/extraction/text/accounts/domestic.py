"""Account numbers as countries print them without an IBAN: those that can be made into one, and those that cannot.

An IBAN is derived only where the number's own check digits hold, and is marked as derived (docs/decisions/0020).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from agents.extraction.text.accounts.schemes import SCHEMES
from agents.extraction.text.geometry import Word
from agents.extraction.text.layout import Cell, Layout, Line, Placed
from agents.extraction.text.lexicon import fold

# More account numbers than these are a list of banks.
DOMESTIC_MAX = 50


@dataclass(frozen=True, slots=True, eq=False)
class Domestic(Placed):
    """A domestic account: `value` is its IBAN where it has one, else the number as banks of the country write it."""

    value: str
    raw: str
    scheme: str
    derived: bool
    cell: Cell
    words: tuple[Word, ...]


def domestic_accounts(layout: Layout) -> Iterator[Domestic]:
    """Yield the domestic accounts, page by page."""
    for number in layout.sizes:
        page = _PageLines(layout.page_lines(number))
        for scheme in SCHEMES:
            for match in islice(scheme.pattern.finditer(page.text), DOMESTIC_MAX):
                value = scheme.meaning(match)
                if value is not None:
                    cell, words = page.place(match)
                    raw = " ".join(word.text for word in words)
                    yield Domestic(value, raw, scheme.name, scheme.derived, cell, words)


class _PageLines:
    """The lines of a page as one folded text, a newline at the end of each, in which words are found again."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._starts: list[int] = []
        self._places: list[tuple[Cell, Word]] = []
        pieces: list[str] = []
        length = 0
        for line in lines:
            for cell in line.cells:
                for word in cell.words:
                    self._starts.append(length)
                    self._places.append((cell, word))
                    pieces.append(fold(word.text) + " ")
                    length += len(pieces[-1])
            pieces.append("\n")
            length += 1
        self.text = "".join(pieces)

    def place(self, match: re.Match[str]) -> tuple[Cell, tuple[Word, ...]]:
        """Return the cell in which the number begins, and its words."""
        first, last = (bisect_right(self._starts, at) - 1 for at in (match.start("first"), match.end() - 1))
        return self._places[first][0], tuple(word for _, word in self._places[first : last + 1])
