"""Planted anomalies are found, and of usual days hardly any is called unusual; on generated suppliers, by seed."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from app.anomalies.judging import DOCUMENTS_MIN, Z_MIN, Day, comparable, judge
from app.anomalies.score import amount_score, rate_score
from tests.app.anomalies.generated import FIELDS, Habits, day_of, habits, year

SUPPLIERS = 50
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
# On these seeds: none of 3,000. The bound leaves room for another Python's random numbers.
FALSE_ALARMS_MAX = 1 / 1_000


def plain(**changes: object) -> Habits:
    given: dict[str, object] = {
        "weekdays": (40, 20, 20, 20, 20, 2, 0),
        "missing": dict.fromkeys(FIELDS, 0.01),
        "held": (0.8, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05),
        "amount": 1_000.0,
        "spread": 0.4,
    }
    return Habits(**{**given, **changes})  # type: ignore[arg-type]


def kinds(strange: Habits, on: date, seed: int = 1) -> set[tuple[str, str]]:
    """What is found on a day of other habits, after eight weeks of the plain ones."""
    chance = random.Random(seed)
    past = {on - timedelta(days=n): day_of(plain(), on - timedelta(days=n), chance) for n in range(56, 0, -1)}
    return {(one.kind, one.field) for one in judge(day_of(strange, on, chance), comparable(past, on), FIELDS)}


def test_of_usual_days_hardly_any_is_called_unusual() -> None:
    judged, alarms = 0, Counter[str]()
    for seed in range(SUPPLIERS):
        chance = random.Random(seed)
        for on, day, past in year(habits(chance), chance):
            if (before := comparable(past, on)) and day.documents >= DOCUMENTS_MIN:
                judged += 1
                alarms.update(one.kind for one in judge(day, before, FIELDS))
    assert judged > 2_000
    assert sum(alarms.values()) <= FALSE_ALARMS_MAX * judged, alarms


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("on", "strange", "found"),
    [
        (MONDAY, plain(missing={**dict.fromkeys(FIELDS, 0.01), "due_date": 0.9}), ("missing", "due_date")),
        (WEDNESDAY, plain(missing={**dict.fromkeys(FIELDS, 0.01), "due_date": 0.9}), ("missing", "due_date")),
        (MONDAY, plain(amount=20_000.0), ("amount", "amount_due")),
        (WEDNESDAY, plain(amount=50.0), ("amount", "amount_due")),
        (WEDNESDAY, plain(held=(1.0,) * 7), ("review", "")),
    ],
    ids=["a field vanishes", "on a Wednesday too", "twenty times the sum", "a twentieth of it", "everything is held"],
)
def test_what_was_planted_is_found(on: date, strange: Habits, found: tuple[str, str], seed: int) -> None:
    assert kinds(strange, on, seed) == {found}


def test_a_monday_is_compared_with_mondays() -> None:
    """Most of it held: as always on a Monday, and unheard of on a Wednesday."""
    as_on_mondays = plain(weekdays=(30,) * 7, held=(0.8,) * 7)
    assert kinds(as_on_mondays, MONDAY) == set()
    assert kinds(as_on_mondays, WEDNESDAY) == {("review", "")}


def test_too_few_documents_or_days_say_nothing() -> None:
    day = Day()
    for _ in range(DOCUMENTS_MIN):
        day.add(FIELDS, 1.0, "EUR", held=True)
    past = {MONDAY - timedelta(days=n): day for n in range(1, 8)}
    assert comparable(past, MONDAY) == (), "seven days of any kind"
    assert len(comparable({**past, MONDAY - timedelta(days=8): day}, MONDAY)) == 8
    small = Day()
    small.add(FIELDS, 1.0, "EUR", held=True)
    assert judge(small, comparable({**past, MONDAY - timedelta(days=8): day}, MONDAY), FIELDS) == ()
    assert comparable({MONDAY: day, MONDAY + timedelta(days=7): day}, MONDAY) == (), "the future is no past"


def test_one_missing_field_is_no_alarm_where_none_was_ever_missing() -> None:
    past = [(0, 10)] * 8
    assert rate_score(1, 10, past).z < Z_MIN / 2
    assert rate_score(7, 10, past).z > Z_MIN


def test_few_strange_days_do_not_move_what_is_usual() -> None:
    past = [[100.0, 110.0, 90.0]] * 6 + [[1e9] * 3] * 2
    assert amount_score([1e6] * 5, past).z > 4.5
    assert amount_score([100.0] * 5, past).z == pytest.approx(0.0)
    assert amount_score([100.0] * 5, past).usual == pytest.approx(100.0)


def test_sums_that_are_zero_or_less_are_not_compared() -> None:
    day = Day()
    for amount in (0.0, -5.0, None, 3.0):
        day.add((), amount, "EUR", held=None)
    day.add((), 9.0, None, held=None)
    assert (day.amounts, day.decided, day.documents) == ({"EUR": [3.0]}, 0, 5)
