"""Number, days and references of the paper: labels at the left, above, in tables, in sentences."""

from collections.abc import Callable

from benchmarks.accuracy.papers.desk import NEGATIVES, Desk
from benchmarks.accuracy.papers.surface import GREY

_DATED = ("reminder", "statement", "delivery_note", "receipt", "order", "credit_note")


def pairs(desk: Desk) -> list[tuple[str, str]]:
    """Return labels and values in the layout's order. The day due is left out where only terms in days are given."""
    keys = ["number", "date", "due", "customer"]
    if desk.has("due_in_words") or desk.paper.kind in _DATED:
        keys.remove("due")
    keys += [key for key in ("order", "contract", "period", "delivery", "delivery_note") if desk.has(key)]
    if desk.has("customer_first"):
        keys.insert(0, keys.pop(keys.index("customer")))
    if desk.has("date_first"):
        keys.insert(0, keys.pop(keys.index("date")))
    if desk.paper.kind == "no_number":
        keys.remove("number")
    return [(desk.label(key), desk.value(key)) for key in keys]


def rows(desk: Desk) -> None:
    """`Label: value`, one below the other."""
    for label, value in pairs(desk):
        desk.sheet.text(desk.left, desk.y, f"{label.rstrip(':')}: {value}")
        desk.step()
    desk.step()


def columns(desk: Desk) -> None:
    """Labels in one column, values in the next."""
    for label, value in pairs(desk):
        desk.sheet.text(desk.left, desk.y, label, colour=GREY)
        desk.sheet.text(desk.left + 130, desk.y, value)
        desk.step()
    desk.step()


def right_block(desk: Desk) -> None:
    """Two columns at the right edge, values flush right, beside the address."""
    desk.y -= 4 * desk.sheet.size
    for label, value in pairs(desk):
        desk.sheet.text(desk.right - 105, desk.y, label, align="right", colour=GREY)
        desk.sheet.text(desk.right, desk.y, value, align="right", bold=True)
        desk.step()
    desk.step()


def strip(desk: Desk) -> None:
    """A table of one row: heading cells above, values below."""
    found = pairs(desk)
    wide = (desk.right - desk.left) / len(found)
    desk.sheet.box(desk.left, desk.y, desk.right - desk.left, 32)
    desk.sheet.line(desk.left, desk.y + 15, desk.right, desk.y + 15)
    for place, (label, value) in enumerate(found):
        x = desk.left + place * wide
        if place:
            desk.sheet.line(x, desk.y, x, desk.y + 32)
        size = min(7.5, 7.5 * (wide - 6) / max(desk.sheet.width(label, 7.5), 1))
        desk.sheet.text(x + 3, desk.y + 11, label, size, bold=True)
        size = min(8.5, 8.5 * (wide - 6) / max(desk.sheet.width(value, 8.5), 1))
        desk.sheet.text(x + 3, desk.y + 27, value, size)
    desk.y += 54


def above(desk: Desk) -> None:
    """Small grey labels above their values, three in a row."""
    found = pairs(desk)
    wide = (desk.right - desk.left) / 3
    for place, (label, value) in enumerate(found):
        x = desk.left + place % 3 * wide
        desk.sheet.text(x, desk.y, label, 7, colour=GREY)
        desk.sheet.text(x, desk.y + 12, value, 10)
        if place % 3 == 2 and place + 1 < len(found):
            desk.y += 30
    desk.y += 40


def dotted(desk: Desk) -> None:
    """Label, a row of dots, value."""
    sheet = desk.sheet
    for label, value in pairs(desk):
        dots = "." * max(3, int((150 - sheet.width(label)) / sheet.width(".")))
        sheet.text(desk.left, desk.y, f"{label} {dots} {value}")
        desk.step()
    desk.step()


def boxed(desk: Desk) -> None:
    """Pairs in a frame, two in a row."""
    found = pairs(desk)
    height = (len(found) + 1) // 2 * 16 + 6
    desk.sheet.box(desk.left, desk.y - 10, desk.right - desk.left, height)
    for place, (label, value) in enumerate(found):
        x = desk.left + 6 + place % 2 * (desk.right - desk.left) / 2
        y = desk.y + 4 + place // 2 * 16
        desk.sheet.text(x, y, f"{label}:", bold=True)
        desk.sheet.text(x + desk.sheet.width(f"{label}: ", bold=True) + 4, y, value)
    desk.y += height + 14


def sentence(desk: Desk) -> None:
    """Place and day at the right, the number in the subject or in a sentence."""
    paper = desk.paper
    day = desk.value("date")
    desk.sheet.text(desk.right, desk.y, f"{paper.seller.town}, {day}", align="right")
    desk.step(2)
    if paper.kind in NEGATIVES or paper.kind == "no_number":
        text = "" if paper.kind == "no_number" else f"{desk.label('number')} {desk.value('number')}"
    else:
        text = paper.words("inline", number=desk.value("number"), date=day, amount=paper.notation.coded(paper.payable))
    desk.y = desk.sheet.wrapped(desk.left, desk.y, desk.right - desk.left, text)
    desk.step()


def subject(desk: Desk) -> None:
    """The number beside the title's word, bold; the rest small below."""
    found = pairs(desk)
    shown = found if desk.paper.kind == "no_number" else [pair for pair in found if pair[0] != desk.label("number")]
    if len(shown) < len(found):
        desk.sheet.text(desk.left, desk.y, f"{desk.label('number')} {desk.paper.number}", 12, bold=True)
        desk.step(1.6)
    desk.sheet.text(desk.left, desk.y, "   |   ".join(f"{label}: {value}" for label, value in shown[:3]), 8)
    desk.step()
    if shown[3:]:
        desk.sheet.text(desk.left, desk.y, "   |   ".join(f"{label}: {value}" for label, value in shown[3:]), 8)
        desk.step()
    desk.step()


METAS: dict[str, Callable[[Desk], None]] = {
    "rows": rows, "columns": columns, "right_block": right_block, "strip": strip, "above": above, "dotted": dotted,
    "boxed": boxed, "sentence": sentence, "subject": subject,
}  # fmt: skip
