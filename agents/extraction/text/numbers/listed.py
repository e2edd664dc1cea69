"""Lists of invoices, as reminders and statements have them: number, day and sum of each; none is the paper's own."""

from agents.extraction.text.beside import Beside
from agents.extraction.text.dates import holds_date
from agents.extraction.text.geometry import overlap
from agents.extraction.text.layout import Cell, Layout, Line

# Rows of a list follow each other within so many heights of the print.
ROW_HEIGHTS_MAX = 3.0


def is_listed(layout: Layout, place: Beside) -> bool:
    """Tell whether a value below its heading is the first of several: the next line has one too, and both have days.

    In a form the next line names other things.
    """
    row = layout.lines[place.cell.line]
    if place.direction != "below" or row.index + 1 == len(layout.lines) or not _has_day(row):
        return False
    line = layout.lines[row.index + 1]
    near = line.page == row.page and line.top - row.bottom <= ROW_HEIGHTS_MAX * place.cell.height
    return near and _has_day(line) and any(_is_number(cell) and _is_under(cell, place.cell) for cell in line.cells)


def _has_day(line: Line) -> bool:
    return any(holds_date(cell.text) for cell in line.cells)


def _is_number(cell: Cell) -> bool:
    return any(map(str.isdigit, cell.text)) and not holds_date(cell.text)


def _is_under(cell: Cell, above: Cell) -> bool:
    return overlap(cell.left, cell.right, above.left, above.right) > 0
