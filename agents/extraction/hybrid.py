"""A PDF that carries its invoice as XML: the XML is read, the page is the witness.

A clerk approves what the page shows while the machine pays what the XML says. So every payment-critical value of the
XML is looked up on the page; one that does not stand there makes the document doubtful.
"""

from datetime import date
from decimal import Decimal

from agents.extraction import sightings
from agents.extraction.draft import Draft
from agents.extraction.sightings import Page, Place
from agents.extraction.text.pages import DocumentText
from schemas.evidence import ExtractedInvoice, FieldName

CONFIRMED_CONFIDENCE = 0.998
# A value that must stand on the page. A sum of zero is often not printed at all.
_AMOUNTS: tuple[FieldName, ...] = ("amount_due_for_payment", "invoice_total_amount_with_vat")

# What a clerk would see on the page and no XML carries, or should have carried. Other words of a page are too often
# about something else: an invoice mentions orders, cards and delivery notes.
_SAID_BY_PAGES = frozenset({"ACCOUNT-CHANGE-NOTICE", "ALREADY-PAID", "CREDIT-NOTE"})
_SELF_BILLED = "389"  # which German law calls "Gutschrift", as it does a credit note


def confirm(draft: Draft, document: DocumentText) -> None:
    """Mark the draft's values that the page confirms, and report those that it contradicts."""
    pages = [Page(page.number, page.words) for page in document.pages]
    missing = [name for name, patterns in _expected(draft) if not _seen(draft, name, sightings.find(pages, *patterns))]
    if _is_dated_otherwise(draft, pages):
        missing.append("invoice_issue_date")
    if missing:
        draft.find("XML-PAGE-MISMATCH", f"the page does not show what the XML says: {', '.join(missing)}", *missing)


def heed(draft: Draft, page: ExtractedInvoice) -> None:
    """Take over what the page's words say against a payment, as suspicions: the XML may say better."""
    is_self_billed = draft.value("invoice_type_code") == _SELF_BILLED
    for finding in page.findings:
        if finding.rule not in _SAID_BY_PAGES or (finding.rule == "CREDIT-NOTE" and is_self_billed):
            continue
        draft.find(finding.rule, f"on the page: {finding.message}", severity="warning")


def _expected(draft: Draft) -> list[tuple[FieldName, sightings.Patterns]]:
    expected: list[tuple[FieldName, sightings.Patterns]] = []
    if identifier := draft.value("payment_account_identifier"):
        expected.append(("payment_account_identifier", sightings.account(identifier)))
    if number := draft.value("invoice_number"):
        expected.append(("invoice_number", sightings.document_number(number)))
    if currency := draft.value("invoice_currency_code"):
        expected.append(("invoice_currency_code", sightings.currency(currency)))
    for name in _AMOUNTS:
        value = Decimal(draft.value(name) or 0)
        if value:
            expected.append((name, sightings.amount(value)))
    return expected


def _is_dated_otherwise(draft: Draft, pages: list[Page]) -> bool:
    """Tell whether the page shows dates, but not the invoice's. A page without dates contradicts nothing."""
    issued = draft.value("invoice_issue_date")
    if issued is None:
        return False
    place = sightings.find(pages, *sightings.day(date.fromisoformat(issued)))
    return not _seen(draft, "invoice_issue_date", place) and sightings.has_dates(pages)


def _seen(draft: Draft, name: FieldName, place: Place | None) -> bool:
    """Note where the page shows the value; return whether it does."""
    if place is None:
        return False
    confirmed = {"confidence": CONFIRMED_CONFIDENCE, "page": place.page, "box": place.box, "agrees": ("text",)}
    draft.fields[name] = draft.fields[name].model_copy(update=confirmed)
    return True
