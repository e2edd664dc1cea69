"""Whose an identifier is: the seller's, or the buyer's by its label or its place."""

from collections.abc import Iterable

from agents.extraction.text.identifiers import Identifier
from agents.extraction.text.labels import Labels
from agents.extraction.text.parties import Parties


def split_identifiers(
    found: Iterable[Identifier], parties: Parties, labels: Labels
) -> tuple[Identifier | None, Identifier | None]:
    """Return the seller's and the buyer's identifier; None where two could be the seller's."""
    own: dict[str, Identifier] = {}
    theirs: dict[str, Identifier] = {}
    for identifier in found:
        shelf = theirs if _is_buyers(identifier, parties, labels) else own
        shelf.setdefault(identifier.value, identifier)
    own, theirs = _without_prefixes(own), _without_prefixes(theirs)
    in_block = {value: one for value, one in own.items() if one.cell in parties.seller_cells}
    labelled = {value: one for value, one in own.items() if one.labelled}
    seller = next((shelf for shelf in (in_block, own, labelled) if len(shelf) == 1), {})
    return next(iter(seller.values()), None), next(iter(theirs.values()), None) if len(theirs) == 1 else None


def _without_prefixes(shelf: dict[str, Identifier]) -> dict[str, Identifier]:
    """Return a shelf in which a number with and without its country is one: `DK13585628`, `13585628`."""
    bare = {value for value in shelf if value.isdigit()}
    return {value: one for value, one in shelf.items() if value[2:] not in bare or not value[:2].isalpha()}


def _is_buyers(identifier: Identifier, parties: Parties, labels: Labels) -> bool:
    before = labels.before(identifier.cell.line, identifier.words[0].left)
    if before and "buyer_vat_identifier" in before[-1].concepts:
        return True
    return identifier.cell in parties.buyer_cells and identifier.cell not in parties.seller_cells
