"""How to pay: sentences, rows, boxes, tables of accounts, forms of the country, and slips at the bottom."""

from collections.abc import Callable

from benchmarks.accuracy.papers import accounts, references
from benchmarks.accuracy.papers.desk import NEGATIVES, Desk
from benchmarks.accuracy.papers.surface import GREY, HEIGHT, WIDTH


def _rows(desk: Desk) -> list[tuple[str, str]]:
    """Return labels and values of the account in the form that the layout prints."""
    words, paper = desk.paper.words, desk.paper
    own = accounts.domestic(paper.account) if desk.has("domestic") else None
    found = [(words("holder"), desk.value("holder"))] if desk.has("holder") else []
    found.append((words("bank"), paper.account.bank))
    if own:
        desk.show("domestic")
        found += own
    else:
        found.append((words("iban"), desk.value("iban")))
    if not desk.has("no_bic") and not own:
        found.append((words("bic"), desk.value("bic")))
    if paper.reference_printed and not desk.has("no_reference"):
        found.append((words("reference"), desk.value("reference")))
    return found


def sentence(desk: Desk) -> None:
    """One sentence with amount, day, account and what to quote; it may name the number that a paper is to lack."""
    paper = desk.paper
    if paper.kind == "no_number":
        rows(desk)
        return
    due = desk.value("due")
    values = {
        "amount": paper.notation.coded(paper.payable),
        "due": due,
        "iban": desk.value("iban"),
        "bank": paper.account.bank,
        "number": paper.number,
        "reference": paper.reference_printed or paper.number,
    }
    text = paper.words("pay_sentence", **values)
    if "{reference}" in _template(desk) and paper.reference_printed:
        desk.show("reference")
    desk.y = desk.sheet.wrapped(desk.left, desk.y, desk.right - desk.left, text)
    desk.step()


def _template(desk: Desk) -> str:
    return desk.paper.words("pay_sentence")


def rows(desk: Desk) -> None:
    """Heading, and `label: value` below."""
    desk.room(90)
    desk.sheet.text(desk.left, desk.y, desk.paper.words("pay_title"), bold=True)
    desk.step(1.2)
    for label, value in _rows(desk):
        desk.sheet.text(desk.left, desk.y, f"{label.rstrip(':')}: {value}")
        desk.step()
    desk.step()


def box(desk: Desk) -> None:
    """The same in a frame, labels and values in two columns."""
    found = _rows(desk)
    desk.room(len(found) * 14 + 34)
    desk.sheet.box(desk.left, desk.y - 10, 330, len(found) * 14 + 24)
    desk.sheet.text(desk.left + 8, desk.y + 4, desk.paper.words("pay_title"), bold=True)
    for place, (label, value) in enumerate(found):
        desk.sheet.text(desk.left + 8, desk.y + 19 + place * 14, label)
        desk.sheet.text(desk.left + 125, desk.y + 19 + place * 14, value)
    desk.y += len(found) * 14 + 34


def cells(desk: Desk) -> None:
    """Labels above values in a row of cells, as a RIB is printed."""
    found = _rows(desk)
    desk.room(60)
    desk.sheet.text(desk.left, desk.y, desk.paper.words("pay_title"), bold=True)
    desk.y += 8
    weights = [max(len(label), len(value), 5) for label, value in found]
    x, scale = desk.left, (desk.right - desk.left) / sum(weights)
    for (label, value), weight in zip(found, weights, strict=True):
        wide = weight * scale
        desk.sheet.box(x, desk.y, wide, 28)
        for text, down, largest, bold in ((label, 10, 6.5, False), (value, 22, 8.0, True)):
            size = min(largest, largest * (wide - 5) / max(desk.sheet.width(text, largest, bold=bold), 1))
            desk.sheet.text(x + 2.5, desk.y + down, text, size, bold=bold, colour=GREY if not bold else "#111111")
        x += wide
    desk.y += 44


def split(desk: Desk) -> None:
    """The IBAN broken over two lines, as narrow columns do."""
    desk.room(70)
    groups = desk.value("iban").replace("\u00a0", " ").split(" ")
    if len(groups) == 1:
        groups = [groups[0][:16], groups[0][16:]]
    half = (len(groups) + 1) // 2
    desk.sheet.text(desk.middle + 60, desk.y, desk.paper.words("iban") + ":", bold=True)
    desk.sheet.text(desk.middle + 60, desk.y + 12, " ".join(groups[:half]))
    desk.sheet.text(desk.middle + 60, desk.y + 24, " ".join(groups[half:]))
    desk.sheet.text(desk.middle + 60, desk.y + 36, f"{desk.paper.words('bic')}: {desk.value('bic')}")
    desk.y += 52


