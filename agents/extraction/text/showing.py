"""Where a page prints what somebody says is right, and what it calls it there: what a correction teaches."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from agents.extraction.text.amounts import find_amounts
from agents.extraction.text.anchored import Readings, Sighting, sightings
from agents.extraction.text.dates import find_dates
from agents.extraction.text.labels import Labels, spelled
from agents.extraction.text.layout import lay_out
from agents.extraction.text.lexicon import languages_of, lexicon, longest
from agents.extraction.text.pages import DocumentText
from agents.extraction.text.sketch import sketch
from schemas.base import Code, Record
from schemas.evidence import FieldName
from schemas.release import Direction, Label, Share

# A value stands in a handful of places; more labels than these for one say that it is a word of the page.
PLACES_MAX = 20


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
        field: tuple(_place(one) for one in sightings(readings, field, value)[:PLACES_MAX])
        for field, value in right.items()
    }
    spoken = languages_of(token for cell in layout.cells() for word in cell.words for token, _, _ in spelled(word.text))
    language = next(iter(spoken)) if len(spoken) == 1 else None
    return Showing(layout=sketch(layout), language=language, places=places)


def _place(one: Sighting) -> Place:
    return Place(label=one.label, direction=one.direction, x=one.x, y=one.y, is_new=not _is_known(one.label))


def _is_known(label: str) -> bool:
    """Tell whether the lexicon has a phrase that is all of the label, or ends it."""
    words = label.split(" ")
    ends = (longest(lexicon().tree, words, start) for start in range(len(words)))
    return any(found is not None and found[0] == len(words) for found in ends)
