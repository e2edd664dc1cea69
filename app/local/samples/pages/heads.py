"""The top of a page: who writes, to whom, and what the document is called."""

from app.local.samples.pages.draft import Draft, address_lines, contact_rows, identity_rows, title
from app.local.samples.pages.sheet import GREY, HEIGHT, WIDTH


def _seller_lines(draft: Draft) -> list[str]:
    seller = draft.bill.seller
    rows = [*contact_rows(draft), *identity_rows(draft)]
    return address_lines(draft, seller, draft.bill.buyer.country) + [f"{label} {value}" for label, value in rows]


def letterhead_left(draft: Draft) -> None:
    """Write the seller at the top left, and the title in large letters at the top right."""
    sheet = draft.sheet
    sheet.text(sheet.left, 62, draft.bill.seller.name, size=15, bold=True, colour=sheet.theme.colour)
    sheet.text(sheet.right, 62, title(draft), size=20, bold=True, align="right")
    draft.y = sheet.block(sheet.left, 80, _seller_lines(draft), size=8, colour=GREY) + 18


def letterhead_right(draft: Draft) -> None:
    """Write the seller at the top right."""
    sheet = draft.sheet
    sheet.text(sheet.right, 58, draft.bill.seller.name, size=13, bold=True, align="right", colour=sheet.theme.colour)
    draft.y = sheet.block(sheet.right, 74, _seller_lines(draft), size=8, align="right", colour=GREY) + 6


def centred(draft: Draft) -> None:
    """Write the seller centred over a rule, as letter paper does."""
    sheet, seller, middle = draft.sheet, draft.bill.seller, WIDTH / 2
    sheet.text(middle, 56, seller.name, size=17, bold=True, align="centre", colour=sheet.theme.colour)
    sheet.text(middle, 72, " · ".join(address_lines(draft, seller, "")), size=8, align="centre", colour=GREY)
    contact = " · ".join(f"{label} {value}" for label, value in contact_rows(draft))
    sheet.text(middle, 83, contact, size=8, align="centre", colour=GREY)
    sheet.rule(sheet.left, 92, sheet.right, colour=sheet.theme.colour, weight=1.2)
    draft.y = 124


def banner(draft: Draft) -> None:
    """Write seller and title into a tinted band over the whole width."""
    sheet = draft.sheet
    sheet.box(0, 0, WIDTH, 92, fill="#dce6f2", stroke=None)
    sheet.text(sheet.left, 42, draft.bill.seller.name, size=16, bold=True, colour=sheet.theme.colour)
    sheet.text(sheet.left, 58, ", ".join(address_lines(draft, draft.bill.seller, "")), size=8)
    sheet.text(sheet.left, 70, "   ".join(f"{label} {value}" for label, value in identity_rows(draft)), size=8)
    sheet.text(sheet.right, 46, title(draft), size=22, bold=True, align="right", colour=sheet.theme.colour)
    draft.y = 124


def sidebar(draft: Draft) -> None:
    """Write the seller into a tinted column along the left edge of the first page."""
    sheet = draft.sheet
    sheet.box(0, 0, 150, HEIGHT, fill="#eef2ea", stroke=None)
    y = sheet.block(18, 62, sheet.wrap(draft.bill.seller.name, 120, size=12), size=12, colour=sheet.theme.colour)
    y = sheet.block(18, y + 6, address_lines(draft, draft.bill.seller, draft.bill.buyer.country), size=8)
    for label, value in [*contact_rows(draft), *identity_rows(draft)]:
        sheet.text(18, y + 10, label, size=7, colour=GREY)
        for piece in sheet.wrap(value.replace("@", "@ "), 122, size=8):
            sheet.text(18, y + 20, piece.replace("@ ", "@"), size=8)
            y += 10
        y += 12
    sheet.text(sheet.left, 62, title(draft), size=22, bold=True)
    draft.y = 92


def side_by_side(draft: Draft) -> None:
    """Write seller and buyer into two framed columns of the same height."""
    sheet, bill = draft.sheet, draft.bill
    middle = (sheet.left + sheet.right) / 2
    sheet.text(sheet.left, 60, title(draft), size=18, bold=True, colour=sheet.theme.colour)
    sheet.box(sheet.left, 76, middle - 6, 186)
    sheet.box(middle + 6, 76, sheet.right, 186)
    sheet.block(sheet.left + 8, 92, [bill.seller.name, *_seller_lines(draft)], size=8.5, first_bold=True)
    sheet.text(middle + 14, 92, draft.words.label("bill_to"), size=7.5, colour=GREY)
    sheet.block(middle + 14, 106, _buyer_lines(draft), size=8.5, first_bold=True)
    draft.y = draft.beside = 208


def _buyer_lines(draft: Draft) -> list[str]:
    buyer = draft.bill.buyer
    vat = f"{draft.words.label('buyer_vat_identifier')} {buyer.vat_identifier}"
    return [buyer.name, *address_lines(draft, buyer, draft.bill.seller.country), vat]


def addressee_left(draft: Draft) -> None:
    """Write the buyer at the left, under the word for it."""
    sheet = draft.sheet
    draft.beside = draft.y
    sheet.text(sheet.left, draft.y, draft.words.label("bill_to"), size=7.5, colour=GREY)
    draft.y = sheet.block(sheet.left, draft.y + 14, _buyer_lines(draft), first_bold=True) + 14


def addressee_window(draft: Draft) -> None:
    """Write the buyer where the window of a German envelope is, under the sender's line in small letters."""
    sheet, seller = draft.sheet, draft.bill.seller
    draft.y = draft.beside = max(draft.y, 140)
    sender = " · ".join([seller.name, *address_lines(draft, seller, seller.country)])
    sheet.text(sheet.left, draft.y, sender, size=6.5, colour=GREY)
    sheet.rule(sheet.left, draft.y + 3, sheet.left + 230, weight=0.3, colour=GREY)
    end = sheet.block(sheet.left, draft.y + 20, _buyer_lines(draft), size=10)
    draft.y = end + 28
    sheet.text(sheet.left, draft.y, title(draft), size=15, bold=True)
    draft.y += 22


def addressee_right(draft: Draft) -> None:
    """Write the buyer in the right half, as French envelopes want it."""
    sheet = draft.sheet
    draft.beside = draft.y
    draft.y = sheet.block(sheet.left + 270, draft.y, _buyer_lines(draft), size=10, first_bold=True) + 16


def no_addressee(draft: Draft) -> None:
    """Write nothing: the head named the buyer already."""
    draft.beside = draft.y
