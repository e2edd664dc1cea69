"""A PDF that carries its invoice as XML: the XML is read, the page is the witness.

A clerk approves what the page shows while the machine pays what the XML says. So every payment-critical value of the
XML is looked up on the page; one that does not stand there makes the document doubtful, and several that do not show
that the XML is another invoice than the page.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agents.extraction import sightings
from agents.extraction.draft import Draft
from agents.extraction.sightings import Page, Place
from agents.extraction.text.accounts.printed import find_accounts
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.pages import DocumentText, PageText
from agents.extraction.text.reading import read_document
from schemas.evidence import ExtractedInvoice, Field, FieldName

CONFIRMED_CONFIDENCE = 0.998
# A value that must stand on the page. A sum of zero is often not printed at all.
_AMOUNTS: tuple[FieldName, ...] = ("amount_due_for_payment", "invoice_total_amount_with_vat")
# What tells one invoice from another. The number alone may be printed in a way that is not known here.
_IDENTITY: frozenset[FieldName] = frozenset({
    *_AMOUNTS, "payment_account_identifier", "invoice_issue_date",
})  # fmt: skip

# What a clerk would see on the page and no XML carries, or should have carried. Other words of a page are too often
# about something else: an invoice mentions orders, cards and delivery notes.
_SAID_BY_PAGES = frozenset({"ACCOUNT-CHANGE-NOTICE", "ALREADY-PAID", "CREDIT-NOTE"})
_SELF_BILLED = "389"  # which German law calls "Gutschrift", as it does a credit note


def confirm(draft: Draft, document: DocumentText) -> None:
    """Mark the draft's values that the page confirms, and report those that it contradicts.

    Words that are drawn in no ink confirm nothing: whoever wrote the XML may have written them.
    """
    shown = [page for page in document.pages if page.words and not page.is_scan_layer]
    _doubt_hidden(draft, document.pages, shown)
    if not shown:
        draft.find("PAGE-WITHOUT-TEXT", "the page is a picture and cannot be compared with the XML")
        return
    pages = [Page(page.number, page.words) for page in shown]
    missing = [name for name, patterns in _expected(draft) if not _seen(draft, name, sightings.find(pages, *patterns))]
    if _is_dated_otherwise(draft, pages):
        missing.append("invoice_issue_date")
    if missing:
        _report(draft, missing, read_document(document))


def _report(draft: Draft, missing: list[FieldName], page: ExtractedInvoice) -> None:
    """Say what the XML says and the page does not, with what stands there instead."""
    pairs = "; ".join(_pair(name, draft.fields[name], page.field(name)) for name in missing)
    draft.find("XML-PAGE-MISMATCH", f"the page does not show what the XML says: {pairs}", *missing)
    if "invoice_number" in missing and _IDENTITY & set(missing):
        draft.find("XML-OTHER-INVOICE", f"the XML is another invoice than the page: {pairs}", *missing)


def _pair(name: FieldName, ours: Field, theirs: Field) -> str:
    said = f"{name}: {ours.source} says {_shown(name, ours)}"
    if theirs.value is None or theirs.value == ours.value or theirs.box is None:
        return said
    edges = ", ".join(f"{edge:.1f}" for edge in theirs.box)
    return f"{said}, text says {_shown(name, theirs)} on page {theirs.page} at [{edges}]"


def _shown(name: FieldName, field: Field) -> str:
    value = (field.value or "")[:80]
    return sightings.masked(value) if name == "payment_account_identifier" else value


def _doubt_hidden(draft: Draft, pages: Iterable[PageText], shown: list[PageText]) -> None:
    """Report an account that only machines see and that is neither the XML's nor printed on a page."""
    behind = [PageText(page.number, page.width, page.height, page.hidden) for page in pages if page.hidden]
    if not behind:
        return
    layout = lay_out(behind)
    known = {transfer.account_identifier for transfer in draft.transfers}
    known |= {draft.value("payment_account_identifier"), draft.value("debited_account_identifier")}
    visible = [Page(page.number, page.words) for page in shown]
    for one in find_accounts(layout, Labels(layout)):
        if one.valid and one.value not in known and not sightings.find(visible, *sightings.account(one.value)):
            draft.find("ACCOUNT-AMBIGUOUS", "another account is hidden in the page", "payment_account_identifier")


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
