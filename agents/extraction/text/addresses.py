"""Addresses without a heading: in the window of the envelope, in the letterhead, at the foot of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.extraction.text.headed import NAME_LINES_MAX, named_by
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout, Line
from agents.extraction.text.names import FORM, SEPARATED, Name, is_label, is_title, looks_like_name
from agents.extraction.text.places import is_place, is_street, names_street
from agents.extraction.text.stacks import GAP_HEIGHTS, WIDE_GAP_HEIGHTS, column_from

# The window of an envelope and what stands beside it: the upper part of the first page; its foot.
WINDOW_SHARE, FOOT_SHARE = 0.42, 0.85
GUESSED = 0.6
# An address without a town that follows right below the sender's line: the window of a letter that goes abroad.
UNDER_SENDER_POINTS = 75.0
CONTACT = re.compile(
    r"@|www\.|https?:|\bT[ée]l(?:[ée]|\b)(?!com)|\bFax|\bPhone|\bTlf|\bPuh|\bT:|\bfon\b|\bMobil|\+\d\d", re.IGNORECASE
)
_NUMBERS = frozenset({"vat_identifier", "registration", "tax_number", "siren", "siret"})
_MARK = re.compile(r"[-–—●•·|*/]$")


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """A name over street and town.

    `contact` says that telephone or mail follow, as they do in letterheads; `numbered`, that a number does by which tax
    offices or registers know a company.
    """

    name: Name
    cells: tuple[Cell, ...]
    contact: bool
    numbered: bool
    foot: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sender:
    """Who names himself and where he sits in one line: above the window, or at the foot of the page."""

    name: Name
    line: Line
    foot: bool


def zone_of(layout: Layout, cell: Cell) -> str | None:
    """Return whether a cell stands in the `head` of the first page, at the `foot` of any, or neither."""
    height = layout.sizes.get(cell.page, (0.0, 0.0))[1]
    top = layout.lines[cell.line].top
    if cell.page == 1 and top <= WINDOW_SHARE * height:
        return "head"
    return "foot" if top >= FOOT_SHARE * height else None


def addresses_on(layout: Layout, labels: Labels, taken: frozenset[Cell]) -> Iterator[Address]:
    """Yield the addresses in head and foot of the first page, outside of what is taken."""
    seen = set(taken)
    for line in layout.page_lines(1):
        for cell in line.cells:
            zone = zone_of(layout, cell)
            if zone is None or cell in seen or not _may_begin(layout, labels, cell):
                continue
            block = _address_from(layout, cell, seen)
            name = named_by(labels, block, GUESSED) if block else None
            if name is not None:
                seen.update(block)
                yield _address(layout, labels, name, block, foot=zone == "foot")


def _address(layout: Layout, labels: Labels, name: Name, block: list[Cell], *, foot: bool) -> Address:
    """Return an address with what follows it: closely, and as far as its telephone may stand."""
    tail = column_from(layout, block[-1], WIDE_GAP_HEIGHTS)[1 : NAME_LINES_MAX + 1]
    near = [one for one in column_from(layout, block[0]) if one not in block]
    contact = any(CONTACT.search(one.text) for one in (*block, *tail))
    numbered = any(
        _NUMBERS & label.concepts for one in (*near, *tail) for label in labels.on(one.line) if label.cell is one
    )
    return Address(name, (*block, *near), contact, numbered, foot)


def _may_begin(layout: Layout, labels: Labels, cell: Cell) -> bool:
    """Tell whether an address may begin here: with a name, be it one in words of the lexicon right over its street."""
    if not looks_like_name(cell.text) or _in_one_line(cell.text):
        return False
    if cell.text.endswith(",") and not FORM.search(cell.text):
        return False  # a greeting
    if not is_label(labels, cell):
        return True
    return not is_title(cell) and any(is_street(one.text) for one in column_from(layout, cell)[1:2])


def _address_from(layout: Layout, first: Cell, seen: set[Cell]) -> list[Cell]:
    """Return the lines from a name to the town, if they follow closely or are just name, street and town."""
    for gap in (GAP_HEIGHTS, WIDE_GAP_HEIGHTS):
        block = column_from(layout, first, gap, ends=lambda cell: cell in seen)
        at = next((at for at, cell in enumerate(block[1:], 1) if is_place(cell.text) or _in_one_line(cell.text)), None)
        if at is None or at > NAME_LINES_MAX + 1:
            continue
        if gap == GAP_HEIGHTS or (at == 2 and is_street(block[1].text)):
            return block[: at + 1]
    return []


def _in_one_line(text: str) -> bool:
    """Tell whether a line holds the town and more: `152 Harcourt Street, T12 W8KP Cork`."""
    parts = [part.strip() for part in SEPARATED.split(text)]
    return len(parts) > 1 and any(is_place(part) for part in parts)


def senders_on(layout: Layout, labels: Labels, taken: frozenset[Cell]) -> Iterator[Sender]:
    """Yield who names himself in a line with street and town."""
    for line in layout.lines:
        zone = zone_of(layout, line.cells[0])
        if zone is None or any(cell in taken for cell in line.cells):
            continue
        texts = [cell.text for cell in line.cells]
        if any(_MARK.fullmatch(text) for text in texts):
            texts = [" ".join(texts)]
        for cell, text in zip(line.cells, texts, strict=False):
            parts = [part.strip() for part in SEPARATED.split(text)]
            if len(parts) > 1 and any(is_place(part) for part in parts[1:]) and _names(labels, cell, parts):
                yield Sender(Name(parts[0], cell, GUESSED), line, zone == "foot")


def _names(labels: Labels, cell: Cell, parts: list[str]) -> bool:
    """Tell whether the first part of a line is who sits there, and not the street."""
    if not looks_like_name(parts[0]) or names_street(parts[0]) or parts[1].isdigit():
        return False
    labelled = any(
        label.cell is cell and label.start <= 1 and label.end >= len(parts[0]) for label in labels.on(cell.line)
    )
    return FORM.search(parts[0]) is not None or not labelled


def under_sender(layout: Layout, labels: Labels, sender: Sender, taken: frozenset[Cell]) -> Address | None:
    """Return the address right under the line of a sender: that of the letter's receiver, whatever land it is in."""
    first = sender.name.cell
    for line in layout.lines[first.line + 1 :]:
        if line.page != 1 or line.top - first.bottom > UNDER_SENDER_POINTS:
            return None
        begins = next((cell for cell in line.cells if abs(cell.left - first.left) < first.height), None)
        if begins is None or begins in taken or not _may_begin(layout, labels, begins):
            continue
        block = column_from(layout, begins)
        name = named_by(labels, block, GUESSED) if len(block) > 2 else None
        return Address(name, tuple(block), contact=False, numbered=False, foot=False) if name is not None else None
    return None
