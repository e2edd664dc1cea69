"""The totals: rows at the right, boxes, tables of rates, headings above values, one row, a sentence."""

from collections.abc import Callable
from decimal import Decimal

from benchmarks.accuracy.papers.desk import Desk
from benchmarks.accuracy.papers.facts import ZERO

Row = tuple[str, Decimal, str]  # label, amount, weight: plain or strong


def _is_final_named(desk: Desk) -> bool:
    """Tell whether the sum to pay has a label of its own: it must, where it is not the total with VAT."""
    return desk.paper.adjusted or "payable" in desk.layout.traits


def _before_tax(desk: Desk) -> list[Row]:
    paper, words = desk.paper, desk.paper.words
    found: list[Row] = []
    if paper.discount:
        found.append((words("discount_total", rate=paper.notation.rate(paper.discount_rate)), -paper.discount, "plain"))
    if paper.shipping:
        found.append((words("shipping"), paper.shipping, "plain"))
    return found


def _taxes(desk: Desk) -> list[Row]:
    paper, words = desk.paper, desk.paper.words
    lines = paper.breakdown()
    if desk.has("vat_in_one") or not lines:
        return [(words("vat_total"), paper.vat, "plain")] if lines else []
    return [(words("vat", rate=paper.notation.rate(rate)), tax, "plain") for rate, _, tax in lines]


def _after_gross(desk: Desk) -> list[Row]:
    paper, words = desk.paper, desk.paper.words
    found: list[Row] = []
    if paper.withheld:
        found.append((words("withheld", rate=paper.notation.rate(paper.withheld_rate)), -paper.withheld, "plain"))
    if paper.prepaid:
        found.append((words("prepaid"), -paper.prepaid, "plain"))
    if paper.previous:
        found.append((words("previous"), paper.previous, "plain"))
    if paper.rounded:
        found.append((words("rounding"), paper.payable - paper.before_rounding, "plain"))
    if _is_final_named(desk):
        desk.show("payable")
        found.append((words("payable"), paper.payable, "strong"))
    return found


def all_rows(desk: Desk) -> list[Row]:
    """Return every row of the totals, from the sum of the lines to the sum to pay."""
    paper, words = desk.paper, desk.paper.words
    found = _before_tax(desk)
    if not paper.untaxed:
        found.append((words("net"), paper.net, "plain"))
        desk.show("net")
    found += _taxes(desk)
    if len(paper.breakdown()) == 1 or desk.has("vat_in_one"):
        desk.show("vat")
    desk.show("gross")
    found.append((words("gross"), paper.gross, "plain" if _is_final_named(desk) else "strong"))
    return found + _after_gross(desk)


def _text(desk: Desk, amount: Decimal) -> str:
    notation = desk.paper.notation
    return notation.number(amount) if desk.has("bare_totals") else notation.money(amount)


def right(desk: Desk) -> None:
    """Labels and amounts in two columns at the right."""
    rows = all_rows(desk)
    desk.room(len(rows) * 16)
    for label, amount, weight in rows:
        strong = weight == "strong"
        if strong:
            desk.sheet.line(desk.right - 210, desk.y - 10, desk.right, desk.y - 10)
        desk.sheet.text(desk.right - 210, desk.y, label, bold=strong)
        desk.sheet.text(desk.right, desk.y, _text(desk, amount), bold=strong, align="right")
        desk.step(1.15)
    desk.step(0.6)


def flush(desk: Desk) -> None:
    """Labels flush right with a colon, the amounts beside them; the last one shaded and larger."""
    rows = all_rows(desk)
    desk.room(len(rows) * 17)
    for label, amount, weight in rows:
        strong, size = weight == "strong", desk.sheet.size + (2 if weight == "strong" else 0)
        if strong:
            desk.sheet.box(desk.middle - 20, desk.y - 12, desk.right - desk.middle + 20, 19, "#e4e9ef")
        desk.sheet.text(desk.right - 96, desk.y, f"{label}:", size, bold=strong, align="right")
        desk.sheet.text(desk.right - 4, desk.y, _text(desk, amount), size, bold=strong, align="right")
        desk.step(1.35)
    desk.step(0.6)


def left(desk: Desk) -> None:
    """Label, currency and amount at the left margin."""
    rows = all_rows(desk)
    desk.room(len(rows) * 15)
    for label, amount, weight in rows:
        desk.sheet.text(desk.left, desk.y, label, bold=weight == "strong")
        desk.sheet.text(desk.left + 250, desk.y, _text(desk, amount), bold=weight == "strong", align="right")
        desk.step(1.1)
    desk.step(0.8)


def rates(desk: Desk) -> None:
    """A table of rates with base, tax and gross, and the sum to pay in a frame beside it."""
    paper, words, sheet, notation = desk.paper, desk.paper.words, desk.sheet, desk.paper.notation
    desk.room(110)
    top, xs = desk.y, [desk.left, desk.left + 75, desk.left + 150, desk.left + 225]
    for x, label in zip(xs, (words("rate"), words("base"), words("tax"), words("gross")), strict=True):
        sheet.text(x + 70, desk.y, label, 7.5, bold=True, align="right")
    for rate, base, tax in paper.breakdown() or [(ZERO, paper.net, ZERO)]:
        desk.step()
        cells = (notation.rate(rate), notation.number(base), notation.number(tax), notation.number(base + tax))
        for x, cell in zip(xs, cells, strict=True):
            sheet.text(x + 70, desk.y, cell, 8, align="right")
    below, desk.y = desk.y, top
    rows = all_rows(desk)
    for label, amount, weight in rows:
        size = 7.5 if sheet.width(label) > 100 else sheet.size
        sheet.text(desk.right - 175, desk.y, label, size, bold=weight == "strong")
        sheet.text(desk.right, desk.y, _text(desk, amount), bold=weight == "strong", align="right")
        desk.step(1.15)
    desk.y = max(desk.y, below) + 14


