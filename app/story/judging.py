"""What the document was taken to say, what the rules said of it, and whose invoice it is."""

from collections.abc import Iterator, Sequence

from agents.decision.rules import RULES, consequence
from app.dossier import Event, Exhibit
from app.story import words
from app.story.masking import Mask
from app.story.story import Chapter, Sentence, of_event, of_record, plain, point
from schemas.events import InvoiceNormalized, InvoiceValidated, SupplierChanged
from schemas.finding import Finding
from schemas.identifiers import orphan_key
from schemas.invoice import Invoice
from schemas.supplier import Supplier, SupplierMatch

_WORTH = {
    "payable": "Taken alone, the document proves what a payment needs",
    "doubtful": "Taken alone, the document leaves doubts",
    "not_payable": "Taken alone, the document asks for no payment",
}
_MATCHED_BY = {
    "vat_identifier": "by the VAT id on the invoice",
    "legal_registration_identifier": "by the registration number on the invoice",
    "account": "by the account on the invoice alone",
    "name": "by the name on the invoice alone",
}
_CONSEQUENCES = {"reject": " rejects it", "bar": " bars it", "hold": " holds it", "note": ""}


def understanding(event: Event, normalized: InvoiceNormalized, mask: Mask) -> Chapter:
    """Tell what the document was taken to say, and under which key it is filed."""
    proof = of_event(event)
    invoice = normalized.invoice
    sentences = [
        plain(f"In the terms of EN 16931 this is {_invoice(invoice)}.", *proof),
        plain(f"The seller is {_seller(invoice)}. {_buyer(invoice)}", *proof),
        plain(_key(normalized), *proof),
    ]
    unclear = [finding for finding in normalized.findings if finding.rule == "VALUE-UNPARSABLE"]
    sentences += [
        plain(f"{words.listed(map(words.term, f.fields))} was {mask(f.message)} and counts as absent.", *proof)
        for f in unclear
    ]
    return Chapter(
        title="What it was taken to say", at=words.millis(event.exhibit.read.timestamp_ms), sentences=tuple(sentences)
    )


def _invoice(invoice: Invoice) -> str:
    kind = "credit note" if invoice.is_credit_note() else "invoice"
    amount = invoice.amount_payable()
    told = [f"{kind} {invoice.invoice_number}" if invoice.invoice_number else f"an {kind} without a number"]
    if invoice.invoice_issue_date:
        told.append(f"of {words.day(invoice.invoice_issue_date)}")
    if amount is not None:
        told.append(f"over {words.money(amount, invoice.invoice_currency_code)}")
        if invoice.totals.amount_due_for_payment is None:
            told.append("(the total with VAT, for no other sum is asked for)")
    due = invoice.payment_due_date
    return " ".join(told) + (f", due on {words.day(due)}" if due else ", without a due date")


def _seller(invoice: Invoice) -> str:
    seller = invoice.seller
    vat = f", VAT id {seller.vat_identifier}" if seller.vat_identifier else ""
    return f"{seller.name or 'not named'}{vat}"


def _buyer(invoice: Invoice) -> str:
    return f"The buyer is {invoice.buyer.name.rstrip('.')}." if invoice.buyer.name else "No buyer is named."


def _key(normalized: InvoiceNormalized) -> str:
    key = normalized.invoice_key
    if key == orphan_key(normalized.received.tenant, normalized.document_id):
        return f"It is filed under {key}, by itself alone, for it names no seller or no number."
    whom = f"supplier {normalized.supplier_id}" if normalized.supplier_id else "a seller whom nobody knew"
    return f"It is filed under {key}, made for {whom} and this number."


