"""UN/CEFACT Cross Industry Invoice (D16B, D22B) and its older dialect ZUGFeRD 1.0, header terms (EN 16931-3-3).

ZUGFeRD 1.0 and its release candidates have the same structure under other names; where a name differs both stand side
by side, the current first.
"""

from agents.extraction import values
from agents.extraction.accounts import choose
from agents.extraction.draft import Draft
from agents.extraction.xml import cii_lines
from agents.extraction.xml.terms import VAT_SCHEMES, XML_CONFIDENCE, canonical, put_amounts, put_currency
from agents.extraction.xml.tree import Element, every, first, text, texts
from schemas.evidence import CreditTransfer, FieldName

_DATE = "DateTimeString"
_TOTALS: tuple[tuple[FieldName, str], ...] = (
    ("sum_of_invoice_line_net_amount", "LineTotalAmount"),
    ("sum_of_charges_on_document_level", "ChargeTotalAmount"),
    ("sum_of_allowances_on_document_level", "AllowanceTotalAmount"),
    ("invoice_total_amount_without_vat", "TaxBasisTotalAmount"),
    ("invoice_total_vat_amount", "TaxTotalAmount"),
    ("rounding_amount", "RoundingAmount"),
    ("invoice_total_amount_with_vat", "GrandTotalAmount"),
    ("paid_amount", "TotalPrepaidAmount"),
    ("amount_due_for_payment", "DuePayableAmount"),
)
# Guidelines of the Cross Industry family that are no invoices (ZUGFeRD 1.0 orders, Order-X).
_NO_INVOICE = (":order:", ":order-x", ":despatch")


