"""Lessons of one cause together, the dearest first.

Sums of different currencies are never added. A cluster is ranked in each of its currencies by what was at risk (each
document once) times how many documents it has; its place is the best of those, so that each currency's worst cluster
stands above every currency's second. Where nothing was at risk, the number of documents decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.cause import Cause, CauseClass
from schemas.feedback import FeedbackRecorded

Dimension = Literal["supplier", "layout", "field", "language", "lane", "release"]
Alike = Callable[[str, str], bool]
# Nobody looks at more of one cluster; the count says how many there are.
EXAMPLES_MAX = 5
NONE = ""


@dataclass(frozen=True)
class Explained:
    """One lesson, its cause, and the language of its document where that is known."""

    lesson: FeedbackRecorded
    cause: Cause
    language: str | None = None


@dataclass(frozen=True)
class Cluster:
    """Lessons of one cause and one value of a dimension; `value` is empty where it is not known.

    `at_risk` is by currency; `rank` begins at 1. `examples` are the newest, one a document.
    """

    kind: CauseClass
    dimension: Dimension
    value: str
    lessons: int
    documents: int
    at_risk: Mapping[str, Decimal]
    rank: int
    examples: tuple[Explained, ...]


def clusters(explained: Iterable[Explained], dimension: Dimension, alike: Alike) -> tuple[Cluster, ...]:
    """Return the clusters by rank. A lesson that was told twice counts once.

    Args:
        explained: in any order.
        dimension: what to part the causes by.
        alike: tells whether two sketches are of one layout.
    """
    once = {each.lesson.feedback_id: each for each in explained}
    groups: dict[tuple[CauseClass, str], list[Explained]] = {}
    layouts: list[str] = []
    for _, each in sorted(once.items()):
        value = _value(each, dimension)
        if dimension == "layout" and value:
            value = _layout(value, layouts, alike)
        groups.setdefault((each.cause.kind, value), []).append(each)
    risks = {key: _at_risk(group) for key, group in groups.items()}
    counts = {key: len(_documents(group)) for key, group in groups.items()}
    ranked = sorted(groups, key=lambda key: (_place(key, risks, counts), -counts[key], key))
    return tuple(
        Cluster(
            kind=kind,
            dimension=dimension,
            value=value,
            lessons=len(groups[kind, value]),
            documents=counts[kind, value],
            at_risk=risks[kind, value],
            rank=rank,
            examples=_examples(groups[kind, value]),
        )
        for rank, (kind, value) in enumerate(ranked, start=1)
    )


def _value(each: Explained, dimension: Dimension) -> str:
    lesson = each.lesson
    values: Mapping[Dimension, str | None] = {
        "supplier": lesson.supplier_id,
        "layout": lesson.layout,
        "field": lesson.field,
        "language": each.language,
        "lane": lesson.lane,
        "release": lesson.release,
    }
    return values[dimension] or NONE


def _layout(value: str, known: list[str], alike: Alike) -> str:
    """Return the first sketch that is alike: it names the layout."""
    found = next((each for each in known if alike(each, value)), None)
    if found is None:
        known.append(value)
    return found or value


def _documents(group: Iterable[Explained]) -> dict[str, Explained]:
    return {each.lesson.document_id: each for each in group}


def _at_risk(group: Iterable[Explained]) -> Mapping[str, Decimal]:
    """Return the sums by currency, each document once with the largest sum that is told of it."""
    largest: dict[tuple[str, str], Decimal] = {}
    for each in group:
        amount = each.lesson.at_risk
        if amount is not None:
            key = (each.lesson.document_id, amount.currency)
            largest[key] = max(largest.get(key, amount.value), amount.value)
    sums: dict[str, Decimal] = {}
    for (_, currency), value in largest.items():
        sums[currency] = sums.get(currency, Decimal()) + value
    return dict(sorted(sums.items()))


def _place(
    key: tuple[CauseClass, str],
    risks: Mapping[tuple[CauseClass, str], Mapping[str, Decimal]],
    counts: Mapping[tuple[CauseClass, str], int],
) -> int:
    """Return the best place of a cluster among those of each of its currencies, or one behind all."""
    places = [
        1 + sum(risks[other].get(currency, Decimal()) * counts[other] > value * counts[key] for other in risks)
        for currency, value in risks[key].items()
    ]
    return min(places, default=len(risks) + 1)


def _examples(group: Sequence[Explained]) -> tuple[Explained, ...]:
    newest = sorted(_documents(group).values(), key=lambda each: (each.lesson.recorded_at, each.lesson.feedback_id))
    return tuple(reversed(newest[-EXAMPLES_MAX:]))
