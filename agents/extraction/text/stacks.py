"""Lines that stand under each other and belong together, whatever stands beside them: the lines of an address."""

from collections.abc import Callable, Iterator

from agents.extraction.text.layout import Cell, Layout

# Lines of one address are this close, in heights of their print.
GAP_HEIGHTS = 1.3
# Typewritten addresses leave a blank line after each; then only name, street and town in a row make an address.
WIDE_GAP_HEIGHTS = 2.6
# Edges that line up, in points.
LEFT_POINTS, RIGHT_POINTS, CENTRE_POINTS = 8.0, 3.0, 5.0
LINES_MAX = 10
# A form's rows of captions and values are more than the lines of an address.
ROWS_MAX = 24


def column_from(
    layout: Layout, first: Cell, gap_heights: float = GAP_HEIGHTS, ends: Callable[[Cell], bool] = lambda _: False
) -> list[Cell]:
    """Return a cell and those below it that line up, at the left, at the right or in the middle."""
    block = [first]
    for cell in _lined_up(layout, first, gap_heights):
        if ends(cell) or len(block) >= (ROWS_MAX if first.text.endswith(":") else LINES_MAX):
            break
        block.append(cell)
    return block


def _lined_up(layout: Layout, first: Cell, gap_heights: float) -> Iterator[Cell]:
    """Yield the cells below; where the first is a caption, what lines up with its value goes on the form as well."""
    last = first
    value = right_of(layout, first) if first.text.endswith(":") else None
    for line in layout.lines[first.line + 1 :]:
        if line.page != first.page or line.top - last.bottom > gap_heights * last.height:
            return
        below = [one for one in line.cells if _lines_up(first, one) or (value is not None and _lines_up(value, one))]
        yield from below[:1] if value is None else below
        last = below[0] if below else last


def _lines_up(first: Cell, cell: Cell) -> bool:
    return (
        abs(cell.left - first.left) < LEFT_POINTS
        or abs(cell.right - first.right) < RIGHT_POINTS
        or abs((cell.left + cell.right) - (first.left + first.right)) < 2 * CENTRE_POINTS
    )


def right_of(layout: Layout, cell: Cell) -> Cell | None:
    """Return the next cell on the same line."""
    cells = layout.lines[cell.line].cells
    at = cells.index(cell) + 1
    return cells[at] if at < len(cells) else None