def read(root: Element) -> Draft:
    """Return everything that a Cross Industry Invoice says."""
    draft = Draft("cii", XML_CONFIDENCE)
    trade = first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = first(trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    settlement = first(trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    _read_context(draft, first(root, "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext"))
    _read_document(draft, first(root, "ExchangedDocument", "HeaderExchangedDocument"))
    _read_agreement(draft, agreement)
    _read_settlement(draft, settlement)
    cii_lines.read(draft, trade, settlement)
    return draft


def _read_context(draft: Draft, context: Element | None) -> None:
    guideline = (text(context, "GuidelineSpecifiedDocumentContextParameter/ID") or "").lower()
    if any(mark in guideline for mark in _NO_INVOICE):
        draft.find("NOT-AN-INVOICE", f"the document calls itself {guideline[:80]}")
    if (text(context, "TestIndicator/Indicator", "TestIndicator") or "").lower() in {"true", "1"}:
        draft.find("TEST-INDICATOR", "the document says that it is a test")


def _read_document(draft: Draft, document: Element | None) -> None:
    draft.put_one("invoice_number", texts(document, "ID"), values.code, "NUMBER-AMBIGUOUS")
    draft.put("invoice_type_code", text(document, "TypeCode"))
    draft.put("invoice_issue_date", text(document, f"IssueDateTime/{_DATE}", "IssueDateTime"), values.iso_date)


def _read_agreement(draft: Draft, agreement: Element | None) -> None:
    draft.put("buyer_reference", text(agreement, "BuyerReference"))
    order = first(agreement, "BuyerOrderReferencedDocument")
    draft.put("purchase_order_reference", text(order, "IssuerAssignedID", "ID"))
    _read_seller(draft, first(agreement, "SellerTradeParty"))
    buyer = first(agreement, "BuyerTradeParty")
    draft.put("buyer_name", text(buyer, "Name"), values.text)
    draft.put("buyer_legal_registration_identifier", text(buyer, "SpecifiedLegalOrganization/ID"))
    draft.put("buyer_vat_identifier", _tax_identifier(buyer, *VAT_SCHEMES), values.compact)


def _read_seller(draft: Draft, seller: Element | None) -> None:
    draft.put("seller_name", text(seller, "Name"), values.text)
    draft.put("seller_legal_registration_identifier", text(seller, "SpecifiedLegalOrganization/ID"))
    draft.put("seller_vat_identifier", _tax_identifier(seller, *VAT_SCHEMES), values.compact)
    draft.put("seller_tax_registration_identifier", _tax_identifier(seller, "FC"))
    draft.put("seller_electronic_address", text(seller, "URIUniversalCommunication/URIID"))
    address = first(seller, "PostalTradeAddress")
    street = " ".join(texts(address, "StreetName", "LineOne", "LineTwo", "LineThree"))
    draft.put("seller_address_line", street or None, values.text)
    draft.put("seller_city", text(address, "CityName"), values.text)
    draft.put("seller_post_code", text(address, "PostcodeCode"))
    draft.put("seller_country_code", text(address, "CountryID"), values.country)


def _tax_identifier(party: Element | None, *schemes: str) -> str | None:
    """Return the first registration under one of the schemes: FC is the tax number."""
    identifiers = every(party, "SpecifiedTaxRegistration/ID")
    return next((each.text for each in identifiers if each.get("schemeID", "").upper() in schemes and each.text), None)


def _read_settlement(draft: Draft, settlement: Element | None) -> None:
    summation = first(
        settlement, "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"
    )
    put_currency(draft, texts(settlement, "InvoiceCurrencyCode"), every(summation, "*"))
    draft.put("vat_accounting_currency_code", text(settlement, "TaxCurrencyCode"), values.currency)
    for name, path in _TOTALS:
        put_amounts(draft, name, every(summation, path))
    preceding = first(settlement, "InvoiceReferencedDocument")
    draft.put("preceding_invoice_reference", text(preceding, "IssuerAssignedID", "ID"))
    payee = first(settlement, "PayeeTradeParty")
    draft.put("payee_name", text(payee, "Name"), values.text)
    draft.put("payee_identifier", text(payee, "GlobalID", "ID", "SpecifiedLegalOrganization/ID"))
    _read_payment(draft, settlement)
    _read_terms(draft, every(settlement, "SpecifiedTradePaymentTerms"))


def _read_payment(draft: Draft, settlement: Element | None) -> None:
    reference = canonical(text(settlement, "PaymentReference"))
    for means in every(settlement, "SpecifiedTradeSettlementPaymentMeans"):
        accounts: list[Element | None] = [*every(means, "PayeePartyCreditorFinancialAccount")] or [None]
        draft.transfers.extend(_transfer(means, account, reference) for account in accounts)
        own_account = text(means, "PayerPartyDebtorFinancialAccount/IBANID")
        draft.put("debited_account_identifier", own_account, values.account)
    choose(draft)
    draft.put("remittance_information", reference)


def _transfer(means: Element, account: Element | None, reference: str | None) -> CreditTransfer:
    bank = first(means, "PayeeSpecifiedCreditorFinancialInstitution")
    return CreditTransfer(
        type_code=canonical(text(means, "TypeCode"), values.means_code),
        account_identifier=canonical(text(account, "IBANID", "ProprietaryID"), values.account),
        account_name=canonical(text(account, "AccountName"), values.text),
        service_provider_identifier=canonical(text(bank, "BICID"), values.compact),
        remittance_information=reference,
    )


def _read_terms(draft: Draft, terms: list[Element]) -> None:
    """Take the terms; of several due dates the earliest, so that none is missed."""
    draft.put("payment_terms", "\n".join(t for each in terms for t in texts(each, "Description")) or None, values.text)
    raws = [raw for each in terms for raw in texts(each, f"DueDateDateTime/{_DATE}", "DueDateDateTime")]
    draft.put("payment_due_date", min(raws, default=None), values.iso_date)
    draft.put("mandate_reference_identifier", next((m for t in terms if (m := text(t, "DirectDebitMandateID"))), None))
    if any(text(each, "PartialPaymentAmount") for each in terms):
        draft.find("INSTALMENTS", "the payment terms split the amount due", "amount_due_for_payment")
