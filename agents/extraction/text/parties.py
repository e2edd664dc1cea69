"""Who asks for money and who is asked: by labels, legal forms and address blocks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agents.extraction.text.addresses import headed_blocks, sender_and_receiver, windows_of
from agents.extraction.text.beside import beside
from agents.extraction.text.identifiers import Identifier
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.names import FORM, SEPARATED, Name, looks_like_name, name_in

# An account holder's name ends within this many characters, whatever sentence goes on behind it.
HOLDER_LENGTH_MAX = 60
LABELLED, FORMED, GUESSED = 0.85, 0.75, 0.6


@dataclass(frozen=True, slots=True)
class Parties:
    """Seller and buyer as far as the page tells them apart; `buyer_cells` are the lines of the buyer's address."""

    seller: Name | None
    buyer: Name | None
    seller_cells: frozenset[Cell]
    buyer_cells: frozenset[Cell]


def find_parties(layout: Layout, labels: Labels) -> Parties:
    """Return the parties."""
    buyer_blocks = list(headed_blocks(layout, labels, "buyer"))
    seller_blocks = list(headed_blocks(layout, labels, "seller"))
    buyer = _first_name(layout, labels, buyer_blocks, LABELLED)
    seller = _first_name(layout, labels, seller_blocks, LABELLED)
    shipped = [cell for block in headed_blocks(layout, labels, "ship_to") for cell in block]
    windows: list[list[Cell]] = []
    if buyer is None:
        windows = list(windows_of(layout, labels))
        sender, receiver = sender_and_receiver(layout, windows)
        seller = seller or name_in(layout, labels, sender, GUESSED)
        named = seller or _holder(layout, labels) or _by_form(layout, _all(windows))
        buyer = name_in(layout, labels, receiver, GUESSED) if named is not None else None
        if buyer is not None and not _same(named, buyer):
            seller, buyer_blocks = named, [*buyer_blocks, receiver]
        else:
            buyer = None  # one address alone may as well be the sender's
    taken = _all(buyer_blocks) | frozenset(shipped)
    seller = seller or _holder(layout, labels) or _by_form(layout, taken | _all(windows), buyer)
    return Parties(seller, buyer, _all(seller_blocks), taken)


def _all(blocks: Iterable[list[Cell]]) -> frozenset[Cell]:
    return frozenset(cell for block in blocks for cell in block)


def _same(one: Name | None, other: Name) -> bool:
    return one is not None and (one.value in other.value or other.value in one.value)


def _first_name(layout: Layout, labels: Labels, blocks: list[list[Cell]], confidence: float) -> Name | None:
    return next((name for block in blocks if (name := name_in(layout, labels, block, confidence)) is not None), None)


def split_identifiers(
    found: Iterable[Identifier], parties: Parties, labels: Labels
) -> tuple[Identifier | None, Identifier | None]:
    """Return the seller's and the buyer's identifier; None where two could be the seller's."""
    own: dict[str, Identifier] = {}
    theirs: dict[str, Identifier] = {}
    for identifier in found:
        shelf = theirs if _is_buyers(identifier, parties, labels) else own
        shelf.setdefault(identifier.value, identifier)
    in_block = {value: one for value, one in own.items() if one.cell in parties.seller_cells}
    labelled = {value: one for value, one in own.items() if one.labelled}
    seller = next((shelf for shelf in (in_block, own, labelled) if len(shelf) == 1), {})
    return next(iter(seller.values()), None), next(iter(theirs.values()), None) if len(theirs) == 1 else None


def _is_buyers(identifier: Identifier, parties: Parties, labels: Labels) -> bool:
    before = labels.before(identifier.cell.line, identifier.words[0].left)
    if before and "buyer_vat_identifier" in before[-1].concepts:
        return True
    return identifier.cell in parties.buyer_cells and identifier.cell not in parties.seller_cells


def _holder(layout: Layout, labels: Labels) -> Name | None:
    """Return the account holder: whoever is paid has a name."""
    for label in labels.every():
        if "account_holder" not in label.concepts:
            continue
        for place in beside(layout, labels, label):
            ends = [form.end() for form in FORM.finditer(place.text[:HOLDER_LENGTH_MAX])]
            if ends and looks_like_name(place.text[: ends[-1]]):
                return Name(place.text[: ends[-1]], place.cell, FORMED)
    return None


def _by_form(layout: Layout, taken: frozenset[Cell], buyer: Name | None = None) -> Name | None:
    """Return the company that the page names most often outside the buyer's address."""
    found: list[tuple[str, Cell]] = []
    for cell in layout.cells():
        if cell in taken:
            continue
        parts = [part.strip() for part in SEPARATED.split(cell.text) if FORM.search(part) and looks_like_name(part)]
        found.extend((part, cell) for part in parts if buyer is None or part not in buyer.value)
    counted = Counter(name for name, _ in found)
    best = max(found, key=lambda one: (counted[one[0]], -one[1].line), default=None)
    return Name(best[0], best[1], FORMED if counted[best[0]] > 1 else GUESSED) if best is not None else None
