"""The top of a paper: who writes to whom, and the title."""

from collections.abc import Callable

from benchmarks.accuracy.papers.desk import Desk
from benchmarks.accuracy.papers.facts import Party
from benchmarks.accuracy.papers.surface import GREY, HEIGHT, WIDTH


def _party(desk: Desk, who: Party, x: float, y: float, *, align: str = "left", bold: bool = True) -> float:
    sheet = desk.sheet
    sheet.text(x, y, who.name, bold=bold, align=align)
    for row in who.address():
        y += sheet.size * 1.3
        sheet.text(x, y, row, align=align)
    return y + sheet.size * 1.3


def _contact(desk: Desk, x: float, y: float, *, align: str = "left", vat: bool = True) -> float:
    """Draw the seller's telephone and numbers under the address: they look like values and are none."""
    words, seller, size = desk.paper.words, desk.paper.seller, desk.sheet.size - 1
    rows = [f"{words('phone')} {seller.phone}", f"info@{seller.domain}"]
    if vat:
        rows.append(f"{words('vat_id')}: {desk.value('vat_id')}")
    for row in rows:
        desk.sheet.text(x, y, row, size, align=align, colour=GREY)
        y += size * 1.3
    return y


def _buyer_vat(desk: Desk, x: float, y: float) -> float:
    if desk.has("buyer_vat"):
        desk.sheet.text(x, y, f"{desk.paper.words('buyer_vat')}: {desk.paper.buyer.vat_printed}", desk.sheet.size - 1)
        y += desk.sheet.size * 1.3
    return y


def window(desk: Desk) -> None:
    """Letter with an address window (DIN 5008): the sender in one small line above the address."""
    paper, sheet = desk.paper, desk.sheet
    sheet.text(desk.left, 55, paper.seller.name, 15, bold=True, colour=desk.layout.colour)
    bottom = _contact(desk, desk.right, 55, align="right", vat="vat_foot" not in desk.layout.traits)
    sheet.text(desk.left, 118, " · ".join([paper.seller.name, *paper.seller.address()]), 6.5, colour=GREY)
    y = _party(desk, paper.buyer, desk.left, 134, bold=False)
    desk.y = max(_buyer_vat(desk, desk.left, y), bottom, 200)
    sheet.text(desk.left, desk.y + 20, desk.title(), 14, bold=True)
    desk.y += 42


def buyer_right(desk: Desk) -> None:
    """Letter of France and Belgium: the seller left, the addressee right and lower."""
    sheet, paper = desk.sheet, desk.paper
    y = _contact(desk, desk.left, _party(desk, paper.seller, desk.left, 50))
    y = _party(desk, paper.buyer, desk.middle + 30, max(y, 112), bold=False)
    desk.y = _buyer_vat(desk, desk.middle + 30, y) + 18
    sheet.text(desk.left, desk.y, desk.title(), 16, bold=True, colour=desk.layout.colour)
    desk.y += 26


def band(desk: Desk) -> None:
    """A coloured band over the whole width, the title in it."""
    sheet, paper = desk.sheet, desk.paper
    sheet.box(0, 0, WIDTH, 74, desk.layout.colour)
    sheet.text(desk.left, 46, paper.seller.name, 17, bold=True, colour="#ffffff")
    sheet.text(desk.right, 46, desk.title(), 17, colour="#ffffff", align="right")
    y = 98.0
    for row in [*paper.seller.address(), f"{paper.words('vat_id')} {desk.value('vat_id')}"]:
        sheet.text(desk.left, y, row, colour=GREY)
        y += sheet.size * 1.3
    sheet.text(desk.middle, 98, paper.words("bill_to"), 8, colour=GREY)
    desk.y = max(_buyer_vat(desk, desk.middle, _party(desk, paper.buyer, desk.middle, 111)), y) + 16


def centred(desk: Desk) -> None:
    """A letterhead in the middle, numbers of all kinds in one line below."""
    sheet, paper, words = desk.sheet, desk.paper, desk.paper.words
    sheet.text(WIDTH / 2, 50, paper.seller.name.upper(), 16, bold=True, align="centre")
    sheet.text(WIDTH / 2, 64, " – ".join(paper.seller.address()), align="centre")
    keys = ("phone", "vat_id", "registration")
    line = "  ".join(f"{words(key)} {desk.value(key)}" for key in keys)
    sheet.text(WIDTH / 2, 77, line, 7.5, align="centre", colour=GREY)
    sheet.line(desk.left, 86, desk.right, 86)
    sheet.text(desk.left, 106, words("bill_to") + ":", colour=GREY)
    desk.y = _buyer_vat(desk, desk.left, _party(desk, paper.buyer, desk.left, 119)) + 14
    sheet.text(WIDTH / 2, desk.y, desk.title(), 15, bold=True, align="centre")
    desk.y += 24


