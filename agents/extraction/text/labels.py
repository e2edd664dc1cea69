"""Where the page names what stands beside: every phrase of the lexicon, with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from agents.extraction.text.currencies import is_currency_word
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import Tree, compound_title, fold, lexicon, longest

BARRIER = "\0"  # a number: no phrase reaches across it
_TOKEN = re.compile(r"[^\W_]+|#")
GENITIVE_OF_INVOICE = "laskun"
_RATE = re.compile(r"\(?[+-]?\d{1,3}(?:[.,]\d{1,4})?\s?%\)?[:.]?$")
_CODE = re.compile(r"\(\d{2,4}\)$")  # Rechnung (380) Nr. 4711: a code list's own number
_BARE_RATE = re.compile(r"\(?\d{1,3}(?:[.,]\d{1,4})?$")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A phrase that names things. `start` and `end` count characters of the cell's text."""

    concepts: frozenset[str]
    cell: Cell
    start: int
    end: int
    left: float
    right: float
    words: int  # how many tokens long; a longer phrase says more

    @property
    def line(self) -> int:
        """Return the index of its line."""
        return self.cell.line


class Labels:
    """All labels of a document, by line and by place."""

    def __init__(self, layout: Layout, tree: Tree | None = None) -> None:
        """Find them all; `tree` are the phrases that name things, where they are others than the lexicon's."""
        known = lexicon().tree if tree is None else tree
        self._by_line = {
            line.index: [label for cell in line.cells for label in _in_cell(cell, known)] for line in layout.lines
        }

    def on(self, line: int) -> list[Label]:
        """Return the labels of a line from left to right."""
        return self._by_line.get(line, [])

    def every(self) -> Iterator[Label]:
        """Yield all labels in reading order."""
        for labels in self._by_line.values():
            yield from labels

    def before(self, line: int, left: float, after: float = float("-inf")) -> list[Label]:
        """Return the labels of a line that end before `left` and begin after `after`, left to right."""
        return [label for label in self.on(line) if label.right <= left + 1 and label.left >= after - 1]


@cache
def spelled(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return the folded tokens of a word with their place in it."""
    return tuple((fold(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text))


def _in_cell(cell: Cell, tree: Tree) -> Iterator[Label]:
    """Yield the labels of a cell: longest first from the left, none inside another."""
    stream = list(_stream(cell))
    words = [token for token, _, _ in stream]
    at = 0
    while at < len(words):
        found = longest(tree, words, at)
        if found is None and (compound_title(words[at]) or _owns_number(words, at)):
            found = _compound(words, at)
        if found is None:
            at += 1
            continue
        end, concepts = found
        if _is_preposition(cell, stream, end):
            at += 1
            continue
        yield _label(cell, stream, at, end, concepts)
        at = end


def _is_preposition(cell: Cell, stream: list[tuple[str, int, int]], end: int) -> bool:
    """Tell whether a French phrase ends in `du` that goes on: `montant dû` is asked for, `montant du marché` is not."""
    last, start, stop = stream[end - 1]
    goes_on = end < len(stream) and stream[end][0] not in (BARRIER, "le") and stream[end][0].isalpha()
    return last == "du" and goes_on and cell.text[start:stop].casefold() == "du"


def _owns_number(words: list[str], at: int) -> bool:
    """Tell whether a Finnish compound in the genitive has a number: `Hyvityslaskun nro`, `Vuokralaskun numero`."""
    return words[at].endswith(GENITIVE_OF_INVOICE) and at + 1 < len(words) and words[at + 1] in lexicon().marks


def _compound(words: list[str], at: int) -> tuple[int, frozenset[str]]:
    """Return what a compound like Mietrechnung labels: the number, where a mark for it follows."""
    if at + 1 < len(words) and words[at + 1] in lexicon().marks:
        return at + 2, frozenset({"invoice_number"})
    return at + 1, frozenset({"invoice_word"})


def _label(cell: Cell, stream: list[tuple[str, int, int]], at: int, end: int, concepts: frozenset[str]) -> Label:
    start, stop = stream[at][1], stream[end - 1][2]
    span = cell.span(start, stop)
    return Label(concepts, cell, start, stop, span[0].left, span[-1].right, end - at)


def _stream(cell: Cell) -> Iterator[tuple[str, int, int]]:
    """Yield tokens with their place in the cell's text; rates and currencies are left out, numbers are barriers."""
    for index, word in enumerate(cell.words):
        following = cell.words[index + 1].text if index + 1 < len(cell.words) else ""
        if (
            _CODE.match(word.text)
            or _RATE.match(word.text)
            or (following.startswith("%") and _BARE_RATE.match(word.text))
        ):
            continue
        if is_currency_word(word.text):
            continue
        start = cell.starts[index]
        for token, begin, end in spelled(word.text):
            yield (BARRIER if token[0].isdigit() else token), start + begin, start + end