def headings(desk: Desk) -> None:
    """One row of headings, one row of amounts: net, VAT, gross, to pay."""
    rows = all_rows(desk)
    desk.room(60)
    wide = (desk.right - desk.left) / len(rows)
    desk.sheet.box(desk.left, desk.y - 11, desk.right - desk.left, 34)
    for place, (label, amount, weight) in enumerate(rows):
        x = desk.left + (place + 1) * wide - 4
        size = min(8.0, 8.0 * (wide - 8) / max(desk.sheet.width(label, 8), 1))
        desk.sheet.text(x, desk.y, label, size, align="right", bold=True)
        text = _text(desk, amount)
        size = min(9.0, 9.0 * (wide - 8) / max(desk.sheet.width(text, 9), 1))
        desk.sheet.text(x, desk.y + 16, text, size, align="right", bold=weight == "strong")
    desk.y += 46


def dotted(desk: Desk) -> None:
    """Rows of dots between label and amount, over half the width."""
    rows, sheet = all_rows(desk), desk.sheet
    desk.room(len(rows) * 15)
    for label, amount, weight in rows:
        text = _text(desk, amount)
        room = 235 - sheet.width(label) - sheet.width(text)
        dots = "." * max(3, int(room / sheet.width(".")))
        sheet.text(desk.right - 250, desk.y, f"{label} {dots} {text}", bold=weight == "strong")
        desk.step(1.1)
    desk.step(0.8)


def final_only(desk: Desk) -> None:
    """Totals small, and the sum to pay once more in large letters."""
    right(desk)
    paper = desk.paper
    desk.show("payable")
    desk.room(30)
    desk.sheet.text(desk.left, desk.y + 4, paper.words("payable"), 11, bold=True)
    desk.sheet.text(
        desk.right,
        desk.y + 4,
        paper.notation.coded(paper.payable),
        15,
        bold=True,
        align="right",
        colour=desk.layout.colour,
    )
    desk.step(2.2)


SUMS: dict[str, Callable[[Desk], None]] = {
    "right": right,
    "flush": flush,
    "left": left,
    "rates": rates,
    "headings": headings,
    "dotted": dotted,
    "final_only": final_only,
}


def summary(desk: Desk) -> None:
    """The sum to pay and the last day in a box near the top, as bills of utilities have it."""
    paper, words, sheet = desk.paper, desk.paper.words, desk.sheet
    if paper.kind in ("quote", "order", "delivery_note", "reminder", "statement"):
        return
    desk.show("payable")
    sheet.box(desk.right - 190, desk.y, 190, 46, "#e9f1ea")
    sheet.text(desk.right - 180, desk.y + 16, words("payable"), 9)
    sheet.text(desk.right - 10, desk.y + 16, paper.notation.coded(paper.payable), 13, bold=True, align="right")
    if "due_in_words" not in desk.layout.traits:
        sheet.text(desk.right - 180, desk.y + 36, words("due"), 9)
        sheet.text(desk.right - 10, desk.y + 36, desk.value("due"), 10, align="right")
    desk.y += 64


def remarks(desk: Desk) -> None:
    """What stands below the totals: currency, exemption, cash discount, equivalent, words."""
    paper, words, notation = desk.paper, desk.paper.words, desk.paper.notation
    found: list[str] = []
    if paper.untaxed:
        found.append(words(paper.untaxed))
    if desk.has("skonto") and paper.kind == "invoice":
        early = (paper.payable * Decimal("0.98")).quantize(Decimal("0.01"))
        found.append(words("skonto", date=notation.day(paper.extras_day), amount=notation.coded(early)))
    if desk.has("equivalent"):
        other = "USD" if paper.currency == "EUR" else "EUR"
        amount = (paper.gross * Decimal("1.0834")).quantize(Decimal("0.01"))
        found.append(
            words("equivalent", amount=f"{other} {notation.number(amount)}", rate=notation.number(Decimal("1.0834"), 4))
        )
    if not notation.names_currency or desk.has("bare_totals"):
        found.append(_currency_line(desk))
    for text in found:
        desk.room(30)
        desk.y = desk.sheet.wrapped(desk.left, desk.y, desk.right - desk.left, text, desk.sheet.size - 0.5)
        desk.step(0.3)


_CURRENCY = {
    "fr": "Montants exprimés en {}",
    "en": "All amounts in {}",
    "de": "Alle Beträge in {}",
    "nl": "Alle bedragen in {}",
    "es": "Importes en {}",
    "it": "Importi in {}",
    "pt": "Valores em {}",
    "pl": "Waluta: {}",
    "fi": "Summat {}",
    "sv": "Valuta: {}",
    "da": "Beløb i {}",
    "cs": "Částky v {}",
}


def _currency_line(desk: Desk) -> str:
    return _CURRENCY[desk.paper.language].format(desk.paper.currency)
