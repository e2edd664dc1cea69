"""Sums of money on the page, each with what its row and its column call it."""

from collections import Counter
from collections.abc import Iterator

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.amounts.headings import Headings
from agents.extraction.text.amounts.naming import concepts_for, groups, is_dated, is_pure
from agents.extraction.text.amounts.printed import Sum, printed_sums
from agents.extraction.text.amounts.rows import Row, row_of
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Layout

# More sums than these are an itemised bill; its totals are among the first and the last.
AMOUNTS_MAX = 4_000


def find_amounts(layout: Layout, labels: Labels) -> tuple[Amount, ...]:
    """Return the sums of the document in reading order."""
    sums = {line: found for line, found in printed_sums(layout).items() if found}
    headings = Headings(layout, labels, set(sums))
    alone = _alone_under_headings(sums, headings)
    last = {layout.lines[line].page: line for line, found in sums.items() if not found[0].is_prose}
    amounts: list[Amount] = []
    for line, found in sums.items():
        is_last = last.get(layout.lines[line].page) == line
        row = row_of(layout.lines[line], found, headings, may_sum_up=line in alone, is_last=is_last)
        amounts.extend(_named(row, labels, headings))
    if len(amounts) > AMOUNTS_MAX:
        return tuple(amounts[: AMOUNTS_MAX // 2] + amounts[-AMOUNTS_MAX // 2 :])
    return tuple(amounts)


def _alone_under_headings(rows: dict[int, list[Sum]], headings: Headings) -> set[int]:
    """Return the lines of several sums that are the only such ones under their headings: no row of a table."""
    over = {line: headings.line_over(row[0].cell) for line, row in rows.items() if len(row) > 2}
    counted = Counter(over.values())
    return {line for line, heading in over.items() if heading is not None and counted[heading] == 1}


def _named(row: Row, labels: Labels, headings: Headings) -> Iterator[Amount]:
    """Yield the sums of one line with their names: what stands before the first of them, up to the next name."""
    at = 0
    for own, group in groups(row.sums, labels):
        for rank, found in enumerate(group):
            column, stacked = row.heading(at, headings, named=bool(own))
            at += 1
            yield Amount(
                found.value, found.raw, found.currency, found.cell, found.words,
                concepts_for(found, own, labels), column, rank, len(group), stacked, found.is_prose,
                is_pure(own, found), row.bare, row.single, row.summary, is_dated(found, labels),
            )  # fmt: skip
