"""Where the document's number and dates stand."""

from app.local.samples.pages.draft import Draft, number_row, reference_rows, title
from app.local.samples.pages.sheet import GREY


def list_right(draft: Draft) -> None:
    """Write labels and values below each other in the right half, beside the addressee."""
    sheet, y = draft.sheet, draft.beside
    for label, value in reference_rows(draft):
        sheet.text(sheet.left + 275, y, label, colour=GREY)
        sheet.text(sheet.right, y, value, align="right")
        y += sheet.theme.size * 1.6
    draft.y = max(draft.y, y + 12)


def list_left(draft: Draft) -> None:
    """Write `label: value` at the left, beside an addressee at the right."""
    sheet, y = draft.sheet, draft.beside
    for label, value in reference_rows(draft):
        sheet.text(sheet.left, y, f"{label.rstrip(':')}: {value}")
        y += sheet.theme.size * 1.5
    draft.y = max(draft.y, y + 12)


def grid(draft: Draft) -> None:
    """Write a row of boxes: the labels in a tinted head, the values under them."""
    sheet, rows = draft.sheet, reference_rows(draft)
    width = (sheet.right - sheet.left) / len(rows)
    sheet.box(sheet.left, draft.y, sheet.right, draft.y + 16, fill="#eeeeee")
    sheet.box(sheet.left, draft.y + 16, sheet.right, draft.y + 34)
    for index, (label, value) in enumerate(rows):
        x = sheet.left + index * width + 5
        sheet.text(x, draft.y + 11, label, size=7.5, bold=True)
        sheet.text(x, draft.y + 28, value, size=8.5)
    draft.y += 56


def heading(draft: Draft) -> None:
    """Write title and number as one heading, dates and the rest on the line under it."""
    sheet, (_, number) = draft.sheet, number_row(draft)
    _, *others = reference_rows(draft)
    sheet.text(sheet.left, draft.y, f"{title(draft)} {number}", size=14, bold=True, colour=sheet.theme.colour)
    line = "     ".join(f"{label}: {value}" for label, value in others)
    draft.y = sheet.block(sheet.left, draft.y + 18, sheet.wrap(line, sheet.right - sheet.left)) + 12


def letter_opening(draft: Draft) -> None:
    """Write town and date at the right, number and title as the subject, and a greeting."""
    sheet, words, bill = draft.sheet, draft.words, draft.bill
    label, number = number_row(draft)
    sheet.text(sheet.right, draft.beside, f"{bill.seller.town}, {words.day(bill.issue_date)}", align="right")
    _, _, *others = reference_rows(draft)
    subject = f"{label} {number}" if bill.kind != "reminder" else f"{title(draft)}: {label} {number}"
    sheet.text(sheet.left, draft.y + 8, subject, size=12, bold=True)
    y = sheet.block(sheet.left, draft.y + 24, [f"{name}: {value}" for name, value in others])
    sentences = [
        words.sentence("opening"),
        *sheet.wrap(words.sentence("intro" if bill.kind != "reminder" else "reminder"), sheet.right - sheet.left),
    ]
    draft.y = sheet.block(sheet.left, y + 10, sentences) + 10
