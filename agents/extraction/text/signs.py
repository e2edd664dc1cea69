"""The signs by which a page tells who sends it, from the line above the window down to mere print."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from agents.extraction.text.addresses import GUESSED, Address, Sender, zone_of
from agents.extraction.text.holders import holders
from agents.extraction.text.imprints import fits, hosts_on, imprints
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import tokens
from agents.extraction.text.names import FORM, SEPARATED, Name, is_label, looks_like_name, names_bank
from agents.extraction.text.stacks import column_from

# How much each sign says. Two weak ones make a seller, one strong one does.
SENDER_LINE, IMPRINT, LETTERHEAD, FOOT_ADDRESS, HOLDER, HOST = 5, 4, 3, 3, 3, 3
ONLY_ADDRESS, WEAK = 2, 1
# Signs that a greeting or a slogan has as well.
MERE_PRINT = frozenset({"first", "large", "again"})
# Letterheads and footers are the same on all pages.
PAGES_MAX = 2
# So many words that might be names are a list of names; each is weighed against all. Real pages have some dozens.
MENTIONS_MAX = 400
# The letterhead: this part of the first page; its print is larger than the text by this ratio.
TOP_SHARE, LARGE_RATIO = 0.16, 1.25


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to take a name for the seller's; of one kind only the weightiest counts."""

    kind: str
    name: Name
    weight: int


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the page before its sender is looked for."""

    layout: Layout
    labels: Labels
    taken: frozenset[Cell]  # the buyer's and the receiver's
    addresses: tuple[Address, ...]
    senders: tuple[Sender, ...]
    buyer: Name | None
    headed: bool  # the buyer's address is, whether or not a name is read in it
    receivers: tuple[Name, ...]  # whom a payment slip is addressed to


def strong_signs(found: Found) -> Iterator[Sign]:
    """Yield the signs by which a page says who sends it, the account's holder among them."""
    for sender in found.senders:
        yield Sign("line", sender.name, SENDER_LINE)
    for name in imprints(found.layout, found.labels, found.taken):
        yield Sign("imprint", name, IMPRINT)
    yield from _of_addresses(found)
    for name in (*holders(found.layout, found.labels), *found.receivers):
        if name.cell not in found.taken:
            yield Sign("holder", name, HOLDER if FORM.search(name.value) else ONLY_ADDRESS)
            if FORM.search(name.value):
                yield Sign("form", name, WEAK)


def _of_addresses(found: Found) -> Iterator[Sign]:
    """Yield what addresses say: with a telephone, left over where the buyer's is known, the only one with numbers."""
    heads = [address for address in found.addresses if not address.foot]
    numbered = [address for address in heads if address.numbered]
    for address in found.addresses:
        if address.foot:
            if not names_bank(address.name.value):
                yield Sign("foot", address.name, FOOT_ADDRESS)
        elif address.contact:
            yield Sign("letterhead", address.name, LETTERHEAD)
        elif found.headed or (numbered == [address] and len(heads) > 1):
            yield Sign("letterhead", address.name, ONLY_ADDRESS)


def weak_signs(found: Found) -> Iterator[Sign]:
    """Yield what letterheads and footers have in common: large print, a legal form, a host of the name's letters."""
    layout = found.layout
    windows = {cell for one in found.addresses if not one.foot and not one.contact for cell in one.cells}
    usual = median([cell.height for line in layout.page_lines(1) for cell in line.cells] or [1.0])
    hosts = hosts_on(layout, found.taken).known
    again = _repeated(found)
    first = True
    for name in _mentions(found):
        weight = (0, WEAK, HOST)[fits(name.value, hosts)]
        if weight:
            yield Sign("host", name, weight)
        if name.cell in windows and not found.headed:
            continue  # the buyer's as well as the seller's
        if FORM.search(name.value):
            yield Sign("form", name, WEAK)
        if _on_top(layout, name.cell):
            if first:
                yield Sign("first", name, WEAK)
            if name.cell.height >= LARGE_RATIO * usual:
                yield Sign("large", name, WEAK)
            first = False
        if again(name.value):
            yield Sign("again", name, WEAK)


def _on_top(layout: Layout, cell: Cell) -> bool:
    return cell.page == 1 and cell.top <= TOP_SHARE * layout.sizes.get(1, (0.0, 0.0))[1]


def _mentions(found: Found) -> Iterator[Name]:
    """Yield what may be a name in the heads and feet of the first pages."""
    told = 0
    for cell in found.layout.cells():
        if cell.page > PAGES_MAX or told >= MENTIONS_MAX:
            return
        if cell in found.taken or zone_of(found.layout, cell) is None or "IBAN" in cell.text:
            continue
        parts = SEPARATED.split(cell.text)
        part = parts[0].strip()
        if looks_like_name(part) and not names_bank(part) and not is_label(found.labels, cell):
            told += 1
            yield Name(_in_two_lines(found.layout, cell) or part, cell, GUESSED)


def _in_two_lines(layout: Layout, cell: Cell) -> str | None:
    """Return a name on top of the page that goes on below and ends with its legal form there."""
    if FORM.search(cell.text) or not _on_top(layout, cell):
        return None
    below = next((one for one in column_from(layout, cell)[1:2] if FORM.search(one.text)), None)
    if below is None or abs(below.height - cell.height) > 1 or not looks_like_name(below.text):
        return None
    return f"{cell.text} {below.text}"


def _repeated(found: Found) -> Callable[[str], bool]:
    """Return what tells whether a name stands on the first pages more than once, outside of what is taken."""
    cells = (cell for cell in found.layout.cells() if cell.page <= PAGES_MAX and cell not in found.taken)
    text = "|".join(f" {' '.join(tokens(cell.text))} " for cell in cells)
    return lambda name: text.count(f" {' '.join(tokens(name))} ") > 1
