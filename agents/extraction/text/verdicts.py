"""What the document's own words make of it: nothing to pay, or something that a clerk would ask about first."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.text.layout import Cell
from agents.extraction.text.sheet import Sheet
from agents.extraction.text.titles import Title
from agents.extraction.text.totals.evidence import Totals

_NAMES = {
    "quote": "a quote", "order": "an order", "proforma": "a pro-forma invoice", "reminder": "a reminder",
    "statement": "a statement", "delivery_note": "a delivery note", "receipt": "a receipt", "contract": "a contract",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What headings, sentences and payment terms say."""

    title: Title | None
    rules: frozenset[str]
    paid: bool
    methods: Mapping[str, Cell]
    paid_hint: bool = False  # a word for `paid` that nothing explains

    @property
    def kind(self) -> str | None:
        """Return the kind of document, or None where nothing says so."""
        return self.title.kind if self.title is not None else None


def judge(sheet: Sheet, said: Said, totals: Totals) -> None:
    """Write down why no money is to be sent, or why not yet."""
    _judge_kind(sheet, said)
    _judge_means(sheet, said)
    _judge_sums(sheet, said, totals)
    if "account_change" in said.rules:
        sheet.find("ACCOUNT-CHANGE-NOTICE", "the page announces new bank details", "payment_account_identifier")
    if "factoring" in said.rules:
        sheet.find("PAYEE-NOT-SELLER", "the claim is assigned to somebody else", "payment_account_identifier")


def _judge_kind(sheet: Sheet, said: Said) -> None:
    if said.kind is None:
        sheet.find("NOT-AN-INVOICE", "nothing on the page calls itself an invoice")
    elif said.kind == "credit_note":
        sheet.find("CREDIT-NOTE", "the page calls itself a credit note or a correction", "invoice_type_code")
    elif said.kind in _NAMES:
        sheet.find("NOT-AN-INVOICE", f"the page calls itself {_NAMES[said.kind]}")
    if "cancelled" in said.rules:
        sheet.find("NOT-AN-INVOICE", "the page says that the invoice is cancelled")
    if "not_an_invoice" in said.rules:
        sheet.find("NOT-AN-INVOICE", "the page says that it is no invoice")
    if "reminder" in said.rules:
        sheet.find("NOT-AN-INVOICE", "the page reminds of an invoice that was sent before")
    _doubt_kind(sheet, said)


def _doubt_kind(sheet: Sheet, said: Said) -> None:
    """Ask where no word settles it; a finding that settles it is there already, and stays."""
    if said.title is not None and said.title.mentioned:
        message = "nothing heads the page as an invoice: a sentence speaks of one"
        sheet.find("NOT-AN-INVOICE", message, "invoice_number", severity="warning")
    if "on_hold" in said.rules:
        message = "the page calls itself a draft or a copy for information, or asks to wait"
        sheet.find("NOT-AN-INVOICE", message, severity="warning")


def _judge_means(sheet: Sheet, said: Said) -> None:
    """Direct debit, card and cash: stated in a sentence, or named as the only way to pay."""
    only = set(said.methods) if "transfer" not in said.methods else set()
    if "direct_debit" in said.rules or only == {"direct_debit"}:
        sheet.find("DIRECT-DEBIT", "the seller collects the sum from the buyer's account", "payment_means_type_code")
    if "card" in said.rules or only == {"card"}:
        sheet.find("CARD-PAYMENT", "the sum is charged to a card", "payment_means_type_code")
    if only and only <= {"cash", "cheque"}:
        sheet.find("PAYMENT-MEANS", "to be paid in cash or by cheque", "payment_means_type_code")
    elif only and "DIRECT-DEBIT" not in sheet.rules() and "CARD-PAYMENT" not in sheet.rules():
        sheet.find("PAYMENT-MEANS", "no credit transfer among the ways to pay", "payment_means_type_code")

    if "debit_hint" in said.rules and "DIRECT-DEBIT" not in sheet.rules():
        message = "the page speaks of a direct debit, a card or cash, and of no condition"
        sheet.find("PAYMENT-MEANS-MIXED", message, "payment_means_type_code", severity="warning")


def _judge_sums(sheet: Sheet, said: Said, totals: Totals) -> None:
    payable, gross, prepaid = totals.payable, totals.gross, totals.prepaid
    partly = payable is not None and gross is not None and 0 < payable.value < gross.value
    settled = gross is not None and prepaid is not None and prepaid.value == gross.value != Decimal(0)
    open_still = settled and payable is not None and gross is not None and payable.value == gross.value
    if (said.paid and not partly) or (settled and not open_still):
        sheet.find("ALREADY-PAID", "the page says that the sum is paid", "amount_due_for_payment")
    if "offset" in said.rules:
        message = "the page says that the sum is set off against another"
        sheet.find("ALREADY-PAID", message, "amount_due_for_payment", severity="warning")
    if said.paid_hint:
        message = "the page has a word for paid that is about no part of the sum"
        sheet.find("ALREADY-PAID", message, "amount_due_for_payment", severity="warning")
    if "refund" in said.rules:
        sheet.find("NOTHING-DUE", "the page says that the seller pays the buyer", "amount_due_for_payment")
    if "instalments" in said.rules:
        sheet.find("AMOUNT-AMBIGUOUS", "the sum is to be paid in parts", "amount_due_for_payment")
    if "split_payment" in said.rules and payable is not None and gross is not None and payable.value == gross.value:
        message = "the buyer pays the VAT to the state, and the sum asked for holds it"
        sheet.find("AMOUNT-AMBIGUOUS", message, "amount_due_for_payment")
    due = payable or gross
    if due is not None and due.value <= 0:
        sheet.find("NOTHING-DUE", f"the sum asked for is {due.value}", "amount_due_for_payment")
    if totals.doubt:
        sheet.find("AMOUNT-AMBIGUOUS", totals.doubt, "amount_due_for_payment")
