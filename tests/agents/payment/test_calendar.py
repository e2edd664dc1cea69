"""The execution date: a TARGET business day, on time, never in the past."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.payment.calendar import earliest_execution_date, is_business_day, requested_execution_date


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "day",
    ["2027-01-01", "2027-03-26", "2027-03-29", "2026-05-01", "2026-12-25", "2025-12-26", "2026-11-28", "2026-11-29"],
)
def test_target_is_closed(day: str) -> None:
    assert not is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-24", "2026-12-31", "2026-11-11", "2026-07-14"])
def test_national_holidays_are_business_days(day: str) -> None:
    assert is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("decided", "earliest"),
    [
        ("2026-11-24T10:00+01:00", "2026-11-24"),
        ("2026-11-24T14:59:59+01:00", "2026-11-24"),
        ("2026-11-24T15:00:00+01:00", "2026-11-25"),
        ("2026-11-24T13:59:59+00:00", "2026-11-24"),  # the same moment in winter time
        ("2026-07-14T12:59:59+00:00", "2026-07-14"),
        ("2026-07-14T13:00:00+00:00", "2026-07-15"),  # and an hour earlier in summer
        ("2026-11-24T23:30:00+00:00", "2026-11-25"),  # already tomorrow in Frankfurt
        ("2026-11-27T15:00:00+01:00", "2026-11-30"),  # Friday, too late
        ("2026-12-24T16:00:00+01:00", "2026-12-28"),  # over Christmas and a week-end
        ("2026-12-31T16:00:00+01:00", "2027-01-04"),
    ],
)
def test_the_cut_off_is_in_frankfurt(decided: str, earliest: str) -> None:
    assert earliest_execution_date(moment(decided)) == date.fromisoformat(earliest)


@pytest.mark.parametrize(
    ("due", "execution"),
    [
        (None, "2026-11-24"),
        ("2026-12-20", "2026-12-17"),  # due on a Sunday: there by Friday
        ("2026-12-28", "2026-12-24"),  # Christmas and a week-end lie before
        ("2026-12-01", "2026-11-30"),
        ("2026-11-25", "2026-11-24"),
        ("2026-11-24", "2026-11-24"),  # too late to be there on time: at once
        ("2020-01-01", "2026-11-24"),
        ("0001-01-01", "2026-11-24"),
        ("9999-12-31", "9999-12-30"),
    ],
)
def test_the_money_arrives_on_the_due_date(due: str | None, execution: str) -> None:
    wanted = date.fromisoformat(due) if due else None

    assert requested_execution_date(moment("2026-11-24T10:00+01:00"), wanted) == date.fromisoformat(execution)


@given(
    decided=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    due=st.one_of(st.none(), st.dates(), st.dates(min_value=date(2019, 1, 1), max_value=date(2042, 1, 1))),
)
def test_never_in_the_past_never_late_without_need_and_always_a_business_day(
    decided: datetime, due: date | None
) -> None:
    execution, earliest = requested_execution_date(decided, due), earliest_execution_date(decided)

    assert is_business_day(execution)
    assert execution >= earliest >= decided.date()
    assert earliest - decided.date() <= timedelta(days=7)
    if due is not None:
        assert execution == earliest or execution < due
