"""Who asks for money and who is asked: by headings, by the window of the envelope, and by the signs of the sender."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.extraction.text.addresses import Address, Sender, addresses_on, senders_on, under_sender, zone_of
from agents.extraction.text.headed import FOR_WHOM, HEADING_LETTERS_MIN, Headed, headed_by
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.names import Name, are_alike, key_of
from agents.extraction.text.sellers import seller_of
from agents.extraction.text.signs import Found


@dataclass(frozen=True, slots=True)
class Parties:
    """Seller and buyer as far as the page tells them apart; `buyer_cells` are the lines of the buyer's address."""

    seller: Name | None
    buyer: Name | None
    seller_cells: frozenset[Cell]
    buyer_cells: frozenset[Cell]


def find_parties(layout: Layout, labels: Labels) -> Parties:
    """Return the parties."""
    if not layout.lines:
        return Parties(None, None, frozenset(), frozenset())
    headed = list(headed_by(layout, labels, "buyer"))
    buyers = [one for one in headed if _is_buyers(layout, one)]
    receivers = tuple(one.name for one in headed if one not in buyers and one.name is not None and one.sure)
    sellers = list(headed_by(layout, labels, "seller"))
    shipped = [one for one in headed_by(layout, labels, "ship_to") if _is_buyers(layout, one)]
    called = _best(layout, sellers, ())
    taken = _cells(one.cells for one in (*buyers, *shipped))
    own = _cells(one.cells for one in sellers)
    addresses = tuple(addresses_on(layout, labels, taken | own))
    senders = tuple(senders_on(layout, labels, taken))
    named = _best(layout, buyers, addresses)
    found = Found(layout, labels, taken, addresses, senders, named, bool(buyers), receivers)
    seller = called or seller_of(found)
    if named is None:
        window = _window(found, seller)
        named = window.name if window is not None else None
        taken |= _cells([window.cells] if window is not None else [])
    if seller is not None and called is None:
        own |= _cells(one.cells for one in addresses if _alike(one.name, seller))
    return Parties(seller, named, own - taken, taken)


def _cells(blocks: Iterable[Iterable[Cell]]) -> frozenset[Cell]:
    return frozenset(cell for block in blocks for cell in block)


def _alike(one: Name, other: Name) -> bool:
    return are_alike(key_of(one.value), key_of(other.value))


def _is_buyers(layout: Layout, headed: Headed) -> bool:
    """Tell whether an address is the buyer's: `To` and `Recipient` below the head of the page are the payee's."""
    label = headed.label
    if zone_of(layout, label.cell) == "head":
        return True
    return label.end - label.start >= HEADING_LETTERS_MIN and "account_holder" not in label.concepts


def _best(layout: Layout, headed: list[Headed], addresses: tuple[Address, ...]) -> Name | None:
    """Return the name of the best address: one that is complete, in the head of the page, and first.

    A mere name below the head, as on a payment slip, is believed where it stands over an address in the head too.
    """
    named = [(one, one.name) for one in headed if one.name is not None]
    known = [(one, name) for one, name in named if one.sure or zone_of(layout, one.label.cell) == "head"]
    ranked = sorted(known, key=lambda pair: (not pair[0].sure, zone_of(layout, pair[0].label.cell) != "head"))
    if ranked:
        return ranked[0][1]
    return next((one.name for one in addresses for _, name in named if not one.foot and _alike(one.name, name)), None)


def _window(found: Found, seller: Name | None) -> Address | None:
    """Return the only address in the head of the page that is not the seller's."""
    heads = [one for one in found.addresses if not one.foot and not one.contact]
    if seller is None:  # one address alone may as well be the sender's, unless it is a letter's
        return heads[0] if len(heads) == 1 and any(FOR_WHOM.match(cell.text) for cell in heads[0].cells) else None
    senders = [one for one in found.senders if not one.foot and _alike(one.name, seller)]
    under = [one for sender in senders if (one := _under(found, sender)) is not None]
    for windows in (under, heads):
        others = [one for one in windows if not _alike(one.name, seller)]
        if len({key_of(one.name.value).words for one in others}) == 1:
            return others[0]
    return None


def _under(found: Found, sender: Sender) -> Address | None:
    return under_sender(found.layout, found.labels, sender, found.taken)
