"""When the invoice was issued and when it is due, among all the dates of the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.extraction.text.dates import Dated
from agents.extraction.text.numbers.number import Number

NAMED, PLAIN, LETTER, REPEATED = 0.95, 0.85, 0.7, 0.97
# A date that follows the number in its own cell belongs to it: `Invoice 4711 of 5 May 2026`.
BEHIND_NUMBER_CHARACTERS_MAX = 16


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the invoice and how sure it is."""

    dated: Dated
    confidence: float


def issue_date(dates: Iterable[Dated], number: Number | None) -> Moment | None:
    """Return the date of the invoice: called so, behind its number, called `Date`, or at the head of the letter."""
    known = [dated for dated in dates if dated.value is not None]
    named = [d for d in known if "issue_date" in d.concepts and "other_date" not in d.concepts and d.label_words > 1]
    behind = [d for d in known if number is not None and _is_behind(d, number)]
    behind = behind or [d for d in known if "on" in d.concepts and d.with_invoice]
    plain = [d for d in known if "issue_date" in d.concepts and "other_date" not in d.concepts]
    letter = [d for d in known if not d.concepts and d.cell.page == 1 and len(d.cell.words) <= 6]
    for found, confidence in ((named, NAMED), (behind, NAMED), (plain, PLAIN)):
        if len({d.value for d in found}) == 1:
            return Moment(found[0], confidence)
        if found and confidence == NAMED:
            return Moment(found[0], LETTER) if found[0].cell.page == 1 and found is behind else None
    if plain:
        return Moment(plain[0], LETTER)
    return Moment(letter[0], LETTER) if letter else None


def due_date(dates: Iterable[Dated]) -> Moment | None:
    """Return the date until which it is to be paid; None where several are named."""
    due = [dated for dated in dates if dated.value is not None and "due_date" in dated.concepts]
    if len({dated.value for dated in due}) != 1:
        return None
    return Moment(due[0], REPEATED if len(due) > 1 else NAMED)


def _is_behind(dated: Dated, number: Number) -> bool:
    if dated.cell.line != number.cell.line:
        return False
    after = dated.cell.text.find(number.value)
    if dated.cell is not number.cell or after < 0:
        return False
    gap = dated.cell.text.find(dated.raw) - after - len(number.value)
    return 0 <= gap <= BEHIND_NUMBER_CHARACTERS_MAX
