"""UBL 2.1 Invoice and CreditNote, header terms (EN 16931-3-2)."""

from agents.extraction import values
from agents.extraction.accounts import choose
from agents.extraction.draft import Draft
from agents.extraction.xml import ubl_lines
from agents.extraction.xml.terms import VAT_SCHEMES, XML_CONFIDENCE, canonical, put_amounts, put_currency
from agents.extraction.xml.tree import Element, every, first, local_name, text, texts, where
from schemas.evidence import CreditTransfer, FieldName

_TOTALS: tuple[tuple[FieldName, str], ...] = (
    ("sum_of_invoice_line_net_amount", "LineExtensionAmount"),
    ("invoice_total_amount_without_vat", "TaxExclusiveAmount"),
    ("invoice_total_amount_with_vat", "TaxInclusiveAmount"),
    ("sum_of_allowances_on_document_level", "AllowanceTotalAmount"),
    ("sum_of_charges_on_document_level", "ChargeTotalAmount"),
    ("paid_amount", "PrepaidAmount"),
    ("rounding_amount", "PayableRoundingAmount"),
    ("amount_due_for_payment", "PayableAmount"),
)
# What the root's name says where the type code is left out (UBL 2.1 makes it optional).
_TYPE_OF_ROOT = {"Invoice": "380", "CreditNote": "381"}


def read(root: Element) -> Draft:
    """Return everything that a UBL Invoice or CreditNote says."""
    draft = Draft("ubl", XML_CONFIDENCE)
    _read_document(draft, root)
    _read_seller(draft, first(root, "AccountingSupplierParty/Party"))
    _read_buyer(draft, first(root, "AccountingCustomerParty/Party"))
    payee = first(root, "PayeeParty")
    draft.put("payee_name", text(payee, "PartyName/Name"), values.text)
    draft.put("payee_identifier", text(payee, "PartyIdentification/ID", "PartyLegalEntity/CompanyID"))
    _read_totals(draft, root)
    _read_payment(draft, root)
    ubl_lines.read(draft, root)
    return draft


def _read_document(draft: Draft, root: Element) -> None:
    kind = local_name(root)
    draft.put_one("invoice_number", texts(root, "ID"), values.code, "NUMBER-AMBIGUOUS")
    draft.put("invoice_issue_date", text(root, "IssueDate"), values.iso_date)
    draft.put("invoice_type_code", text(root, f"{kind}TypeCode") or _TYPE_OF_ROOT[kind])
    put_currency(draft, texts(root, "DocumentCurrencyCode"), every(root, "LegalMonetaryTotal/*"))
    draft.put("vat_accounting_currency_code", text(root, "TaxCurrencyCode"), values.currency)
    draft.put("payment_due_date", text(root, "DueDate"), values.iso_date)
    draft.put("buyer_reference", text(root, "BuyerReference"))
    draft.put("purchase_order_reference", text(root, "OrderReference/ID"))
    draft.put("payment_terms", "\n".join(texts(root, "PaymentTerms/Note")) or None, values.text)
    draft.put("preceding_invoice_reference", text(root, "BillingReference/InvoiceDocumentReference/ID"))


def _read_seller(draft: Draft, party: Element | None) -> None:
    draft.put("seller_name", text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"), values.text)
    draft.put("seller_legal_registration_identifier", text(party, "PartyLegalEntity/CompanyID"))
    draft.put("seller_vat_identifier", _vat_identifier(party), values.compact)
    draft.put("seller_tax_registration_identifier", _other_tax_identifier(party))
    draft.put("seller_electronic_address", text(party, "EndpointID"))
    address = first(party, "PostalAddress")
    street = " ".join(texts(address, "StreetName", "BuildingNumber", "AdditionalStreetName"))
    draft.put("seller_address_line", street or text(address, "AddressLine/Line"), values.text)
    draft.put("seller_city", text(address, "CityName"), values.text)
    draft.put("seller_post_code", text(address, "PostalZone"))
    draft.put("seller_country_code", text(address, "Country/IdentificationCode"), values.country)


def _read_buyer(draft: Draft, party: Element | None) -> None:
    draft.put("buyer_name", text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"), values.text)
    draft.put("buyer_legal_registration_identifier", text(party, "PartyLegalEntity/CompanyID"))
    draft.put("buyer_vat_identifier", _vat_identifier(party), values.compact)


def _vat_identifier(party: Element | None) -> str | None:
    """Return BT-31: the company id under the scheme VAT; one without any scheme counts too."""
    schemes = every(party, "PartyTaxScheme")
    return next((text(scheme, "CompanyID") for scheme in where(schemes, "TaxScheme/ID", *VAT_SCHEMES, "")), None)


def _other_tax_identifier(party: Element | None) -> str | None:
    schemes = every(party, "PartyTaxScheme")
    vat = list(where(schemes, "TaxScheme/ID", *VAT_SCHEMES, ""))
    return next((text(scheme, "CompanyID") for scheme in schemes if scheme not in vat), None)


def _read_totals(draft: Draft, root: Element) -> None:
    total = first(root, "LegalMonetaryTotal", "RequestedMonetaryTotal")
    for name, path in _TOTALS:
        put_amounts(draft, name, every(total, path))
    put_amounts(draft, "invoice_total_vat_amount", every(root, "TaxTotal/TaxAmount"))


def _read_payment(draft: Draft, root: Element) -> None:
    for means in every(root, "PaymentMeans"):
        draft.transfers.append(_transfer(means))
        draft.put("mandate_reference_identifier", text(means, "PaymentMandate/ID"))
        own_account = text(means, "PaymentMandate/PayerFinancialAccount/ID", "PayerFinancialAccount/ID")
        draft.put("debited_account_identifier", own_account, values.account)
    choose(draft)
    draft.put("payment_due_date", text(root, "PaymentTerms/PaymentDueDate"), values.iso_date)


def _transfer(means: Element) -> CreditTransfer:
    account = first(means, "PayeeFinancialAccount")
    branch = first(account, "FinancialInstitutionBranch")
    due = text(means, "PaymentDueDate")
    return CreditTransfer(
        type_code=canonical(text(means, "PaymentMeansCode"), values.means_code),
        account_identifier=canonical(text(account, "ID"), values.account),
        account_name=canonical(text(account, "Name"), values.text),
        service_provider_identifier=canonical(text(branch, "ID", "FinancialInstitution/ID"), values.compact),
        remittance_information=canonical(text(means, "PaymentID")),
        due_date=canonical(due, values.iso_date),
    )