def nothing(desk: Desk) -> None:
    """Say nothing here: the footer or the sidebar has it."""


_SLIP_LABELS = {
    "NL": "Betalingskenmerk",
    "FI": "Viitenro Ref.nr",
    "SE": "OCR",
    "DK": "+71<",
    "CZ": "Variabilní symbol",
    "BE": "Mededeling",
    "PL": "Tytułem",
    "CH": "Referenz / Référence",
}
SLIP_HEIGHT = 172.0


def slip(desk: Desk) -> None:
    """A payment slip at the bottom of the page in the country's manner, with the line that machines read."""
    paper, words, sheet = desk.paper, desk.paper.words, desk.sheet
    top = HEIGHT - SLIP_HEIGHT
    if desk.y > top - 12:
        sheet.next_page()
    sheet.line(0, top, WIDTH, top, 0.5, GREY)
    sheet.text(30, top + 12, words("slip"), 7, bold=True)
    amount = paper.notation.number(paper.extras_amount or paper.payable)
    left = [
        (words("iban"), desk.value("iban")),
        (words("holder"), paper.account.holder),
        ("", ", ".join(paper.seller.address())),
        (words("bill_to").rstrip(":"), paper.buyer.name),
        ("", ", ".join(paper.buyer.address())),
    ]
    for place, (label, value) in enumerate(left):
        sheet.text(30, top + 30 + place * 21, label, 6, colour=GREY)
        sheet.text(30, top + 40 + place * 21, value, 8.5)
    right = [
        (_SLIP_LABELS.get(paper.country, words("reference")), desk.value("reference")),
        (words("due"), desk.value("due")),
        (f"{words('amount_word')} {paper.currency}", amount),
    ]
    for place, (label, value) in enumerate(right):
        sheet.text(340, top + 30 + place * 26, label, 6, colour=GREY)
        sheet.text(340, top + 42 + place * 26, value, 10, bold=True)
    if not desk.has("no_bic"):
        sheet.text(340, top + 112, f"{words('bic')} {desk.value('bic')}", 8)
    sheet.text(30, HEIGHT - 14, _machine_line(desk), 9)
    desk.show("payable")


def _machine_line(desk: Desk) -> str:
    """Return the line that machines read, in the manner of the country: digits that are no values of their own."""
    paper = desk.paper
    cents = int(paper.payable * 100)
    bare = paper.reference or "".join(sign for sign in paper.number if sign.isdigit())
    match paper.country:
        case "FI":
            return references.finnish_barcode(paper.account.iban, cents, bare, paper.due.strftime("%y%m%d"))
        case "SE":
            return f"# {bare} # {cents // 100:>8} {cents % 100:02} {references.luhn(str(cents))} > 51234567#41#"
        case "DK":
            return f"+71<{bare}+81234566<"
        case "NL":
            return f"{bare.zfill(16)}+ {paper.account.iban[-10:]}+ {cents}< 44>"
        case "CH":
            return f"0100000{cents:06}>{bare.zfill(27)}+ 010001628>"
    return f"{bare.zfill(18)} {cents:011} >{paper.rng.randrange(10, 99)}<"


PAYMENTS: dict[str, Callable[[Desk], None]] = {
    "sentence": sentence,
    "rows": rows,
    "box": box,
    "cells": cells,
    "split": split,
    "slip": slip,
    "footer": nothing,
    "sidebar": nothing,
}


def terms(desk: Desk) -> None:
    """Days, interest, title: sentences with numbers in them that are no values."""
    paper, words = desk.paper, desk.paper.words
    found = []
    if paper.kind not in NEGATIVES:
        if desk.has("due_in_words"):
            found.append(words("days", days=str(paper.days)))
        if desk.has("late"):
            found.append(words("late"))
    if desk.has("retention"):
        found.append(words("title_retention"))
    found.append(words("thanks"))
    for text in found:
        desk.room(26)
        desk.y = desk.sheet.wrapped(desk.left, desk.y, desk.right - desk.left, text, desk.sheet.size - 0.5)
    desk.step(0.5)


def several(desk: Desk) -> None:
    """A table of banks where the supplier names more than one account."""
    paper = desk.paper
    desk.room(20 + 14 * len(paper.more_accounts))
    for account in [paper.account, *paper.more_accounts]:
        desk.sheet.text(
            desk.left, desk.y, f"{account.bank}  IBAN {account.grouped()}  BIC {account.bic}", desk.sheet.size - 0.5
        )
        desk.step()
    desk.show("iban", "bic")
    desk.step()
