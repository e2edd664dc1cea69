"""What labelled documents teach the scorer: which of a field's candidates was the right one."""

from collections.abc import Iterable, Mapping

from agents.extraction.text.scoring.advice import SCORED
from agents.extraction.text.scoring.offering import Offering
from app.quality.fitting import Example
from app.quality.labels import FIELDS, Label
from schemas.evidence import FieldName

# What the labels call the scored fields.
TRUTHS: Mapping[FieldName, str] = {field: name for name, names in FIELDS.items() for field in SCORED if field in names}


def example(label: Label, field: FieldName, offering: Offering) -> Example | None:
    """Return what a document teaches of a field; None where its truth is not known, or it has no candidates.

    A paper that nobody is to pay teaches nothing: the scorer is not asked about it.
    """
    name = TRUTHS[field]
    options = offering.fields.get(field, ())
    if not options or label.row.get("negative") or not label.is_scored(name):
        return None
    right = next((at for at, one in enumerate(options) if label.matches(name, one.value)), None)
    return Example(tuple(frozenset(one.features) for one in options), right)


def examples(documents: Iterable[tuple[Label, Offering]]) -> dict[FieldName, list[Example]]:
    """Return what documents teach, field by field, in their order."""
    taught: dict[FieldName, list[Example]] = {field: [] for field in SCORED}
    for label, offering in documents:
        for field in SCORED:
            found = example(label, field, offering)
            if found is not None:
                taught[field].append(found)
    return taught
