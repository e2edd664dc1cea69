"""Generated suppliers: a year of days with a weekly season, each with habits of its own, drawn by seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.anomalies.judging import Day

FIELDS = ("invoice_number", "issue_date", "due_date", "seller_name", "amount_due")
FIRST = date(2026, 1, 1)
DAYS = 140
PAST_DAYS = 56


@dataclass(frozen=True)
class Habits:
    """How many documents on which weekday, how often a field is missing or a document held, how large the sums are."""

    weekdays: tuple[int, ...]
    missing: dict[str, float]
    held: tuple[float, ...]  # by weekday: the Monday batch is of another kind
    amount: float
    spread: float


def habits(chance: random.Random) -> Habits:
    size = chance.choice((6, 10, 20, 40))
    monday, held = chance.choice((1, 1, 3)), chance.choice((0.0, 0.05, 0.2, 0.5))
    return Habits(
        weekdays=(size * monday, size, size, size, size, size // 4, 0),
        missing={name: chance.choice((0.0, 0.0, 0.01, 0.1, 0.6)) for name in FIELDS},
        held=(min(1.0, held * 1.5), *[held] * 6),
        amount=10 ** chance.uniform(1.5, 4.5),
        spread=chance.choice((0.0, 0.3, 1.0)),
    )


def day_of(known: Habits, on: date, chance: random.Random) -> Day:
    day = Day()
    usual = known.weekdays[on.weekday()]
    for _ in range(max(0, round(chance.gauss(usual, usual**0.5)))):
        missing = [name for name in FIELDS if chance.random() < known.missing[name]]
        amount = known.amount * chance.lognormvariate(0.0, known.spread)
        day.add(missing, amount, "EUR", held=chance.random() < known.held[on.weekday()])
    return day


def year(known: Habits, chance: random.Random) -> Iterator[tuple[date, Day, dict[date, Day]]]:
    """Yield each day with the eight weeks before it, from the ninth week on."""
    days = {FIRST + timedelta(days=n): None for n in range(DAYS)}
    drawn = {on: day_of(known, on, chance) for on in days}
    for on, day in drawn.items():
        past = {when: one for when, one in drawn.items() if on - timedelta(days=PAST_DAYS) <= when < on}
        if len(past) == PAST_DAYS:
            yield on, day, past
