"""A document in the making: the sheet, what is to stand on it, and how far down it is written."""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from app.local.samples.bill import Bill
from app.local.samples.pages.sheet import Sheet
from app.local.samples.pages.wording import Wording
from app.local.samples.parties import Company

# Below this no line of the body may stand; what is left belongs to the footer.
BODY_BOTTOM = 760.0
TOP = 60.0
DIRECT_DEBIT, CARD = "59", "48"
Row = tuple[str, str]


@dataclass
class Draft:
    """The state that the parts of a page hand on. `y` is where the next part begins."""

    sheet: Sheet
    bill: Bill
    words: Wording
    rng: random.Random
    y: float = TOP
    beside: float = TOP  # where the addressee began: what stands next to it begins there as well
    show_payable: bool = field(init=False)

    def __post_init__(self) -> None:
        self.show_payable = self.rng.randrange(2) == 0

    def money(self, amount: Decimal) -> str:
        """Return an amount with the bill's currency."""
        return self.words.money(amount, self.bill.currency)

    def make_room(self, height: float) -> bool:
        """Begin a new page where less than that height is left, and tell whether it did."""
        if self.y + height <= BODY_BOTTOM:
            return False
        self.sheet.new_page()
        self.y = TOP
        return True


def title(draft: Draft) -> str:
    """Return what the document calls itself."""
    return draft.words.label("title", draft.bill.kind)


def address_lines(draft: Draft, company: Company, home: str) -> list[str]:
    """Return street, town and, for who does not sit in that country, the country's name."""
    town = f"{company.post_code} {company.town}"
    if company.country in {"GB", "IE"}:
        town = f"{company.town} {company.post_code}"
    return [company.street, town] + (
        [draft.words.language.countries[company.country]] if company.country != home else []
    )


def identity_rows(draft: Draft) -> list[Row]:
    """Return the seller's registrations as label and number."""
    seller, words = draft.bill.seller, draft.words
    return [
        (words.label("vat_identifier"), seller.vat_identifier),
        (words.label("registration", seller.country), seller.registration_identifier),
    ]


def contact_rows(draft: Draft) -> list[Row]:
    """Return telephone and e-mail of the seller."""
    seller, words = draft.bill.seller, draft.words
    return [(words.label("phone"), seller.phone), (words.label("email"), seller.email)]


def number_row(draft: Draft) -> Row:
    """Return the label of the document's number, and the number."""
    return draft.words.label("number", draft.bill.kind), draft.bill.number


def reference_rows(draft: Draft) -> list[Row]:
    """Return number, dates, and the numbers that are not the invoice's."""
    bill, words = draft.bill, draft.words
    due = "valid_until" if bill.kind == "quote" else "due_date"
    rows = [
        number_row(draft),
        (words.label("issue_date"), words.day(bill.issue_date)),
        (words.label(due), words.day(bill.due_date)),
        (words.label("customer_number"), f"C{bill.issue_date:%j}{len(bill.lines):02}"),
    ]
    return rows + ([(words.label("purchase_order"), bill.purchase_order)] if bill.purchase_order else [])


def total_rows(draft: Draft) -> list[tuple[str, Decimal, bool]]:
    """Return the sums from top to bottom: label, amount, and whether it is the one that is asked for."""
    bill, words, totals = draft.bill, draft.words, draft.bill.totals()
    rows: list[tuple[str, Decimal, bool]] = []
    if bill.adjustments:
        rows.append((words.label("line_sum"), totals.line_sum, False))
    rows += [(each.reason, each.signed, False) for each in bill.adjustments]
    rows.append((words.label("net"), totals.net, False))
    rows += [(words.label("vat").format(rate=words.rate(line.rate)), line.tax, False) for line in bill.vat_lines()]
    payable = draft.show_payable or bool(totals.prepaid)
    rows.append((words.label("gross"), totals.gross, not payable))
    if totals.prepaid:
        rows.append((words.label("prepaid"), -totals.prepaid, False))
    if payable:
        rows.append((words.label("payable"), totals.payable, True))
    return rows


def asks_for_transfer(draft: Draft) -> bool:
    """Tell whether the page shows an account to pay to."""
    bill = draft.bill
    return bill.account is not None and bill.kind in {"invoice", "reminder"} and bill.means not in {DIRECT_DEBIT, CARD}


def bank_rows(draft: Draft) -> list[Row]:
    """Return the account as label and value; nothing where no transfer is asked for."""
    account, words = draft.bill.account, draft.words
    if account is None or not asks_for_transfer(draft):
        return []
    rows = [
        (words.label("account_holder"), draft.bill.seller.name),
        (words.label("iban"), words.iban(account.iban)),
        (words.label("bic"), account.bic),
    ]
    return rows + ([(words.label("reference"), draft.bill.reference)] if draft.bill.reference else [])


def closing_sentences(draft: Draft) -> list[str]:
    """Return what the document says about paying it."""
    bill, words = draft.bill, draft.words
    if bill.kind != "invoice":
        return [words.sentence(bill.kind)]
    if bill.means == DIRECT_DEBIT:
        account = words.iban(bill.debited_account or "")
        return [words.sentence("direct_debit").format(account=account, date=words.day(bill.due_date))]
    if bill.means == CARD:
        return [words.sentence("paid")]
    return [sentence for sentence in (bill.note, bill.terms, bill.exemption, words.sentence("late")) if sentence]
