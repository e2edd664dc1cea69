"""How a wrong value resembles the right one: by its digits, by a turned date, by letters that look alike.

Values are canonical (schemas/evidence.py): sums with a dot, dates in ISO 8601, identifiers compact.
"""

import re
from datetime import date
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from schemas.money import parse_money

# Signs that one picture shows and another engine reads: each group looks alike to it.
_LOOK_ALIKE = (
    frozenset("0ODQ"), frozenset("1ILJ|7"), frozenset("2Z7"), frozenset("5S6"), frozenset("8B3"), frozenset("6G"),
    frozenset("4A"), frozenset("9GQ"), frozenset("UV"), frozenset("MN"), frozenset("EFC"), frozenset("RP"),
)  # fmt: skip
# Two of ten signs wrong is still the same word misread; more is another word.
EDITS_MAX = 2
SIGNS_PER_EDIT_MIN = 4
# Sums have at most eighteen digits.
THOUSAND, GROUPS_MAX = 1000, 6
_SIGN = re.compile(r"[^\W_]")


def number_of(value: str | None) -> Decimal | None:
    """Return the number that a value is, or None."""
    return None if value is None else parse_money(value)


def is_same_digits(wrong: str, right: str) -> bool:
    """Tell whether two different sums have the same digits: a separator was taken for another one, or a sign was lost.

    >>> is_same_digits("1.234", "1234.00"), is_same_digits("12.34", "12.43")
    (True, False)
    """
    one, other = number_of(wrong), number_of(right)
    if not one or not other or one == other:
        return False
    return _digits(one) == _digits(other)


def is_cut_at_separator(wrong: str, right: str) -> bool:
    """Tell whether one sum is the other one before or behind a separator, or with that of thousands for its point.

    >>> is_cut_at_separator("234.50", "1234.50"), is_cut_at_separator("1.234", "1234.50")
    (True, True)
    """
    one, other = number_of(wrong), number_of(right)
    if not one or not other or one == other:
        return False
    small, large = sorted((abs(one), abs(other)))
    cuts = (THOUSAND**groups for groups in range(1, GROUPS_MAX))
    return any(large >= cut and (small in {large % cut, large // cut} or small * cut == large // 1) for cut in cuts)


def _digits(number: Decimal) -> str:
    return f"{abs(number):f}".replace(".", "").strip("0")


def is_turned_date(wrong: str, right: str) -> bool:
    """Tell whether two dates are made of the same numbers in another order, or of another century.

    >>> is_turned_date("2026-03-04", "2026-04-03"), is_turned_date("2004-03-26", "2026-03-04")
    (True, True)
    """
    one, other = _date(wrong), _date(right)
    if one is None or other is None or one == other:
        return False
    same_day = (one.month, one.day) == (other.month, other.day)
    return sorted(_parts(one)) == sorted(_parts(other)) or (same_day and one.year % 100 == other.year % 100)


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _parts(day: date) -> tuple[int, int, int]:
    return day.year % 100, day.month, day.day


def is_misread(wrong: str, right: str) -> bool:
    """Tell whether two values differ only by signs that look alike.

    >>> is_misread("F2O26-0042", "F2026-0042"), is_misread("F2026-0043", "F2026-0042")
    (True, False)
    """
    one, other = _signs(wrong), _signs(right)
    if one == other or len(one) != len(other):
        return False
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return all(any(set(pair) <= group for group in _LOOK_ALIKE) for pair in differing) and _is_few(
        len(differing), one, other
    )


def is_close(wrong: str, right: str) -> bool:
    """Tell whether so few signs were added, lost or changed that it is one word, read badly."""
    one, other = _signs(wrong), _signs(right)
    return one != other and _is_few(Levenshtein.distance(one, other, score_cutoff=EDITS_MAX), one, other)


def _is_few(edits: int, one: str, other: str) -> bool:
    return edits <= EDITS_MAX and edits * SIGNS_PER_EDIT_MIN <= max(len(one), len(other))


def _signs(value: str) -> str:
    return "".join(_SIGN.findall(value.upper()))
