"""The weights that the code brings along, made by `python -m benchmarks.scoring train` (docs/scorer.md)."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from schemas.base import Record, Text
from schemas.codec import decode
from schemas.evidence import FieldName
from schemas.release import Scorer

Figure = Annotated[float, Field(ge=0)]


class Data(Record):
    """What the weights were learned from."""

    description: Text
    layouts: int
    papers: int


class Artefact(Record):
    """The scorer of the code, what it was learned from, and how much the data say of each weight.

    `information` is the diagonal of the Hessian of the log-likelihood, by which a release's own cases are weighed
    against these data. `figures` are those of the training data; what it is worth is told in docs/scorer.md.
    """

    scorer: Scorer
    data: Data
    information: dict[FieldName, dict[str, Figure]]
    figures: dict[FieldName, dict[str, Figure]]


@cache
def artefact() -> Artefact:
    """Return the artefact of this release; its file is part of the code."""
    return decode((resources.files(__package__) / "base.json").read_bytes(), Artefact)


def weights(scorer: Scorer | None, field: FieldName) -> Mapping[str, float]:
    """Return the weights of a field: the release's own, or the code's; none where neither has any."""
    own = scorer.of(field) if scorer is not None else None
    return own or _brought_along(field)


@cache
def _brought_along(field: FieldName) -> Mapping[str, float]:
    return artefact().scorer.of(field)
