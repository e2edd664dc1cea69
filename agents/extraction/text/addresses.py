"""Address blocks on the page: those that a label heads, and those in the window of the envelope."""

import re
from collections.abc import Iterator

from agents.extraction.text.beside import beside
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.names import NAME_WORDS_MAX, POSTCODE, SEPARATED, is_label, looks_like_name

# An address has at most this many lines, with this much room between them in print heights.
BLOCK_LINES_MAX = 9
BLOCK_GAP_HEIGHTS = 1.3
BLOCK_INDENT_POINTS = 25.0
ADDRESS_LINES_MAX = 7
# `To`, `An`, `De` head an address only with a colon behind them.
HEADING_LETTERS_MIN = 4
# The window of an envelope and what stands beside it: the upper part of the first page.
WINDOW_SHARE = 0.42
_CONTACT = re.compile(
    r"@|www\.|https?:|\bTel|\bFax|\bPhone|IBAN|\bfon\b|\bTVA\b|\bUSt|SIRET|\bVAT|\+\d\d", re.IGNORECASE
)


def headed_blocks(layout: Layout, labels: Labels, concept: str) -> Iterator[list[Cell]]:
    """Yield the address under or beside each label that stands alone enough to head one."""
    for label in labels.every():
        if concept not in label.concepts or label.start > 1 or len(label.cell.words) > label.words + NAME_WORDS_MAX:
            continue
        block = _headed(layout, labels, label)
        if block and not (concept == "buyer" and any("IBAN" in cell.text for cell in block)):
            yield block  # the recipient of a payment is no buyer


def _headed(layout: Layout, labels: Labels, label: Label) -> list[Cell]:
    for place in beside(layout, labels, label):
        if not place.text or not _is_heading(label, place.cell):
            continue
        first = [place.cell]
        return first + _under(layout, labels, place.cell)
    return []


def _is_heading(label: Label, cell: Cell) -> bool:
    """Tell whether a label heads an address: with a colon, or alone in its cell and no mere preposition."""
    if label.cell.text[label.end : label.end + 3].strip().startswith(":"):
        return True
    return cell is not label.cell and label.end - label.start >= HEADING_LETTERS_MIN


def _under(layout: Layout, labels: Labels, cell: Cell) -> list[Cell]:
    """Return the lines of a block below its first cell, as long as they follow closely and are flush left."""
    block: list[Cell] = []
    last = cell
    for line in layout.lines[cell.line + 1 :]:
        if line.page != cell.page or line.top - last.bottom > BLOCK_GAP_HEIGHTS * last.height:
            break
        flush = [c for c in line.cells if abs(c.left - cell.left) < BLOCK_INDENT_POINTS]
        if not flush:
            continue
        if any(label.concepts & {"buyer", "seller", "ship_to"} and label.start == 0 and label.cell is flush[0]
               for label in labels.on(line.index)) or len(block) >= BLOCK_LINES_MAX:  # fmt: skip
            break
        block.append(flush[0])
        last = flush[0]
    return block


def windows_of(layout: Layout, labels: Labels) -> Iterator[list[Cell]]:
    """Yield the address blocks in the upper part of the first page that carry no label and no contact data."""
    height = layout.sizes.get(1, (0.0, 0.0))[1]
    seen: set[Cell] = set()
    for cell in layout.cells():
        if cell.page != 1 or cell.top > WINDOW_SHARE * height:
            return
        if cell in seen or not looks_like_name(cell.text) or SEPARATED.search(cell.text) or is_label(labels, cell):
            continue
        block = [cell, *_under(layout, labels, cell)]
        if 3 <= len(block) <= ADDRESS_LINES_MAX and any(POSTCODE.search(line.text) for line in block[1:]):
            seen.update(block)
            if not _has_contact(labels, block) and not any(":" in line.text for line in block):
                yield block


def sender_and_receiver(layout: Layout, windows: list[list[Cell]]) -> tuple[list[Cell], list[Cell]]:
    """Return the addresses of seller and buyer among those that nothing names; empty where nobody can tell.

    The sender is named again elsewhere: in a line above the window, in the footer. Else the upper one is the sender;
    side by side, countries differ.
    """
    if len(windows) < 2:
        return [], windows[0] if windows else []
    first, second = windows[:2]
    again = [_mentions(layout, block[0]) for block in (first, second)]
    if again[0] != again[1]:
        return (first, second) if again[0] > again[1] else (second, first)
    beside_each_other = abs(first[0].top - second[0].top) < 2 * first[0].height
    return ([], []) if beside_each_other else (first, second)


def _mentions(layout: Layout, name: Cell) -> int:
    return sum(1 for cell in layout.cells() if name.text in cell.text)


def _has_contact(labels: Labels, block: list[Cell]) -> bool:
    """Tell whether a block carries phone, mail, bank or tax data, as only the sender's does; the buyer's VAT id may."""
    return any(_CONTACT.search(line.text) and not _names_buyers_vat(labels, line) for line in block)


def _names_buyers_vat(labels: Labels, cell: Cell) -> bool:
    return any(label.cell is cell and "buyer_vat_identifier" in label.concepts for label in labels.on(cell.line))
