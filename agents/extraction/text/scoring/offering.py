"""The candidates of a document by themselves, as the scorer is taught with them."""

from pydantic import Field

from agents.extraction.text.amounts.finding import find_amounts
from agents.extraction.text.anchored import Readings
from agents.extraction.text.dates import find_dates
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.memory import NOTHING, with_labels
from agents.extraction.text.numbers.finding import find_number
from agents.extraction.text.pages import DocumentText
from agents.extraction.text.scoring.advice import SCORED, Offers
from schemas.base import Code, Record, Text
from schemas.evidence import FieldName
from schemas.release import Learned


class Option(Record):
    """A value that may be the field's, and what is to be seen of it."""

    value: Text
    features: tuple[Code, ...]


class Offering(Record):
    """What may be the value of each scored field of one document; empty where it has no words."""

    fields: dict[FieldName, tuple[Option, ...]] = Field(default_factory=dict)


def offer(document: DocumentText, learned: Learned = NOTHING) -> Offering:
    """Return the candidates of every scored field, under the labels that a release knows."""
    layout = lay_out(document.pages)
    labels = Labels(layout, with_labels(learned.labels))
    readings = Readings(layout, labels, find_amounts(layout, labels), find_dates(layout, labels, "dmy"))
    offers = Offers(readings, find_number(layout, labels))
    return Offering(
        fields={
            field: tuple(Option(value=one.value, features=tuple(sorted(one.features))) for one in offers.of(field))
            for field in SCORED
        }
    )
