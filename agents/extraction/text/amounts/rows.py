"""The sums of one line, and what holds for all of them: their headings, and whether words stand beside them."""

import re
from dataclasses import dataclass

from agents.extraction.text.amounts.headings import CURRENCY, Heading, Headings
from agents.extraction.text.amounts.printed import Sum
from agents.extraction.text.currencies import PATTERN, is_currency_word
from agents.extraction.text.layout import Line

_NO_CURRENCY = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class Row:
    """The sums of a line from left to right, and the heading of each.

    `single` says that they are one value, be it twice, `bare` that no words stand beside them, as in the boxes of a
    form, `summary` that the headings right above name the VAT and a total.
    """

    sums: tuple[Sum, ...]
    heads: tuple[Heading, ...]
    single: bool
    bare: bool
    summary: bool

    def heading(self, at: int, headings: Headings, *, named: bool) -> Heading:
        """Return what heads a sum of the row; a currency alone heads one that nothing else names."""
        found = self.sums[at]
        if not named and self.single and found.fills_cell() and headings.is_under_currency(found.place):
            return frozenset({CURRENCY}), True
        return self.heads[at]


def row_of(line: Line, sums: list[Sum], headings: Headings, *, may_sum_up: bool, is_last: bool) -> Row:
    """Return the row that the sums of a line are.

    Args:
        line: the line.
        sums: its sums, one at least.
        headings: those of the document.
        may_sum_up: no other line stands under its headings; it is no row of a table.
        is_last: no line of the page below it holds sums.
    """
    heads = headings.over([found.place for found in sums])
    bare = _is_bare(line)
    return Row(
        sums=tuple(sums),
        heads=tuple(heads),
        single=len({found.value for found in sums}) == 1,
        bare=bare or (is_last and len(sums) == 1 and sums[0].fills_cell()),
        summary=may_sum_up and bare and _is_summary(heads),
    )


def _is_summary(heads: list[Heading]) -> bool:
    """Tell whether the headings right above a row are those of the totals: the VAT, and what it leads to."""
    named = frozenset(concept for concepts, stacked in heads if stacked for concept in concepts)
    return len(heads) > 2 and "vat" in named and bool(named & {"gross", "total", "payable"})


def _is_bare(line: Line) -> bool:
    """Tell whether sums and their currency are all that stands on the line: the boxes of a form."""
    words = [word for cell in line.cells for word in cell.words if not is_currency_word(word.text)]
    return not any(any(map(str.isalpha, _NO_CURRENCY.sub("", word.text))) for word in words)
