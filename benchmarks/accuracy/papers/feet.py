"""The bottom of each page: registrations, capital, telephone, and often the only place where the account stands."""

from collections.abc import Callable

from benchmarks.accuracy.papers.desk import NEGATIVES, Desk
from benchmarks.accuracy.papers.surface import GREY, HEIGHT, Sheet

Foot = Callable[[Desk, Sheet], None]


def _account_lines(desk: Desk) -> list[str]:
    """Return bank, IBAN and BIC for a footer; nothing where the country's own form stands above."""
    if desk.has("domestic") or (desk.paper.kind in ("paid", "card", "receipt") and desk.has("slip_only")):
        return []
    words = desk.paper.words
    return [desk.paper.account.bank, f"{words('iban')} {desk.value('iban')}", f"{words('bic')} {desk.value('bic')}"]


def columns(desk: Desk, sheet: Sheet) -> None:
    """Three or four blocks side by side: address, registration, bank."""
    seller, words = desk.paper.seller, desk.paper.words
    sheet.line(desk.left, HEIGHT - 72, desk.right, HEIGHT - 72, 0.4, GREY)
    blocks = [
        [seller.name, *seller.address()],
        [f"{words('phone')} {seller.phone}", f"info@{seller.domain}", f"www.{seller.domain}"],
        [
            f"{words('registration')} {seller.registration}",
            f"{words('vat_id')} {desk.value('vat_id')}",
            words("capital")[:38],
        ],
    ]
    desk.show("registration")
    if desk.layout.pay == "footer" or desk.has("foot_bank"):
        blocks.append(_account_lines(desk))
    wide = (desk.right - desk.left) / len(blocks)
    for place, block in enumerate(blocks):
        for down, row in enumerate(block):
            size = min(6.8, 6.8 * (wide - 4) / max(sheet.width(row, 6.8), 1))
            sheet.text(desk.left + place * wide, HEIGHT - 60 + down * 9, row, size, colour=GREY)


def line(desk: Desk, sheet: Sheet) -> None:
    """One or two centred lines."""
    seller, words = desk.paper.seller, desk.paper.words
    first = f"{seller.name} · {' · '.join(seller.address())} · {words('phone')} {seller.phone}"
    second = [f"{words('registration')} {seller.registration}", words("capital")]
    desk.show("registration")
    if desk.layout.pay == "footer" or desk.has("foot_bank"):
        second = _account_lines(desk) + second[:1]
    x = (desk.left + desk.right) / 2
    for down, text in ((46, first), (34, " · ".join(second))):
        size = min(7.0, 7.0 * (desk.right - desk.left) / max(sheet.width(text, 7), 1))
        sheet.text(x, HEIGHT - down, text, size, align="centre", colour=GREY)


def page(desk: Desk, sheet: Sheet) -> None:
    """The number of the page and the paper's own."""
    label = "" if desk.paper.kind == "no_number" else f"{desk.label('number')} {desk.paper.number}   "
    sheet.text(
        desk.right, HEIGHT - 28, f"{label}{desk.paper.words('page')} {sheet.pages}", 7, align="right", colour=GREY
    )


def nothing(desk: Desk, sheet: Sheet) -> None:
    """No footer."""


FEET: dict[str, Foot] = {"columns": columns, "line": line, "page": page, "none": nothing}
assert "paid" in NEGATIVES
