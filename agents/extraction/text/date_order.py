"""Whether 3/4 is the third of April or the fourth of March, from what else the document says of its days."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Order = Literal["dmy", "mdy"]
ORDERS: tuple[Order, Order] = ("dmy", "mdy")
# What a document is paid by is seldom later than this many days after it was written.
TERM_DAYS_MAX = 120
# `Net 30 days`, `30 jours`, `14 Tage`, `30 dní`: the days are counted in every language after their number.
_DAYS = re.compile(
    r"(?<![\d.,/])(\d{1,3})\s*(?:days?|jours?|tagen?|dagen|dias|giorni|dni|dnu|dagar|dage|paivaa|pv)(?![a-z])"
)
_NET = re.compile(r"\bnet\s*(\d{1,3})(?![\d.,/%])")


@dataclass(frozen=True, slots=True)
class Read:
    """A date in both orders. Where they are the same nothing was ambiguous; None is no day of the calendar."""

    dmy: date | None
    mdy: date | None
    concepts: frozenset[str]

    @property
    def is_sure(self) -> bool:
        """Tell whether it can be read in one way only."""
        return self.dmy == self.mdy

    def by(self, order: Order) -> date | None:
        """Return the date in one order."""
        return self.dmy if order == "dmy" else self.mdy


def terms_in(folded: str) -> frozenset[int]:
    """Return the numbers of days that a folded text gives to pay."""
    return frozenset(int(found) for pattern in (_DAYS, _NET) for found in pattern.findall(folded))


def decide(dates: Iterable[Read], terms: frozenset[int], fallback: Order | None) -> Order | None:
    """Return the order that the dates prove, else the one that they allow, else the fallback.

    An ambiguous date that is written out elsewhere proves its order, and so do terms of payment that lead from the
    issue to the due date. A due date before the issue date, or far behind it, rules an order out.
    """
    known = list(dates)
    sure = {one.dmy for one in known if one.is_sure}
    checks: tuple[Callable[[Order], bool], ...] = (
        lambda order: any(one.by(order) in sure for one in known if not one.is_sure),
        lambda order: any(days in terms for days in _spans(known, order)),
        lambda order: any(0 <= days <= TERM_DAYS_MAX for days in _spans(known, order)),
    )
    for check in checks:
        passed = [order for order in ORDERS if check(order)]
        if len(passed) == 1:
            return passed[0]
    return fallback


def _spans(known: list[Read], order: Order) -> list[int]:
    """Return the days from each issue date to each due date, where one of the two is ambiguous."""
    issued = [one for one in known if "issue_date" in one.concepts and "other_date" not in one.concepts]
    due = [one for one in known if "due_date" in one.concepts]
    return [
        (end - start).days
        for first in issued
        for last in due
        if not (first.is_sure and last.is_sure)
        and (start := first.by(order)) is not None
        and (end := last.by(order)) is not None
    ]