def checking(event: Event, validated: InvoiceValidated, mask: Mask) -> Chapter:
    """Tell which rules spoke, and what the document is worth on its own."""
    proof = of_event(event)
    assessment = validated.assessment
    because = f": {words.listed(assessment.reasons)}" if assessment.reasons else ""
    worth = f"{_WORTH[assessment.outcome]}{because}. Its least certain value is {words.percent(assessment.confidence)}"
    sentences = [
        plain(f"{worth} certain.", *proof),
        *_findings(validated.findings, mask, event),
    ]
    return Chapter(
        title="What the rules said", at=words.millis(event.exhibit.read.timestamp_ms), sentences=tuple(sentences)
    )


def _findings(findings: Sequence[Finding], mask: Mask, event: Event) -> Iterator[Sentence]:
    proof = of_record(event.exhibit)
    against = [finding for finding in findings if consequence(finding) != "note"]
    notes = [finding for finding in findings if consequence(finding) == "note"]
    if not against:
        yield plain("No rule objected.", proof)
    for finding in against:
        yield point(said(finding, mask), proof)
    if notes:
        yield plain("To be noted, without a consequence:", proof)
    for finding in notes:
        yield point(said(finding, mask), proof)


def said(finding: Finding, mask: Mask) -> str:
    """Return what a rule said: its id, a sentence for a clerk where there is one, and its own words."""
    known = RULES.get(finding.rule)
    own = mask(" ".join(finding.message.split())).rstrip(".")
    sentence = f"{known.sentence} ({own})" if known else f"{own}."
    return f"{finding.rule}{_CONSEQUENCES[consequence(finding)]}: {sentence}"


def supplier(event: Event, validated: InvoiceValidated, changes: Sequence[Exhibit], mask: Mask) -> Chapter:
    """Tell whose invoice it is, and who vouched for the account."""
    proof = of_event(event)
    match = validated.match
    at = words.millis(event.exhibit.read.timestamp_ms)
    if match is None:
        text = "No supplier of the reference data fits by VAT id, registration, account or name."
        return Chapter(title="Whose invoice it is", at=at, sentences=(plain(text, *proof),))
    sentences = [
        plain(_matched(match), *proof),
        *_accounts(event, validated.normalized.invoice, match.supplier, mask),
        _reference(event, match.supplier, changes),
    ]
    return Chapter(title="Whose invoice it is", at=at, sentences=tuple(sentences))


def _matched(match: SupplierMatch) -> str:
    score = f", which is {words.percent(match.score)} alike" if match.matched_by == "name" else ""
    active = "" if match.supplier.active else " The supplier is blocked."
    return (
        f"The supplier is {match.supplier.name} ({match.supplier.supplier_id}), "
        f"found {_MATCHED_BY[match.matched_by]}{score}.{active}"
    )


def _accounts(event: Event, invoice: Invoice, known: Supplier, mask: Mask) -> Iterator[Sentence]:
    proof = of_record(event.exhibit)
    for account in invoice.payee_accounts():
        verified = known.account(account)
        if verified is None:
            count = words.number(len(known.accounts), "verified account")
            yield plain(f"Nobody has verified {mask(account)} for this supplier, who has {count}.", proof)
        else:
            when = f" on {words.moment(verified.verified_at)}" if verified.verified_at else ""
            yield plain(f"{verified.verified_by} verified {mask(account)} for this supplier{when}.", proof)


def _reference(event: Event, known: Supplier, changes: Sequence[Exhibit]) -> Sentence:
    """Tell which record of the reference data this state of the supplier is."""
    moment = event.testimony.exhibit.read.timestamp_ms
    states = [each for each in changes if each.read.key == known.supplier_id.encode()]
    before = [each for each in states if each.read.timestamp_ms <= moment]
    if not before:
        return plain(
            "The state of the supplier that was used stands in the record of the check alone; its topic keeps the last."
        )
    last, change = before[-1], before[-1].event
    by = ""
    if isinstance(change, SupplierChanged):
        by = f", entered by {change.changed_by} on {words.moment(change.changed_at)}"
    return plain(f"The reference data is that of {last.where}{by}.", of_record(last))
