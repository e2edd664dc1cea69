"""Where a page prints what somebody says is right, and what it calls it there: what a correction teaches."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from agents.extraction.text.amounts.finding import find_amounts
from agents.extraction.text.anchored import Readings, Sighting, sightings
from agents.extraction.text.dates import find_dates
from agents.extraction.text.labels import Labels, spelled
from agents.extraction.text.layout import lay_out
from agents.extraction.text.lexicon import MONEY, languages_of, lexicon, longest
from agents.extraction.text.pages import DocumentText
from agents.extraction.text.sketch import sketch
from schemas.base import Code, Record
from schemas.evidence import FieldName
from schemas.release import Direction, Label, Share

# A value stands in a handful of places; more labels than these for one say that it is a word of the page.
PLACES_MAX = 20

# What a known name of a sum may be called for. `Amount due` names no total, even where both are the same today.
_CALLED: Mapping[FieldName, frozenset[str]] = {
    "amount_due_for_payment": frozenset({"payable", "gross", "total"}),
    "invoice_total_amount_with_vat": frozenset({"gross", "total"}),
    "invoice_total_amount_without_vat": frozenset({"net", "subtotal", "tax_base", "total"}),
    "invoice_total_vat_amount": frozenset({"vat"}),
    "paid_amount": frozenset({"prepaid"}),
    "rounding_amount": frozenset({"rounding"}),
}


class Place(Record):
    """A label by which the right value is found, and the value's middle as shares of the page.

    `is_new`: no language of the lexicon has the phrase.
    """

    label: Label
    direction: Direction
    x: Share
    y: Share
    is_new: bool


class Showing(Record):
    """The places of each right value that was asked for, the sketch of the pages, and their language if it is one."""

    layout: Code | None = None
    language: Code | None = None
    places: dict[FieldName, Annotated[tuple[Place, ...], Field(max_length=PLACES_MAX)]] = Field(default_factory=dict)


def show(document: DocumentText, right: Mapping[FieldName, str]) -> Showing:
    """Return where the visible words of a document show the right values, and by which labels."""
    layout = lay_out(document.pages)
    labels = Labels(layout)
    dates = find_dates(layout, labels, "dmy")
    readings = Readings(layout, labels, find_amounts(layout, labels), dates)
    places = {
        field: tuple(_places(field, sightings(readings, field, value)))[:PLACES_MAX] for field, value in right.items()
    }
    spoken = languages_of(token for cell in layout.cells() for word in cell.words for token, _, _ in spelled(word.text))
    language = next(iter(spoken)) if len(spoken) == 1 else None
    return Showing(layout=sketch(layout), language=language, places=places)


def _places(field: FieldName, found: Iterable[Sighting]) -> Iterator[Place]:
    """Yield the places whose label is new, or is no name of another sum."""
    for one in found:
        concepts = _concepts(one.label)
        if concepts is None or field not in _CALLED or concepts & _CALLED[field] or not concepts & MONEY:
            yield Place(label=one.label, direction=one.direction, x=one.x, y=one.y, is_new=concepts is None)


def _concepts(label: str) -> frozenset[str] | None:
    """Return what the lexicon's phrase means that is all of the label, or ends it; None where there is none."""
    words = label.split(" ")
    ends = (longest(lexicon().tree, words, start) for start in range(len(words)))
    return next((found[1] for found in ends if found is not None and found[0] == len(words)), None)
