"""From what was found on the page to the fields of the invoice."""

from collections.abc import Iterable
from decimal import Decimal

from agents.extraction.text import identifiers, registrations, timeline
from agents.extraction.text.dates import Dated
from agents.extraction.text.identifiers import Identifier
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Layout, box_of
from agents.extraction.text.money import Currency
from agents.extraction.text.names import Name
from agents.extraction.text.numbers.number import Number, Numbered
from agents.extraction.text.owners import split_identifiers
from agents.extraction.text.parties import Parties
from agents.extraction.text.references import MISPRINTED, references
from agents.extraction.text.sheet import Sheet
from agents.extraction.text.totals.evidence import Evidence, Totals
from agents.extraction.text.verdicts import Said
from schemas.evidence import FieldName
from schemas.money import plain

TYPE_CODES = {"invoice": "380", "credit_note": "381"}
MEANS_CODES = {"transfer": "30", "direct_debit": "49", "card": "48", "cash": "10", "cheque": "20"}
KIND_STATED = 0.93
CENT = Decimal("0.01")


def put_totals(sheet: Sheet, totals: Totals, currency: Currency | None) -> None:
    """Write down the sums, with the currency's two decimals."""
    fields: tuple[tuple[FieldName, Evidence | None], ...] = (
        ("amount_due_for_payment", totals.payable),
        ("invoice_total_amount_with_vat", totals.gross),
        ("invoice_total_amount_without_vat", totals.net),
        ("invoice_total_vat_amount", totals.vat),
        ("paid_amount", totals.taken_off),
        ("rounding_amount", totals.rounding),
    )
    for name, found in fields:
        if found is not None:
            value = abs(found.value) if name == "paid_amount" else found.value
            amount = found.amount
            sheet.put(name, plain(value.quantize(CENT)), amount.raw, amount.page, amount.box, found.confidence)
    if currency is not None:
        at = currency
        sheet.put("invoice_currency_code", at.code, at.raw, at.page, at.box, at.confidence)


def put_number(sheet: Sheet, numbered: Numbered) -> None:
    """Write down the number, or that there are several."""
    chosen = numbered.chosen
    if chosen is not None:
        sheet.put("invoice_number", chosen.value, chosen.raw, chosen.cell.page, chosen.box, chosen.confidence)
    elif numbered.rivals:
        first = numbered.rivals[0]
        sheet.put("invoice_number", None, " | ".join(one.raw for one in numbered.rivals), first.cell.page, first.box, 0)
        count = len({one.value for one in numbered.rivals})
        sheet.find("NUMBER-AMBIGUOUS", f"{count} different numbers are called the invoice number", "invoice_number")


def put_bank(sheet: Sheet, layout: Layout, labels: Labels, account: str | None) -> None:
    """Write down the bank's identifier, if it sits in the account's country and no other does."""
    found = {one.value: one for one in identifiers.bank_identifiers(layout, labels)}
    fitting = [one for one in found.values() if account is None or one.value[4:6] == account[:2]]
    if len(fitting) == 1:
        put_identifier(sheet, "payment_service_provider_identifier", fitting[0])


def put_dates(sheet: Sheet, dates: Iterable[Dated], number: Number | None) -> None:
    """Write down when it was issued and when it is due."""
    known = list(dates)
    moments: tuple[tuple[FieldName, timeline.Moment | None], ...] = (
        ("invoice_issue_date", timeline.issue_date(known, number)),
        ("payment_due_date", timeline.due_date(known)),
    )
    for name, moment in moments:
        if moment is not None and moment.dated.value is not None:
            dated = moment.dated
            value = moment.dated.value.isoformat()
            sheet.put(name, value, dated.raw, dated.cell.page, dated.box, moment.confidence)


def put_parties(sheet: Sheet, layout: Layout, labels: Labels, parties: Parties) -> None:
    """Write down names and numbers of seller and buyer."""
    names: tuple[tuple[FieldName, Name | None], ...] = (
        ("seller_name", parties.seller),
        ("buyer_name", parties.buyer),
    )
    for name, found in names:
        if found is not None:
            sheet.put(name, found.value, found.cell.text, found.cell.page, found.box, found.confidence)
    vat = [*identifiers.vat_identifiers(layout, labels), *registrations.national_vat_identifiers(layout, labels)]
    seller, buyer = split_identifiers(vat, parties, labels)
    put_identifier(sheet, "seller_vat_identifier", seller)
    put_identifier(sheet, "buyer_vat_identifier", buyer)
    for concept in ("siret", "siren"):
        own, other = split_identifiers(identifiers.company_identifiers(layout, labels, concept), parties, labels)
        put_identifier(sheet, "seller_legal_registration_identifier", own)
        put_identifier(sheet, "buyer_legal_registration_identifier", other)
    registered, _ = split_identifiers(registrations.registrations(layout, labels), parties, labels)
    put_identifier(sheet, "seller_legal_registration_identifier", registered)
    taxed, _ = split_identifiers(registrations.tax_numbers(layout, labels), parties, labels)
    put_identifier(sheet, "seller_tax_registration_identifier", taxed)


def put_reference(sheet: Sheet, layout: Layout, labels: Labels) -> None:
    """Write down the reference to pay under, if there is one only of the strongest kind."""
    found = list(references(layout, labels))
    best = max((one.confidence for one in found), default=0.0)
    strongest = {one.value: one for one in found if one.confidence == best}
    if len(strongest) == 1:
        put_identifier(sheet, "remittance_information", next(iter(strongest.values())))
    if best == MISPRINTED:
        message = f"wrong check digit: {next(iter(strongest))}"
        sheet.find("REFERENCE-INVALID", message, "remittance_information", severity="warning")


def put_identifier(sheet: Sheet, name: FieldName, found: Identifier | None) -> None:
    """Write down an identifier, if there is one."""
    if found is not None:
        sheet.put(name, found.value, found.raw, found.cell.page, found.box, found.confidence)


def put_kind(sheet: Sheet, said: Said) -> None:
    """Write down the type of the document (UNTDID 1001) and how it is to be paid (UNTDID 4461), where it says so."""
    title = said.title
    if title is not None and title.kind in TYPE_CODES:
        at, code = title.cell, TYPE_CODES[title.kind]
        sheet.put("invoice_type_code", code, at.text, at.page, box_of(at.words), KIND_STATED)
    if len(said.methods) == 1:
        method, at = next(iter(said.methods.items()))
        means = MEANS_CODES[method]
        sheet.put("payment_means_type_code", means, at.text, at.page, box_of(at.words), KIND_STATED)
