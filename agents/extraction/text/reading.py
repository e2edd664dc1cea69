"""A PDF's text layer to an extracted invoice: every value with its place, its confidence, or nothing."""

from collections.abc import Iterable
from decimal import Decimal

from agents.extraction.opened import MEDIA_TYPE
from agents.extraction.text import filling, memory, payees, statements
from agents.extraction.text.accounts.domestic import domestic_accounts
from agents.extraction.text.accounts.printed import Printed, find_accounts
from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.amounts.finding import find_amounts
from agents.extraction.text.anchored import Readings
from agents.extraction.text.date_order import Order
from agents.extraction.text.dates import find_dates
from agents.extraction.text.in_words import heed, sums_in_words
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Layout, lay_out
from agents.extraction.text.lines import find_lines
from agents.extraction.text.memory import NOTHING, anchors_of, with_labels
from agents.extraction.text.money import find_currency
from agents.extraction.text.numbers.finding import find_number, is_own
from agents.extraction.text.pages import DocumentText, PageText, page_texts
from agents.extraction.text.parties import find_parties
from agents.extraction.text.scoring.advice import Offers, advise
from agents.extraction.text.sheet import Sheet
from agents.extraction.text.sketch import sketch
from agents.extraction.text.titles import document_title, specimen_pages
from agents.extraction.text.totals.adding import add_up
from agents.extraction.text.verdicts import Said, judge
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Anchor, Learned

# Somebody else's OCR behind a picture: what it says was never proven by this reader.
SCAN_LAYER_CONFIDENCE_MAX = 0.6
# What these number is themselves; an invoice number on them is some invoice's that they speak of.
NUMBERED_OTHERWISE = frozenset({"statement", "contract", "order", "quote", "delivery_note"})
_RULES = (
    "direct_debit", "card", "account_change", "factoring", "not_an_invoice", "refund", "instalments", "reminder",
    "cancelled", "debit_hint", "split_payment", "offset", "on_hold",
)  # fmt: skip
# Where 3/4 is the fourth of March: with a dollar nobody knows, without one only the English-speaking world disagrees.
_AMERICAN = frozenset({"USD", "CAD"})


def read_text_pdf(content: bytes, learned: Learned = NOTHING) -> ExtractedInvoice | Unreadable:
    """Return what the visible text of a PDF says.

    Returns:
        ExtractedInvoice of lane "text", or Unreadable with PDF-BROKEN, PDF-ENCRYPTED or PDF-NO-TEXT.
    """
    document = page_texts(content)
    return document if isinstance(document, Unreadable) else read_document(document, learned)


def read_document(document: DocumentText, learned: Learned = NOTHING) -> ExtractedInvoice:
    """Return what the words of a document say, and what the release has learned of them."""
    pages, layout = _without_specimens(document)
    labels = Labels(layout, with_labels(learned.labels))
    amounts = find_amounts(layout, labels)
    sheet = Sheet(SCAN_LAYER_CONFIDENCE_MAX if any(page.is_scan_layer for page in pages) else 1.0)
    if document.is_cut:
        sheet.find("AMOUNT-AMBIGUOUS", f"only a part of the {document.pages_total} pages was read")
    domestic = list(domestic_accounts(layout))
    accounts = payees.sort_out(layout, labels, find_accounts(layout, labels), domestic)
    kind = _read_sums(sheet, pages, layout, labels, amounts, accounts.country)
    payees.put_accounts(sheet, layout, accounts, _hidden_accounts(pages), sheet.value("invoice_currency_code"))
    filling.put_bank(sheet, layout, labels, sheet.value("payment_account_identifier"))
    filling.put_reference(sheet, layout, labels)
    filling.put_parties(sheet, layout, labels, find_parties(layout, labels))
    numbered = find_number(layout, labels)
    if kind not in NUMBERED_OTHERWISE or is_own(numbered):
        filling.put_number(sheet, numbered)
    dates = find_dates(layout, labels, _order(sheet))
    filling.put_dates(sheet, dates, numbered.chosen)
    drawn = sketch(layout)
    readings = Readings(layout, labels, amounts, dates)
    _remember(sheet, pages, readings, anchors_of(learned, drawn))
    advise(sheet, Offers(readings, numbered), learned.scorer, is_numbered=kind not in NUMBERED_OTHERWISE)
    lines = find_lines(layout, _sums_of_lines(sheet, amounts))
    return sheet.finished(MEDIA_TYPE, document.pages_total, lines, layout=drawn)


def _remember(sheet: Sheet, pages: tuple[PageText, ...], readings: Readings, anchors: tuple[Anchor, ...]) -> None:
    """Let the anchors of the layout speak, and hold what they say of the sum to pay against the page's words."""
    before = sheet.value(memory.PAYABLE)
    memory.recall(sheet, readings, anchors)
    if sheet.value(memory.PAYABLE) != before:
        memory.hear(sheet, sums_in_words(pages))


def _sums_of_lines(sheet: Sheet, amounts: tuple[Amount, ...]) -> frozenset[Decimal]:
    """Return what the items may add up to: a subtotal, the total without VAT, or the total where there is no VAT."""
    stated = sheet.value("invoice_total_amount_without_vat")
    if stated is None and sheet.value("invoice_total_vat_amount") is None:
        stated = sheet.value("invoice_total_amount_with_vat") or sheet.value("amount_due_for_payment")
    subtotals = {amount.value for amount in amounts if amount.row & {"subtotal", "net"}}
    return frozenset(subtotals | ({Decimal(stated)} if stated else set()))


def _without_specimens(document: DocumentText) -> tuple[tuple[PageText, ...], Layout]:
    """Return pages and layout without the pages that explain the bill by an example."""
    layout = lay_out(document.pages)
    examples = specimen_pages(layout)
    if not examples:
        return document.pages, layout
    pages = tuple(page for page in document.pages if page.number not in examples)
    return pages, lay_out(pages)


def _hidden_accounts(pages: Iterable[PageText]) -> tuple[Printed, ...]:
    """Return the accounts that only machines see."""
    behind = [PageText(page.number, page.width, page.height, page.hidden) for page in pages if page.hidden]
    layout = lay_out(behind)
    return find_accounts(layout, Labels(layout))


def _read_sums(
    sheet: Sheet,
    pages: tuple[PageText, ...],
    layout: Layout,
    labels: Labels,
    amounts: tuple[Amount, ...],
    country: str | None,
) -> str | None:
    """Write down the sums, the currency, and whether they are to be paid at all; return the kind of document."""
    totals = heed(add_up(amounts), sums_in_words(pages))
    asked = totals.payable or totals.gross
    currency = find_currency(layout, labels, amounts, asked.amount if asked else None, country)
    filling.put_totals(sheet, totals, currency)
    said = Said(
        document_title(layout, labels),
        statements.spoken(pages, _RULES) | statements.stamped(layout),
        statements.says_paid(layout, {amount.line for amount in amounts}) or statements.tells_paid(pages),
        statements.payment_methods(layout, labels),
        statements.hints_paid(pages, asked.value if asked and not totals.paid_in_part else None),
    )
    filling.put_kind(sheet, said)
    judge(sheet, said, totals)
    return said.kind


def _order(sheet: Sheet) -> Order | None:
    """Return how days and months are ordered in doubt: day first in Europe, unknown where the dollar reigns."""
    currency = sheet.value("invoice_currency_code")
    return None if currency is None or currency in _AMERICAN else "dmy"
