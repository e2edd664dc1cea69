"""Parts that only invoices of Britain and Ireland have, and exporters who write for America.

The totals of the bookkeeping programs that are used there, accounts of utilities, remittance slips, BACS and wires.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from benchmarks.accuracy.papers import accounts
from benchmarks.accuracy.papers.desk import Desk
from benchmarks.accuracy.papers.facts import ZERO
from benchmarks.accuracy.papers.surface import GREY, HEIGHT, WIDTH

Row = tuple[str, str, bool]


def _column(desk: Desk, rows: list[Row], wide: float = 230, size: float = 0) -> None:
    desk.room(len(rows) * 17)
    for label, text, strong in rows:
        desk.sheet.text(desk.right - wide, desk.y, label, desk.sheet.size + size, bold=strong)
        desk.sheet.text(desk.right, desk.y, text, desk.sheet.size + size, bold=strong, align="right")
        desk.step(1.3)
    desk.step(0.6)


def ledger(desk: Desk) -> None:
    """An analysis of VAT codes at the left, four sums at the right, carriage among them though there is none."""
    paper, sheet, notation = desk.paper, desk.sheet, desk.paper.notation
    desk.room(96)
    top = desk.y
    for x, label in (
        (desk.left, "VAT Code"),
        (desk.left + 62, "Rate"),
        (desk.left + 120, "Goods"),
        (desk.left + 180, "VAT"),
    ):
        sheet.text(x, desk.y, label, 7.5, bold=True)
    for place, (rate, base, tax) in enumerate(paper.breakdown()):
        desk.step()
        sheet.text(desk.left, desk.y, f"T{place + 1}", 8)
        sheet.text(desk.left + 62, desk.y, f"{rate}.00" if rate == int(rate) else f"{rate}0", 8)
        sheet.text(desk.left + 150, desk.y, notation.number(base), 8, align="right")
        sheet.text(desk.left + 210, desk.y, notation.number(tax), 8, align="right")
    desk.y = top
    desk.show("net", "vat", "gross", "payable")
    rows = [
        ("Total Net Amount", notation.money(paper.net), False),
        ("Carriage Net", notation.money(ZERO), False),
        (paper.rng.choice(["Total VAT Amount", "Total Tax Amount"]), notation.money(paper.vat), False),
        (paper.rng.choice(["Invoice Total", "Total to Pay"]), notation.money(paper.payable), True),
    ]
    _column(desk, rows, 200)


def cloud(desk: Desk) -> None:
    """Subtotal, VAT and totals whose labels carry the currency, and what was received on account."""
    paper, notation, code = desk.paper, desk.paper.notation, desk.paper.currency
    rows: list[Row] = [("Subtotal", notation.number(paper.net), False)]
    rows += [(f"Total VAT {notation.rate(rate)}", notation.number(tax), False) for rate, _, tax in paper.breakdown()]
    rows.append((f"TOTAL {code}", notation.number(paper.gross), True))
    if paper.prepaid:
        rows.append(("Less Amount Paid", notation.number(paper.prepaid), False))
    if paper.prepaid or paper.rng.random() < 0.7:
        rows.append((f"AMOUNT DUE {code}", notation.number(paper.payable), True))
        desk.show("payable")
    desk.show("net", "gross")
    if len(paper.breakdown()) == 1:
        desk.show("vat")
    _column(desk, rows)


def balance(desk: Desk) -> None:
    """Capital letters, and the balance due large with its currency in front."""
    paper, notation, code = desk.paper, desk.paper.notation, desk.paper.currency
    rows = [("SUBTOTAL", notation.number(paper.net), False)]
    if paper.breakdown():
        rows.append((paper.rng.choice(["VAT TOTAL", "TAX"]), notation.number(paper.vat), False))
    rows.append(("TOTAL", notation.number(paper.gross), False))
    if paper.prepaid:
        rows.append((paper.rng.choice(["PAYMENT", "DEPOSIT"]), notation.number(paper.prepaid), False))
    _column(desk, rows)
    desk.sheet.text(desk.right - 230, desk.y, "BALANCE DUE", desk.sheet.size + 1, bold=True)
    desk.sheet.text(
        desk.right, desk.y, f"{code} {notation.number(paper.payable)}", desk.sheet.size + 5, bold=True, align="right"
    )
    desk.show("net", "vat", "gross", "payable")
    desk.step(2.4)


def account(desk: Desk) -> None:
    """The account of a utility: what was owed before has been paid, this period's charges are to be paid."""
    paper, notation = desk.paper, desk.paper.notation
    before = Decimal(paper.rng.randrange(2_000, 40_000)) / 100
    paid = paper.issued - timedelta(days=paper.rng.randrange(8, 25))
    rows = [
        ("Balance from your last bill", notation.money(before), False),
        (f"Payment received {notation.day(paid)} – thank you", f"{notation.money(before)} CR", False),
        ("Balance brought forward", notation.money(ZERO), False),
        (paper.rng.choice(["Charges for this period", "New charges (excl. VAT)"]), notation.money(paper.net), False),
    ]
    rows += [(f"VAT at {notation.rate(rate)}", notation.money(tax), False) for rate, _, tax in paper.breakdown()]
    rows.append(
        (paper.rng.choice(["Total amount due", "Please pay", "Amount now due"]), notation.money(paper.payable), True)
    )
    desk.show("net", "payable")
    _column(desk, rows, 300)


