"""What kind of document it is, from its largest words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from agents.extraction.text.labels import BARRIER, Label, Labels, spelled
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import compound_title, lexicon, longest

# A colon that is not the last of the cell, behind words alone.
_COLON = re.compile(r"[^:\d]+:")
# Two small letters or more, a blank, and then the word for invoice: `notre facture`, `aus Rechnung`.
_SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,} $")
# Print this much larger than the text is a heading.
HEADING_RATIO = 1.15
# Two headings whose sizes differ by less are of one rank.
SAME_SIZE_RATIO = 0.9
# A heading is short: this many words besides the title itself.
EXTRA_WORDS_MAX = 2
TITLE_CELL_WORDS_MAX = 8
# Titles stand on the first pages.
PAGES_MAX = 2
# Where two headings of one rank disagree, the one by which less money moves decides; a plain `Order` beside
# `Invoice` is the order that it refers to.
_OUTRANK_INVOICE = ("credit_note", "proforma", "reminder")
# `Subject: payment reminder for invoice 4711` heads a letter.
_SUBJECT = frozenset({
    "objet", "concerne", "betreff", "betrifft", "betr", "betreft", "subject", "re", "asunto", "oggetto", "assunto",
    "dotyczy", "asia", "aihe", "arende", "angaende", "vedr", "vedrorende", "emne", "vec", "predmet",
})  # fmt: skip
_SPECIMEN = frozenset({
    "exemple", "specimen", "example", "sample", "beispiel", "muster", "voorbeeld", "ejemplo", "esempio", "exemplo",
    "przyklad", "wzor", "esimerkki", "malli", "exempel", "eksempel", "priklad", "vzor",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """A heading that says what the document is. `pure` headings say nothing else, but perhaps a number.

    A `tail` stands behind other words, as a company's name may run into the heading to its right. An invoice is only
    `mentioned` where sentences alone speak of it: `our invoice 4711 is still open`.
    """

    kind: str
    cell: Cell
    pure: bool
    tail: bool = False
    mentioned: bool = False


def document_title(layout: Layout, labels: Labels) -> Title | None:
    """Return what the headings state, an invoice where only labels speak of one, or None where nothing does."""
    titles = [title for cell in layout.cells() if cell.page <= PAGES_MAX for title in _titles(cell)]
    usual = median([word.height for cell in layout.cells() for word in cell.words] or [1.0])
    taken_back = [title for title in titles if title.kind in _OUTRANK_INVOICE and title.pure and _stands_out(title)]
    if taken_back:
        return taken_back[0]
    large = [title for title in titles if (title.pure or title.tail) and title.cell.height >= HEADING_RATIO * usual]
    if large:
        size = max(title.cell.height for title in large)
        return _decide([title for title in large if title.cell.height >= SAME_SIZE_RATIO * size])
    stating = [t for t in titles if t.kind in ("invoice", "credit_note") or (t.pure and _stands_out(t))]
    spoken = {"invoice_number", "invoice_word"}
    stating += [
        Title("invoice", label.cell, pure=False, mentioned=_is_mentioned(label))
        for label in labels.every()
        if spoken & label.concepts
    ]
    return min(stating, key=lambda title: (title.mentioned, title.cell.line, title.kind == "invoice"), default=None)


def _is_mentioned(label: Label) -> bool:
    """Tell whether a word for invoice stands in a sentence: behind a small word, or small itself at a line's start."""
    before = label.cell.text[: label.start]
    if not before.strip():
        return label.cell.text[label.start : label.start + 1].islower() and len(label.cell.words) > TITLE_CELL_WORDS_MAX
    return (found := _SMALL_WORD.search(before)) is not None and found.group().strip().islower()


def specimen_pages(layout: Layout) -> frozenset[int]:
    """Return the pages, never the first, that a large heading marks as an example of a bill."""
    usual = median([word.height for cell in layout.cells() for word in cell.words] or [1.0])
    marked = {cell.page for cell in layout.cells() if cell.height >= HEADING_RATIO * usual and _is_specimen(cell)}
    return frozenset(marked - {1})


def _is_specimen(cell: Cell) -> bool:
    return len(cell.words) == 1 and re.sub(r"\W", "", cell.text.casefold()) in _SPECIMEN


def _stands_out(title: Title) -> bool:
    """Tell whether a small title still stands as one: alone, near the top of the first page."""
    return title.cell.page == 1 and title.cell.line < 12


def _decide(titles: list[Title]) -> Title:
    for kind in (*_OUTRANK_INVOICE, "invoice"):
        for title in titles:
            if title.kind == kind:
                return title
    return titles[0]


def _one(kinds: frozenset[str]) -> str:
    """Return the kind that a phrase means; in two languages it may mean two."""
    return next((kind for kind in (*_OUTRANK_INVOICE, "invoice") if kind in kinds), min(kinds))


def _titles(cell: Cell) -> Iterator[Title]:
    """Yield the title that a short cell begins or ends with."""
    if len(cell.words) > TITLE_CELL_WORDS_MAX:
        return
    if cell.text.rstrip().endswith(":"):
        return  # `Order:` names what stands beside it
    words = [token for word in cell.words for token, _, _ in spelled(word.text)]
    numbers = [BARRIER if token[0].isdigit() else token for token in words]
    if words and words[0] in _SUBJECT:
        found = _at(numbers, 1)
        if found is not None and _one(found[1]) != "invoice":
            yield Title(_one(found[1]), cell, pure=True)
        return
    found = _at(numbers, 0)
    if found is not None:
        end, kinds = found
        kinds = kinds | _outranking(numbers, end)
        rest = [token for token in numbers[end:] if token != BARRIER]
        if _one(kinds) != "invoice" and _COLON.match(cell.text):
            return  # `Order: PO-4711` names an order, and is none
        yield Title(_one(kinds), cell, pure=len(rest) <= EXTRA_WORDS_MAX)
        return
    for start in range(1, len(numbers)):
        found = _at(numbers, start)
        if found is not None and found[0] == len(numbers):
            yield Title(_one(found[1]), cell, pure=start <= EXTRA_WORDS_MAX, tail=True)
            return


def _outranking(words: list[str], start: int) -> frozenset[str]:
    """Return what a title goes on to say that takes the payment back: `Invoice - Pro forma`."""
    found = [_at(words, at) for at in range(start, len(words))]
    return frozenset(kind for one in found if one for kind in one[1] if kind in _OUTRANK_INVOICE)


def _at(words: list[str], start: int) -> tuple[int, frozenset[str]] | None:
    found = longest(lexicon().titles, words, start)
    if found is None and start < len(words) and compound_title(words[start]):
        return start + 1, frozenset({"invoice"})
    return found
