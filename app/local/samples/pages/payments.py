"""How to pay: under the sums, in the footer, in a column, or as a slip to tear off."""

from app.local.samples.pages.draft import Draft, address_lines, bank_rows, closing_sentences, identity_rows
from app.local.samples.pages.sheet import GREY, HEIGHT, WIDTH

SLIP_TOP = 610.0


def _sentences(draft: Draft) -> None:
    sheet = draft.sheet
    lines = [line for each in closing_sentences(draft) for line in sheet.wrap(each, sheet.right - sheet.left, size=8)]
    draft.make_room(len(lines) * 11)
    draft.y = sheet.block(sheet.left, draft.y + 6, lines, size=8) + 6


def below(draft: Draft) -> None:
    """Write a heading, then the account line by line, then the conditions."""
    sheet, rows = draft.sheet, bank_rows(draft)
    draft.make_room(len(rows) * 14 + 30)
    if rows:
        sheet.text(sheet.left, draft.y + 4, draft.words.label("payment_heading"), bold=True)
        draft.y += 20
        for label, value in rows:
            sheet.text(sheet.left, draft.y, label.rstrip(":"), colour=GREY)
            sheet.text(sheet.left + 120, draft.y, value)
            draft.y += 14
    _sentences(draft)


def framed(draft: Draft) -> None:
    """Write the account into a tinted frame, `label: value`."""
    sheet, rows = draft.sheet, bank_rows(draft)
    draft.make_room(len(rows) * 13 + 40)
    if rows:
        sheet.box(sheet.left, draft.y, sheet.left + 300, draft.y + len(rows) * 13 + 24, fill="#f3f6ee", stroke=GREY)
        sheet.text(sheet.left + 8, draft.y + 14, draft.words.label("payment_heading"), bold=True)
        lines = [f"{label.rstrip(' :')}: {value}" for label, value in rows]
        draft.y = sheet.block(sheet.left + 8, draft.y + 29, lines) + 12
    _sentences(draft)


def letter_closing(draft: Draft) -> None:
    """Write the conditions as prose, then the account in one line, then a greeting and a name."""
    sheet = draft.sheet
    _sentences(draft)
    line = "   ".join(f"{label.rstrip(' :')}: {value}" for label, value in bank_rows(draft))
    if line:
        draft.y = sheet.block(sheet.left, draft.y + 4, sheet.wrap(line, sheet.right - sheet.left)) + 10
    draft.make_room(60)
    sheet.block(sheet.left, draft.y + 8, [draft.words.sentence("closing"), "", draft.bill.seller.name])
    registrations = "   ".join(f"{label} {value}" for label, value in identity_rows(draft))
    sheet.text(WIDTH / 2, HEIGHT - 40, registrations, size=7.5, align="centre", colour=GREY)


def footer(draft: Draft) -> None:
    """Write conditions under the sums; company, registrations and account stand in three columns at the foot."""
    sheet, seller = draft.sheet, draft.bill.seller
    _sentences(draft)
    top, third = HEIGHT - 72, (sheet.right - sheet.left) / 3
    sheet.rule(sheet.left, top - 12, sheet.right, weight=0.4, colour=GREY)
    columns = (
        [seller.name, *address_lines(draft, seller, "")],
        [f"{label} {value}" for label, value in identity_rows(draft)],
        [f"{label.rstrip(' :')} {value}" for label, value in bank_rows(draft)[1:]],
    )
    for index, lines in enumerate(columns):
        sheet.block(sheet.left + index * third * 0.95, top, lines, size=7, colour="#444444")


def slip(draft: Draft) -> None:
    """Write a payment slip below a dashed line at the foot of the last page, each value under its label."""
    sheet, bill, words = draft.sheet, draft.bill, draft.words
    _sentences(draft)
    rows = bank_rows(draft)
    if not rows:
        return
    if draft.y > SLIP_TOP - 10:
        sheet.new_page()
    sheet.rule(0, SLIP_TOP, WIDTH, dashed=True, colour=GREY)
    sheet.text(sheet.left, SLIP_TOP + 22, words.label("slip"), size=12, bold=True)
    asked = (words.label("payable"), draft.money(bill.totals().payable))
    payer = (words.label("bill_to"), bill.buyer.name)
    for index, (label, value) in enumerate([*rows, asked, payer]):
        x = sheet.left + (index % 2) * 260
        y = SLIP_TOP + 44 + (index // 2) * 36
        sheet.text(x, y, label.rstrip(" :"), size=7, colour=GREY)
        sheet.box(x, y + 4, x + 235, y + 22)
        sheet.text(x + 6, y + 17, value, size=10)


def sidebar(draft: Draft) -> None:
    """Write the account into the tinted column at the left; it stands on the first page or not at all."""
    sheet, y = draft.sheet, 420.0
    for label, value in bank_rows(draft):
        sheet.text(18, y, label.rstrip(" :"), size=7, colour=GREY)
        for piece in sheet.wrap(value, 125, size=8):
            sheet.text(18, y + 11, piece, size=8)
            y += 10
        y += 14
    _sentences(draft)
