"""When a payment is to be executed: TARGET business days, cut-off, due date. Event time only, never the clock."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

# Banks' own cut-offs lie between 14:00 and 17:00 in Frankfurt; at 15:00 a file still leaves on the same day at most.
CUT_OFF_HOUR = 15
BANK_TIME_ZONE = ZoneInfo("Europe/Berlin")
# A credit transfer arrives on the next business day at the latest (PSD2, Article 83); a debt is paid when it arrives.
TRANSIT_BUSINESS_DAYS = 1
_DAY = timedelta(days=1)
_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Tell whether TARGET is open: neither a week-end nor one of its six holidays."""
    return day.weekday() < _SATURDAY and day not in _closing_days(day.year)


@lru_cache(maxsize=32)  # a few years at a time are asked for; the answer for a year never changes
def _closing_days(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))


def requested_execution_date(decided_at: datetime, due: date | None) -> date:
    """Return the business day on which the debtor's bank is to act.

    So late that the money arrives on the due date, never before the decision can be carried out, and as soon as
    possible where the due date is unknown or too near.
    """
    earliest = earliest_execution_date(decided_at)
    if due is None or due <= earliest:
        return earliest
    latest = _previous(due)
    for _ in range(TRANSIT_BUSINESS_DAYS):
        latest = _previous(latest - _DAY)
    return max(earliest, latest)


def earliest_execution_date(decided_at: datetime) -> date:
    """Return the first business day that a decision of this moment can still catch."""
    local = decided_at.astimezone(BANK_TIME_ZONE)
    return _next(local.date() if local.hour < CUT_OFF_HOUR else local.date() + _DAY)


def _next(day: date) -> date:
    while not is_business_day(day):
        day += _DAY
    return day


def _previous(day: date) -> date:
    while not is_business_day(day):
        day -= _DAY
    return day