def two_boxes(desk: Desk) -> None:
    """Seller and buyer in two frames side by side, as in Poland and the Czech Republic."""
    sheet, paper, words = desk.sheet, desk.paper, desk.paper.words
    sheet.text(desk.left, 50, desk.title(), 15, bold=True)
    height, wide = 92.0, (desk.right - desk.left) / 2 - 5
    for x, who, key in ((desk.left, paper.seller, "seller"), (desk.middle + 5, paper.buyer, "bill_to")):
        sheet.box(x, 64, wide, height)
        sheet.text(x + 6, 76, words(key).rstrip(":") + ":", 8, colour=GREY)
        y = _party(desk, who, x + 6, 90)
        sheet.text(x + 6, y, f"{words('vat_id').rstrip(':')}: {who.vat_printed}")
        sheet.text(x + 6, y + sheet.size * 1.3, f"{words('registration')}: {who.registration}")
    desk.show("vat_id", "registration")
    desk.y = 64 + height + 22


def sidebar(desk: Desk) -> None:
    """A column at the left for everything about the seller; the paper itself begins right of it."""
    sheet, paper, words = desk.sheet, desk.paper, desk.paper.words
    sheet.box(0, 0, 150, HEIGHT, "#eef2f6")
    y = _party(desk, paper.seller, 18, 60)
    y = _contact(desk, 18, y + 6)
    for key in ("registration", "bank", "iban", "bic"):
        if key in ("bank", "iban", "bic") and (desk.layout.pay != "sidebar" or not _pays(desk)):
            continue
        y += 8
        sheet.text(18, y, words(key), 7, colour=GREY)
        y = sheet.wrapped(18, y + 10, 124, desk.value(key), 7.5)
    desk.left = 172
    sheet.text(desk.left, 60, desk.title(), 20, bold=True, colour=desk.layout.colour)
    sheet.text(desk.left, 84, words("bill_to"), 8, colour=GREY)
    desk.y = _buyer_vat(desk, desk.left, _party(desk, paper.buyer, desk.left, 97)) + 14


def _pays(desk: Desk) -> bool:
    return "domestic" not in desk.layout.traits


def title_right(desk: Desk) -> None:
    """A large title at the right, as programs for small businesses do."""
    sheet, paper, words = desk.sheet, desk.paper, desk.paper.words
    sheet.text(desk.right, 58, desk.title(), 24, align="right", colour=desk.layout.colour)
    _contact(desk, desk.left, _party(desk, paper.seller, desk.left, 52))
    sheet.text(desk.left, 132, words("bill_to"), 8, bold=True, colour=desk.layout.colour)
    y = _party(desk, paper.buyer, desk.left, 145)
    if desk.has("ship_to"):
        sheet.text(desk.middle, 132, words("ship_to"), 8, bold=True, colour=desk.layout.colour)
        _party(desk, paper.buyer, desk.middle, 145)
    desk.y = _buyer_vat(desk, desk.left, y) + 16


def plain(desk: Desk) -> None:
    """Nothing but text, as an old program prints."""
    sheet, paper = desk.sheet, desk.paper
    sheet.text(desk.left, 50, paper.seller.name)
    sheet.text(desk.left, 62, ", ".join(paper.seller.address()))
    sheet.text(
        desk.left, 74, f"{paper.words('vat_id')}: {desk.value('vat_id')}  {paper.words('phone')}: {paper.seller.phone}"
    )
    desk.y = _buyer_vat(desk, desk.left + 260, _party(desk, paper.buyer, desk.left + 260, 104, bold=False)) + 8
    sheet.text(desk.left, desk.y, desk.title().upper())
    desk.y += 22


def logo_right(desk: Desk) -> None:
    """The name as a mark in the upper right corner, the address in the footer alone."""
    sheet, paper = desk.sheet, desk.paper
    sheet.box(desk.right - 150, 36, 150, 34, desk.layout.colour)
    sheet.text(desk.right - 75, 58, paper.seller.name[:24], 11, bold=True, align="centre", colour="#ffffff")
    y = _party(desk, paper.buyer, desk.left, 120, bold=False)
    desk.y = max(_buyer_vat(desk, desk.left, y), 185)
    _contact(desk, desk.right, 92, align="right")
    sheet.text(desk.left, desk.y, desk.title(), 15, bold=True, colour=desk.layout.colour)
    desk.y += 24


def buyer_first(desk: Desk) -> None:
    """The buyer above the seller: who takes the first name for the payee is wrong."""
    sheet, paper, words = desk.sheet, desk.paper, desk.paper.words
    sheet.text(desk.left, 54, desk.title(), 18, bold=True)
    for x, who, key in ((desk.left, paper.buyer, "bill_to"), (desk.middle, paper.seller, "seller")):
        sheet.text(x, 80, words(key).rstrip(":"), 8, bold=True, colour=GREY)
        y = _party(desk, who, x, 94)
        sheet.text(x, y, f"{words('vat_id').rstrip(':')}: {who.vat_printed}", 8)
    desk.show("vat_id")
    desk.y = y + 26


HEADS: dict[str, Callable[[Desk], None]] = {
    "window": window,
    "buyer_right": buyer_right,
    "band": band,
    "centred": centred,
    "two_boxes": two_boxes,
    "sidebar": sidebar,
    "title_right": title_right,
    "plain": plain,
    "logo_right": logo_right,
    "buyer_first": buyer_first,
}
