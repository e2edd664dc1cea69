"""From what a document says to an invoice in the terms of EN 16931. Pure, total: it never raises."""

from agents.normalization import values
from agents.normalization.terms import Terms
from schemas.evidence import CreditTransfer, ExtractedInvoice
from schemas.finding import Finding
from schemas.invoice import DocumentTotals, Invoice, Party, PaymentInstruction, PostalAddress


def normalize(extracted: ExtractedInvoice) -> tuple[Invoice, tuple[Finding, ...]]:
    """Return the typed invoice, and the reader's findings together with those of values that did not parse.

    A value that does not parse is None in the invoice and VALUE-UNPARSABLE among the findings.
    """
    terms = Terms(extracted)
    invoice = Invoice(
        invoice_number=terms.code("invoice_number"),
        invoice_issue_date=terms.day("invoice_issue_date"),
        invoice_type_code=terms.code("invoice_type_code"),
        invoice_currency_code=terms.currency("invoice_currency_code"),
        payment_due_date=terms.day("payment_due_date"),
        purchase_order_reference=terms.code("purchase_order_reference"),
        payment_terms=terms.text("payment_terms"),
        preceding_invoice_reference=terms.code("preceding_invoice_reference"),
        seller=_seller(terms),
        buyer=_buyer(terms),
        payee=_payee(terms),
        debited_account_identifier=terms.code("debited_account_identifier"),
        payment_instructions=_instructions(terms, extracted),
        totals=_totals(terms),
        vat_breakdown=extracted.vat_breakdown,
        lines=extracted.lines,
    )
    return invoice, (*extracted.findings, *terms.findings)


def _seller(terms: Terms) -> Party:
    return Party(
        name=terms.text("seller_name"),
        vat_identifier=terms.code("seller_vat_identifier"),
        legal_registration_identifier=terms.code("seller_legal_registration_identifier"),
        tax_registration_identifier=terms.code("seller_tax_registration_identifier"),
        postal_address=PostalAddress(
            street=terms.text("seller_address_line"),
            post_code=terms.code("seller_post_code"),
            town=terms.text("seller_city"),
            country=terms.country("seller_country_code"),
        ),
    )


def _buyer(terms: Terms) -> Party:
    return Party(
        name=terms.text("buyer_name"),
        vat_identifier=terms.code("buyer_vat_identifier"),
        legal_registration_identifier=terms.code("buyer_legal_registration_identifier"),
    )


def _payee(terms: Terms) -> Party | None:
    """Return BG-10, which is there only where the payee is not the seller."""
    name, identifier = terms.text("payee_name"), terms.code("payee_identifier")
    return Party(name=name, legal_registration_identifier=identifier) if name or identifier else None


def _totals(terms: Terms) -> DocumentTotals:
    return DocumentTotals(
        sum_of_invoice_line_net_amount=terms.money("sum_of_invoice_line_net_amount"),
        sum_of_allowances_on_document_level=terms.money("sum_of_allowances_on_document_level"),
        sum_of_charges_on_document_level=terms.money("sum_of_charges_on_document_level"),
        invoice_total_amount_without_vat=terms.money("invoice_total_amount_without_vat"),
        invoice_total_vat_amount=terms.money("invoice_total_vat_amount"),
        invoice_total_amount_with_vat=terms.money("invoice_total_amount_with_vat"),
        paid_amount=terms.money("paid_amount"),
        rounding_amount=terms.money("rounding_amount"),
        amount_due_for_payment=terms.money("amount_due_for_payment"),
    )


def _instructions(terms: Terms, extracted: ExtractedInvoice) -> tuple[PaymentInstruction, ...]:
    """Return every way to pay once, first the one whose account the reader chose."""
    if not extracted.credit_transfers:
        return _instruction_of_fields(terms)
    chosen = extracted.value("payment_account_identifier")
    ordered = sorted(extracted.credit_transfers, key=lambda each: chosen is None or each.account_identifier != chosen)
    return tuple(dict.fromkeys(_instruction(terms, transfer) for transfer in ordered))


def _instruction_of_fields(terms: Terms) -> tuple[PaymentInstruction, ...]:
    """Return the one way to pay that header fields alone describe, or none."""
    instruction = PaymentInstruction(
        payment_means_type_code=terms.code("payment_means_type_code"),
        payment_account_identifier=terms.code("payment_account_identifier"),
        payment_account_name=terms.text("payment_account_name"),
        payment_service_provider_identifier=terms.code("payment_service_provider_identifier"),
    )
    if instruction == PaymentInstruction():
        return ()
    return (instruction.model_copy(update={"remittance_information": terms.text("remittance_information")}),)


def _instruction(terms: Terms, transfer: CreditTransfer) -> PaymentInstruction:
    reference = terms.take("remittance_information", transfer.remittance_information, values.text)
    return PaymentInstruction(
        payment_means_type_code=terms.take("payment_means_type_code", transfer.type_code, values.code),
        payment_account_identifier=terms.take("payment_account_identifier", transfer.account_identifier, values.code),
        payment_account_name=terms.take("payment_account_name", transfer.account_name, values.text),
        payment_service_provider_identifier=terms.take(
            "payment_service_provider_identifier", transfer.service_provider_identifier, values.code
        ),
        remittance_information=reference or terms.text("remittance_information"),
        amount=terms.take("amount_due_for_payment", transfer.amount, values.money),
        payment_due_date=terms.take("payment_due_date", transfer.due_date, values.day),
    )