def fees(desk: Desk) -> None:
    """A solicitor's note: fees, disbursements without VAT among none, and what is to be paid."""
    paper, notation = desk.paper, desk.paper.notation
    rows = [("Our professional charges", notation.money(paper.net), False)]
    rows += [(f"VAT thereon @ {notation.rate(rate)}", notation.money(tax), False) for rate, _, tax in paper.breakdown()]
    rows.append((paper.rng.choice(["Total of this invoice", "Total this bill"]), notation.money(paper.gross), False))
    if paper.prepaid:
        rows.append(
            (
                paper.rng.choice(["Less: received on account", "Less monies held on account"]),
                f"({notation.number(paper.prepaid)})",
                False,
            )
        )
    rows.append(
        (
            paper.rng.choice(["Balance due to us", "Total now payable", "Total payable"]),
            notation.money(paper.payable),
            True,
        )
    )
    desk.show("net", "gross", "payable")
    _column(desk, rows, 260)


def export(desk: Desk) -> None:
    """What an exporter writes for America: no VAT, a dollar sign, the code once in the label."""
    paper, notation = desk.paper, desk.paper.notation
    shown = f"${notation.number(paper.payable)}" if paper.currency == "USD" else notation.money(paper.payable)
    rows = [
        ("Subtotal", notation.number(paper.net), False),
        ("Sales tax", notation.number(ZERO), False),
        (
            paper.rng.choice(
                [f"Total due ({paper.currency})", f"Amount due in {paper.currency}", f"Balance Due {paper.currency}"]
            ),
            shown,
            True,
        ),
    ]
    desk.show("payable")
    _column(desk, rows)


def _bank(desk: Desk) -> list[tuple[str, str]]:
    """Return the rows of a bank with the IBAN, in Britain with sort code and account number besides."""
    own = accounts.domestic(desk.paper.account) or []
    return [
        *own,
        (desk.paper.rng.choice(["IBAN", "IBAN No", "International account no. (IBAN)"]), desk.value("iban")),
        (desk.paper.rng.choice(["BIC", "SWIFT/BIC", "Swift Code", "BIC / SWIFT"]), desk.value("bic")),
    ]


