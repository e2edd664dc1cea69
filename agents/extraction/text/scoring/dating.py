"""What may be the date of issue or the day to pay by: every day that the reader has found.

Which day is the first and which the last is no feature: real papers tell of deliveries, of other invoices and of when
they were printed, and generated ones tell less of it, so that a scorer taught with those would believe in the order.
"""

from collections.abc import Iterator

from agents.extraction.text.anchored import Readings
from agents.extraction.text.dates import Dated
from agents.extraction.text.scoring.candidates import Candidate, Sighted, Surroundings, merged

_CALLED = ("issue_date", "due_date", "other_date", "on")
# A line of a letter's head has few words: `Lyon, le 3 mars 2026`.
LETTER_WORDS_MAX = 6


def days(readings: Readings, around: Surroundings) -> tuple[Candidate, ...]:
    """Return the candidates; a day whose month nobody can tell is none."""
    known = [(dated, dated.value) for dated in readings.dates if dated.value is not None]
    sums = {amount.line for amount in readings.amounts}
    return merged(
        (
            Sighted(
                day.isoformat(),
                dated.raw,
                dated.cell.page,
                dated.box,
                frozenset({*_names(dated), *around.of(dated.cell), *_row(dated, sums)}),
            )
            for dated, day in known
        ),
        str,
    )


def _names(dated: Dated) -> Iterator[str]:
    known = [name for name in _CALLED if name in dated.concepts]
    yield from (f"day:{name}" for name in known)
    if not known:
        yield "day:else" if dated.concepts else "day:unnamed"
    if dated.label_words > 1:
        yield "day:long"
    if dated.with_invoice:
        yield "day:invoice"
    if not dated.concepts and dated.cell.page == 1 and len(dated.cell.words) <= LETTER_WORDS_MAX:
        yield "day:letter"


def _row(dated: Dated, sums: set[int]) -> Iterator[str]:
    if dated.cell.line in sums:
        yield "row"
