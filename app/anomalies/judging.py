"""Judges a supplier's day by its own past days of the same weekday: pure functions of what was counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.anomalies.score import Score, amount_score, rate_score

Kind = Literal["missing", "amount", "review"]
KINDS: tuple[Kind, ...] = ("missing", "amount", "review")

# Of fewer documents a day says nothing.
DOCUMENTS_MIN = 5
# Four Mondays make a Monday. Where there are fewer, the last days of any kind stand for them, if there are enough.
SEASON_DAYS_MIN = 4
DAYS_MIN = 8
# Measured on generated suppliers (tests/app/anomalies): one false alarm in three thousand supplier-days; and a
# field that is missing on seven of ten documents, where it was hardly ever missing before, is found.
Z_MIN = 4.5


@dataclass
class Day:
    """What one supplier sent on one day, and what became of it. Amounts are apart by currency."""

    documents: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    amounts: dict[str, list[float]] = field(default_factory=dict)
    decided: int = 0
    held: int = 0

    def add(self, missing: Iterable[str], amount: float | None, currency: str | None, *, held: bool | None) -> None:
        """Count one document; `held` is None where nothing was decided yet."""
        self.documents += 1
        self.missing.update(missing)
        if currency is not None and amount is not None and amount > 0:
            self.amounts.setdefault(currency, []).append(amount)
        if held is not None:
            self.decided += 1
            self.held += held


@dataclass(frozen=True)
class Anomaly:
    """What is unusual. `field` is empty where it is not about a field."""

    kind: Kind
    field: str
    score: Score
    documents: int


def comparable(past: Mapping[date, Day], on: date) -> tuple[Day, ...]:
    """Return the earlier days that a day is compared with; none where there are too few."""
    enough = {when: day for when, day in past.items() if when < on and day.documents >= DOCUMENTS_MIN}
    season = tuple(day for when, day in enough.items() if when.weekday() == on.weekday())
    if len(season) >= SEASON_DAYS_MIN:
        return season
    return tuple(enough.values()) if len(enough) >= DAYS_MIN else ()


def judge(day: Day, past: Sequence[Day], fields: Iterable[str]) -> tuple[Anomaly, ...]:
    """Return what is unusual about a day; nothing where either side is too small to say."""
    if day.documents < DOCUMENTS_MIN or not past:
        return ()
    return tuple(anomaly for anomaly in _scored(day, past, fields) if _is_unusual(anomaly))


def _usual_currency(past: Iterable[Day]) -> str:
    """Return the currency of most invoices; sums in others are not comparable."""
    seen: Counter[str] = Counter()
    for day in past:
        seen.update({currency: len(amounts) for currency, amounts in day.amounts.items()})
    return max(seen, key=lambda currency: (seen[currency], currency), default="")


def _is_unusual(anomaly: Anomaly) -> bool:
    """Tell whether it is worth a look. That fewer fields are missing than usual is no reason for one."""
    return anomaly.score.z >= Z_MIN or (anomaly.kind != "missing" and anomaly.score.z <= -Z_MIN)


def _scored(day: Day, past: Sequence[Day], fields: Iterable[str]) -> Iterator[Anomaly]:
    for name in fields:
        rates = [(before.missing[name], before.documents) for before in past]
        yield Anomaly("missing", name, rate_score(day.missing[name], day.documents, rates), day.documents)
    currency = _usual_currency(past)
    own, amounts = (
        day.amounts.get(currency, []),
        [before.amounts[currency] for before in past if currency in before.amounts],
    )
    if len(own) >= DOCUMENTS_MIN and len(amounts) >= SEASON_DAYS_MIN:
        yield Anomaly("amount", "amount_due", amount_score(own, amounts), day.documents)
    reviews = [(before.held, before.decided) for before in past if before.decided]
    if day.decided >= DOCUMENTS_MIN and len(reviews) >= SEASON_DAYS_MIN:
        yield Anomaly("review", "", rate_score(day.held, day.decided, reviews), day.documents)
