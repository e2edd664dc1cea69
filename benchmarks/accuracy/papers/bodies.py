"""What stands in the place of lines and payment where a paper is no invoice to pay by transfer."""

from datetime import timedelta
from decimal import Decimal

from benchmarks.accuracy.papers import facts
from benchmarks.accuracy.papers.desk import Desk
from benchmarks.accuracy.papers.facts import ZERO

LISTS = ("reminder", "statement")
# These say how they are (or were) paid; what follows them is no instruction to pay.
SETTLED = ("paid", "direct_debit", "card", "receipt")


def say(desk: Desk) -> None:
    """Write the sentences of the kind: what a clerk knows it by, besides the title."""
    paper = desk.paper
    iban = paper.buyer_account.grouped() if paper.buyer_account else ""
    values = {
        "amount": paper.notation.coded(paper.payable),
        "zero": paper.notation.coded(ZERO),
        "date": paper.notation.day(paper.issued),
        "due": paper.notation.day(paper.due),
        "other": facts.number(paper.rng, paper.issued),
        "iban": iban,
        "mandate": f"M{paper.extras['customer']}",
    }
    sentences = paper.words.negative(paper.kind)["say"]
    chosen = sentences if paper.kind not in SETTLED else [paper.rng.choice(sentences)]
    for sentence in chosen:
        desk.room(30)
        desk.y = desk.sheet.wrapped(
            desk.left, desk.y, desk.right - desk.left, sentence.format(**values), bold=paper.kind in SETTLED
        )
    desk.step()


def open_invoices(desk: Desk) -> None:
    """List invoices of earlier days with their open amounts, and their total."""
    paper, words, sheet = desk.paper, desk.paper.words, desk.sheet
    xs = (desk.left, desk.left + 140, desk.left + 270, desk.right)
    for x, key in zip(xs, ("number", "date", "due"), strict=False):
        sheet.text(x, desk.y, words(key), bold=True)
    sheet.text(desk.right, desk.y, words("gross"), bold=True, align="right")
    desk.step(1.4)
    total = ZERO
    for place in range(paper.rng.randint(1, 5)):
        day = paper.issued - timedelta(days=40 + 11 * place)
        amount = Decimal(paper.rng.randrange(4_000, 250_000)) / 100
        cells = (
            facts.number(paper.rng, day),
            paper.notation.day(day),
            paper.notation.day(day + timedelta(days=paper.days)),
        )
        for x, cell in zip(xs, cells, strict=False):
            sheet.text(x, desk.y, cell)
        sheet.text(desk.right, desk.y, paper.notation.number(amount), align="right")
        total += amount
        desk.step(1.2)
    sheet.text(xs[2], desk.y + 4, words("payable"), bold=True)
    sheet.text(desk.right, desk.y + 4, paper.notation.money(total), bold=True, align="right")
    desk.step(2.5)
