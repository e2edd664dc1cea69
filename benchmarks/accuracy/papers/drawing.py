"""Puts a paper on sheets in a layout, and says what is printed on them."""

from dataclasses import replace

from benchmarks.accuracy.papers import bodies, english, payments, sums, tables, truth
from benchmarks.accuracy.papers.desk import NEGATIVES, Desk, Layout
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.feet import FEET
from benchmarks.accuracy.papers.heads import HEADS
from benchmarks.accuracy.papers.metas import METAS
from benchmarks.accuracy.papers.payments import PAYMENTS
from benchmarks.accuracy.papers.sums import SUMS
from benchmarks.accuracy.papers.surface import HEIGHT, Sheet, font_for

# No account asks for money on these, save in the footer that all of the supplier's papers have.
_WITHOUT_PAYMENT = (*NEGATIVES,)
_SLIPS = ("contradiction",)
_SUMS = SUMS | english.SUMS
_PAYMENTS = PAYMENTS | english.PAYMENTS


def draw(paper: Paper, layout: Layout) -> tuple[bytes, frozenset[str]]:
    """Return the PDF, and the names of the fields that are printed on it."""
    layout = _fitting(paper, layout)
    desk: Desk
    sheet = Sheet(
        font_for(layout.font, paper.language), layout.size, layout.colour, lambda page: FEET[layout.foot](desk, page)
    )
    desk = Desk(paper, layout, sheet)
    HEADS[layout.head](desk)
    if desk.has("summary"):
        sums.summary(desk)
    METAS[layout.meta](desk)
    _notices(desk)
    _content(desk)
    if paper.kind in NEGATIVES:
        bodies.say(desk)
    payments.terms(desk)
    if paper.kind not in _WITHOUT_PAYMENT:
        _payment(desk)
    return sheet.finished(), frozenset(desk.shown)


def _fitting(paper: Paper, layout: Layout) -> Layout:
    """Return the layout changed where the paper's kind cannot be told in it."""
    if paper.kind in _SLIPS:
        return replace(layout, pay="slip", foot="none", traits=layout.traits - {"domestic"})
    if layout.pay == "sidebar" and layout.head != "sidebar":
        return replace(layout, pay="rows")
    return layout


def _notices(desk: Desk) -> None:
    paper, words = desk.paper, desk.paper.words
    found = []
    if paper.kind == "new_bank":
        found.append(words("new_bank"))
    if paper.kind in truth.ASKED:
        found.append(words(paper.kind))
    if paper.factor:
        found.append(words("factor", factor=paper.factor))
    for text in found:
        desk.y = desk.sheet.wrapped(desk.left, desk.y, desk.right - desk.left, text, bold=True)
        desk.step(0.6)


def _content(desk: Desk) -> None:
    kind = desk.paper.kind
    if kind in bodies.LISTS:
        bodies.open_invoices(desk)
        return
    if desk.has("meters"):
        tables.meters(desk)
    tables.draw(desk)
    if kind != "delivery_note":
        _SUMS[desk.layout.sums](desk)
        sums.remarks(desk)


def _payment(desk: Desk) -> None:
    paper = desk.paper
    if desk.layout.foot == "none" and desk.layout.pay == "slip":
        desk.bottom = HEIGHT - payments.SLIP_HEIGHT - 20
    if paper.more_accounts and paper.kind not in ("factor", "hidden_account"):
        payments.several(desk)
    if paper.kind == "own_account" and paper.buyer_account:
        text = f"{paper.words('bill_to').rstrip(':')}: {paper.buyer.name}, {paper.buyer_account.grouped()}"
        desk.sheet.text(desk.left, desk.y, text, 7)
        desk.step()
    _PAYMENTS[desk.layout.pay](desk)
    if paper.kind == "hidden_account":
        other = paper.more_accounts[0]
        desk.sheet.text(desk.left, 30, f"{paper.words('iban')} {other.grouped()} BIC {other.bic}", 8, colour="#ffffff")