def bacs(desk: Desk) -> None:
    """Sort code, account number and IBAN in one or two lines of small print."""
    paper, sheet = desk.paper, desk.sheet
    desk.room(70)
    intro = paper.rng.choice(["Payment by BACS to:", "Please make payment by bank transfer to:", "EFT / BACS details"])
    sheet.text(desk.left, desk.y, intro, bold=True)
    desk.step(1.2)
    name = paper.rng.choice([f"Account name: {paper.account.holder}", f"{paper.account.holder}, {paper.account.bank}"])
    sheet.text(desk.left, desk.y, name)
    desk.step()
    line = "   ".join(f"{label}: {value}" for label, value in _bank(desk))
    desk.y = sheet.wrapped(desk.left, desk.y, desk.right - desk.left, line)
    quoted = paper.rng.choice(["Please quote {} on all payments.", "Payment reference: {}"])
    if paper.kind != "no_number":
        sheet.text(desk.left, desk.y, quoted.format(paper.number))
    desk.show("domestic")
    desk.step(1.6)


def wire(desk: Desk) -> None:
    """Wire instructions, in the order in which banks ask for them."""
    paper, sheet = desk.paper, desk.sheet
    rows = [
        (paper.rng.choice(["Beneficiary", "Beneficiary name", "Pay to"]), paper.account.holder),
        ("Beneficiary bank", paper.account.bank),
        ("SWIFT code", desk.value("bic")),
        (paper.rng.choice(["Account (IBAN)", "IBAN", "Beneficiary IBAN"]), desk.value("iban")),
        (
            paper.rng.choice(["Payment details", "Reference", "Details of payment"]),
            "INVOICE" if paper.kind == "no_number" else f"Invoice {paper.number}",
        ),
        ("Charges", "OUR"),
    ]
    desk.room(len(rows) * 14 + 26)
    sheet.text(
        desk.left,
        desk.y,
        paper.rng.choice(["WIRE INSTRUCTIONS", "Wire transfer instructions", "Remit payment to"]),
        bold=True,
    )
    desk.step(1.4)
    for label, value in rows:
        sheet.text(desk.left, desk.y, label, colour=GREY)
        sheet.text(desk.left + 120, desk.y, value)
        desk.step(1.1)
    desk.step()


SLIP_HEIGHT = 150.0


def remittance(desk: Desk) -> None:
    """The bank above, and a slip to send back at the foot of the page that repeats number, account and sum."""
    bacs(desk)
    paper, sheet = desk.paper, desk.sheet
    top = HEIGHT - SLIP_HEIGHT
    if desk.y > top - 12:
        sheet.next_page()
    sheet.text(WIDTH / 2, top, "- " * 60, 7, align="centre", colour=GREY)
    sheet.text(
        desk.left, top + 16, paper.rng.choice(["REMITTANCE ADVICE", "Remittance Slip", "PAYMENT ADVICE"]), 11, bold=True
    )
    sheet.text(desk.left, top + 30, "Please detach and return with your payment", 7.5, colour=GREY)
    for place, row in enumerate([paper.seller.name, *paper.seller.address()]):
        sheet.text(desk.left, top + 48 + place * 12, ("To: " if place == 0 else "") + row, 8.5)
    rows = [
        ("Customer", paper.buyer.name),
        *([("Invoice Number", paper.number)] if paper.kind != "no_number" else []),
        ("Amount Due", paper.notation.coded(paper.payable)),
        *([("Due Date", desk.value("due"))] if "due_in_words" not in desk.layout.traits else []),
        ("Amount Enclosed", "______________"),
    ]
    for place, (label, value) in enumerate(rows):
        sheet.text(desk.middle + 10, top + 30 + place * 15, label, 8.5, bold=True)
        sheet.text(desk.middle + 110, top + 30 + place * 15, value, 8.5)
    desk.show("payable")


SUMS: dict[str, Callable[[Desk], None]] = {
    "ledger": ledger, "cloud": cloud, "balance": balance, "account": account, "fees": fees, "export": export,
}  # fmt: skip
PAYMENTS: dict[str, Callable[[Desk], None]] = {"bacs": bacs, "wire": wire, "remittance": remittance}
