"""Who holds the account that is to be paid to: whoever is paid has a name."""

from collections.abc import Iterator

from agents.extraction.text.addresses import GUESSED, zone_of
from agents.extraction.text.beside import beside
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import lexicon, tokens
from agents.extraction.text.names import FORM, SEPARATED, Name, looks_like_name, names_bank
from agents.extraction.text.stacks import column_from

# An account holder's name ends within this many characters, whatever sentence goes on behind it.
HOLDER_LENGTH_MAX = 60
# A holder stands in one of so many lines under the label; the account may come first.
HOLDER_LINES_MAX = 3
# Lines between the holder and the account.
ACCOUNT_LINES_MAX = 4
# Lines from the one with the holder on, in which it may be said that the claim is his by assignment.
FACTOR_LINES_MAX = 3


def holders(layout: Layout, labels: Labels) -> Iterator[Name]:
    """Yield the account holders. A word that names buyers too, like `Recipient`, names the payee below the head."""
    for label in labels.every():
        if "account_holder" not in label.concepts:
            continue
        if zone_of(layout, label.cell) == "head" and ("buyer" in label.concepts or not _is_by_account(labels, label)):
            continue  # `Account name` over a bill is the customer's
        found = (_holder(layout, label, text, cell) for text, cell in _places(layout, labels, label))
        yield from [name for name in found if name is not None][:1]


def _is_by_account(labels: Labels, label: Label) -> bool:
    """Tell whether a label stands near that of a bank account."""
    lines = range(label.line - ACCOUNT_LINES_MAX, label.line + ACCOUNT_LINES_MAX + 1)
    return any("iban" in near.concepts for line in lines for near in labels.on(line))


def _holder(layout: Layout, label: Label, text: str, cell: Cell) -> Name | None:
    """Return the name that a text begins with; without a legal form only where a caption asks for it."""
    ends = [form.end() for form in FORM.finditer(text[:HOLDER_LENGTH_MAX])]
    name = (text[: ends[-1]] if ends else SEPARATED.split(text)[0]).strip()
    if not looks_like_name(name) or names_bank(name) or not (ends or label.start <= 1) or _is_factor(layout, cell):
        return None
    return Name(name, cell, GUESSED)


def _is_factor(layout: Layout, cell: Cell) -> bool:
    """Tell whether it is said near a holder that the claim was sold to him."""
    near = layout.lines[max(cell.line - 1, 0) : cell.line + FACTOR_LINES_MAX]
    words = [token for line in near for one in line.cells for token in tokens(one.text)]
    return lexicon().every["factoring"].is_in(" ".join(words))


def _places(layout: Layout, labels: Labels, label: Label) -> Iterator[tuple[str, Cell]]:
    """Yield where the holder may stand: beside, in the lines below, or in the next line of a sentence."""
    for place in beside(layout, labels, label):
        yield place.text, place.cell
        if place.direction == "below":
            yield from ((cell.text, cell) for cell in column_from(layout, place.cell)[1:HOLDER_LINES_MAX])
    if label.end >= len(label.cell.text.rstrip(" :.")):
        yield from ((cell.text, cell) for cell in column_from(layout, label.cell)[1:2])
