"""The lines: ruled, in a grid, by day, by meter, with sections; over several pages with amounts carried over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from benchmarks.accuracy.papers.desk import Desk
from benchmarks.accuracy.papers.facts import ZERO, Item
from benchmarks.accuracy.papers.surface import GREY

Cell = Callable[[Desk, Item, int], str]


def _number(desk: Desk, amount: Decimal) -> str:
    return desk.paper.notation.number(amount)


def _quantity(desk: Desk, item: Item, _: int) -> str:
    return f"{item.quantity.normalize():f}".replace(".", desk.paper.notation.point)


_CELLS: dict[str, Cell] = {
    "article": lambda _, __, row: f"{4011 + row * 37}",
    "description": lambda _, item, __: item.text,
    "quantity": _quantity,
    "price": lambda desk, item, _: _number(desk, item.price),
    "rate": lambda desk, item, _: desk.paper.notation.rate(item.rate) if not desk.paper.untaxed else "–",
    "amount": lambda desk, item, _: _number(desk, item.amount),
    "gross": lambda desk, item, _: _number(desk, item.amount + item.amount * item.rate / 100),
    "date": lambda desk, _, row: desk.paper.notation.day(desk.paper.issued - timedelta(days=30 - row)),
    "page": lambda _, __, row: str(row + 1),
}
_LEFT = ("article", "description", "date", "page")


@dataclass(frozen=True)
class Style:
    """Columns with their shares of the width, and how the table is ruled."""

    columns: Sequence[tuple[str, float]]
    frame: str  # ruled, grid, zebra, none, header
    row_height: float = 1.5


STYLES = {
    "ruled": Style(
        (("description", 0.46), ("quantity", 0.12), ("price", 0.16), ("rate", 0.1), ("amount", 0.16)), "ruled"
    ),
    "grid": Style(
        (("article", 0.1), ("description", 0.4), ("quantity", 0.1), ("price", 0.14), ("rate", 0.1), ("amount", 0.16)),
        "grid",
    ),
    "zebra": Style((("description", 0.5), ("quantity", 0.15), ("price", 0.15), ("amount", 0.2)), "zebra", 1.8),
    "bare": Style((("description", 0.55), ("quantity", 0.15), ("amount", 0.3)), "none"),
    "quantity_first": Style((("quantity", 0.1), ("description", 0.5), ("price", 0.2), ("amount", 0.2)), "header"),
    "dated": Style((("date", 0.18), ("description", 0.46), ("rate", 0.14), ("amount", 0.22)), "ruled"),
    "gross": Style(
        (
            ("page", 0.07),
            ("description", 0.37),
            ("quantity", 0.1),
            ("price", 0.14),
            ("rate", 0.1),
            ("amount", 0.11),
            ("gross", 0.11),
        ),
        "grid",
    ),
    "article": Style(
        (("article", 0.13), ("description", 0.45), ("price", 0.14), ("quantity", 0.1), ("amount", 0.18)), "header"
    ),
    "two_columns": Style((("description", 0.72), ("amount", 0.28)), "ruled", 1.7),
}


def _edges(desk: Desk, style: Style) -> list[tuple[str, float, float]]:
    x, wide, found = desk.left, desk.right - desk.left, []
    for key, share in style.columns:
        found.append((key, x, x + share * wide))
        x += share * wide
    return found


def _put(
    desk: Desk, edges: tuple[str, float, float], text: str, *, bold: bool = False, colour: str = "#111111"
) -> None:
    key, left, right = edges
    size = desk.sheet.size
    while desk.sheet.width(text, size, bold=bold) > right - left - 5 and size > 5.5:
        size -= 0.5
    if key in _LEFT:
        desk.sheet.text(left + 3, desk.y, text, size, bold=bold, colour=colour)
    else:
        desk.sheet.text(right - 3, desk.y, text, size, bold=bold, align="right", colour=colour)


def _header(desk: Desk, style: Style) -> None:
    height = desk.sheet.size * 1.7
    top = desk.y - desk.sheet.size * 1.2
    white = style.frame in ("zebra", "header") and desk.has("dark_header")
    if style.frame in ("zebra", "header"):
        desk.sheet.box(desk.left, top, desk.right - desk.left, height, desk.layout.colour if white else "#dde3ea")
    for edges in _edges(desk, style):
        label = "#" if edges[0] == "page" else desk.paper.words(edges[0])
        _put(desk, edges, label, bold=True, colour="#ffffff" if white else "#111111")
    if style.frame in ("ruled", "grid"):
        desk.sheet.line(desk.left, top + height, desk.right, top + height)
    desk.step(style.row_height)


def _row(desk: Desk, style: Style, item: Item, place: int) -> None:
    top, height = desk.y - desk.sheet.size * 1.2, desk.sheet.size * 1.35 * style.row_height
    if style.frame == "zebra" and place % 2:
        desk.sheet.box(desk.left, top, desk.right - desk.left, height, "#f3f3f3")
    for edges in _edges(desk, style):
        _put(desk, edges, _CELLS[edges[0]](desk, item, place))
        if style.frame == "grid":
            desk.sheet.box(edges[1], top, edges[2] - edges[1], height)
    if style.frame == "ruled":
        desk.sheet.line(desk.left, top + height, desk.right, top + height, 0.3, "#bbbbbb")
    desk.step(style.row_height)
    if desk.has("notes_in_lines"):
        desk.sheet.text(
            desk.left + 6,
            desk.y - 3,
            f"{desk.paper.words('delivery_note')} {7000 + place * 13}",
            desk.sheet.size - 2,
            colour=GREY,
        )
        desk.step(0.9)


def _carried(desk: Desk, style: Style, key: str, amount: Decimal) -> None:
    edges = _edges(desk, style)[-1]
    desk.sheet.text(edges[1] - 6, desk.y, desk.paper.words(key), bold=True, align="right")
    _put(desk, edges, _number(desk, amount), bold=True)
    desk.step(style.row_height)


def draw(desk: Desk) -> None:
    """Draw the lines in the layout's style; carry amounts over where the page ends."""
    style, total = STYLES[desk.layout.table], ZERO
    if desk.paper.kind == "delivery_note":
        style = Style((("article", 0.2), ("description", 0.6), ("quantity", 0.2)), style.frame)
    _header(desk, style)
    for place, item in enumerate(desk.paper.items):
        if desk.y + 60 > desk.bottom:
            if desk.has("carry"):
                _carried(desk, style, "carry", total)
            desk.room(999)
            _header(desk, style)
            if desk.has("carry"):
                _carried(desk, style, "brought", total)
        _row(desk, style, item, place)
        total += item.amount
    desk.step()


def meters(desk: Desk) -> None:
    """Meter readings before the lines: numbers in columns that are no money."""
    sheet, rng = desk.sheet, desk.paper.rng
    start = rng.randrange(10_000, 80_000)
    used = rng.randrange(150, 4_000)
    for text in (
        f"{desk.paper.words('period')}: {desk.paper.extras['period']}",
        f"{rng.randrange(10**7, 10**8)}    {start:,} – {start + used:,}    {used} kWh".replace(
            ",", desk.paper.notation.thousands
        ),
    ):
        sheet.text(desk.left, desk.y, text, 8, colour=GREY)
        desk.step()
    desk.step(0.5)
