"""Where the number of a label may stand; a mere title has it in fewer places than a label that names it."""

from collections.abc import Iterator

from agents.extraction.text.beside import Beside, beside
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Layout
from agents.extraction.text.lexicon import lexicon, tokens
from agents.extraction.text.numbers.number import TITLE
from agents.extraction.text.numbers.writing import is_money

# A number beside a title that nothing names is no page, year or clause: it has this many digits.
ALONE_DIGITS_MIN = 5


def places(layout: Layout, labels: Labels, label: Label, strength: float) -> Iterator[Beside]:
    """Yield where the number may stand; a mere title (`Invoice 4711`) has it right behind, or below as `# 4711`."""
    for place in beside(layout, labels, label):
        if place.direction == "right" and lexicon().marks.issuperset(tokens(place.cell.text)):
            yield from _beyond(layout, place)
        elif strength != TITLE or _is_titles(labels, label, place):
            yield place
    cells = layout.lines[label.line].cells
    if strength == TITLE and len(cells) == 2 and cells[0] is label.cell:
        across = Beside(cells[1].text, cells[1], 0, "right")
        if _is_alone(across, label):
            yield across


def _begins_with_mark(place: Beside) -> bool:
    said = tokens(place.cell.text)
    return bool(said) and said[0] in lexicon().marks


def _is_titles(labels: Labels, label: Label, place: Beside) -> bool:
    """Tell whether what stands there is the number of a mere title."""
    below = place.direction == "below" and _heads_a_column(labels, label)
    return below or place.direction == "behind" or _begins_with_mark(place) or _is_alone(place, label)


def _heads_a_column(labels: Labels, label: Label) -> bool:
    """Tell whether a mere title is the head of a column beside that of the date: `INVOICE | DATE | ACCOUNT`."""
    whole = label.start <= 1 and label.end >= len(label.cell.text)
    beside_it = [one for one in labels.on(label.line) if one.cell is not label.cell and one.start <= 1]
    return whole and any("issue_date" in one.concepts for one in beside_it)


def _beyond(layout: Layout, mark: Beside) -> Iterator[Beside]:
    """Yield the cell behind one that holds nothing but a mark for a number."""
    cells = layout.lines[mark.cell.line].cells
    after = cells[cells.index(mark.cell) + 1 :]
    if after:
        yield Beside(after[0].text, after[0], 0, "right")


def _is_alone(place: Beside, label: Label) -> bool:
    """Tell whether a title ends its cell, and one word of digits in the title's own print is all that is beside it."""
    whole = label.start <= 1 and label.end >= len(label.cell.text)
    alone = whole and place.direction == "right" and len(place.cell.words) == 1 and not is_money(place.text)
    digits = sum(map(str.isdigit, place.text))
    return alone and digits >= ALONE_DIGITS_MIN and abs(place.cell.height - label.cell.height) < 0.1 * label.cell.height
