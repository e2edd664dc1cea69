"""Writes UBL 2.1 Invoice and CreditNote (Peppol BIS Billing 3; OASIS UBL 2.1 for the order of elements)."""

from decimal import Decimal

from app.local.samples.bill import Adjustment, Bill, BillLine, VatLine
from app.local.samples.markup import Element, Markup
from app.local.samples.parties import Company

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_COMMON = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
DIRECT_DEBIT = "59"

tag = Markup(_COMMON)


def render(bill: Bill) -> bytes:
    """Return the bill as UBL: a CreditNote where it is one, else an Invoice."""
    credit = bill.kind == "credit_note"
    kind = "CreditNote" if credit else "Invoice"
    markup = Markup({"ubl": f"{_UBL}{kind}-2", **_COMMON})
    currency = bill.currency
    children = [
        tag("cbc:CustomizationID", CUSTOMIZATION),
        tag("cbc:ProfileID", PROFILE),
        tag("cbc:ID", bill.number),
        tag("cbc:IssueDate", bill.issue_date.isoformat()),
        None if credit else tag("cbc:DueDate", bill.due_date.isoformat()),
        tag(f"cbc:{kind}TypeCode", bill.type_code),
        tag.optional("cbc:Note", bill.note),
        tag("cbc:DocumentCurrencyCode", currency),
        tag("cbc:BuyerReference", "SITE-12"),
        tag("cac:OrderReference", tag("cbc:ID", bill.purchase_order)) if bill.purchase_order else None,
        tag("cac:AccountingSupplierParty", _party(bill.seller, seller=True)),
        tag("cac:AccountingCustomerParty", _party(bill.buyer, seller=False)),
        _payee(bill.payee) if bill.payee else None,
        tag("cac:Delivery", tag("cbc:ActualDeliveryDate", bill.issue_date.isoformat())),
        _payment_means(bill, due=credit),
        tag("cac:PaymentTerms", tag("cbc:Note", bill.terms)) if bill.terms else None,
        *(_allowance_charge(each, bill) for each in bill.adjustments),
        _tax_total(bill),
        _monetary_total(bill),
        *(_line(index, line, bill, kind) for index, line in enumerate(bill.lines, start=1)),
    ]
    return markup.document(f"ubl:{kind}", children)


def _payee(company: Company) -> Element:
    return tag(
        "cac:PayeeParty",
        tag("cac:PartyName", tag("cbc:Name", company.name)),
        tag("cac:PartyLegalEntity", tag("cbc:CompanyID", company.registration_identifier)),
    )


def _party(company: Company, *, seller: bool) -> Element:
    return tag(
        "cac:Party",
        tag("cbc:EndpointID", company.email, schemeID="EM"),
        tag("cac:PartyName", tag("cbc:Name", company.name)) if seller else None,
        tag(
            "cac:PostalAddress",
            tag("cbc:StreetName", company.street),
            tag("cbc:CityName", company.town),
            tag("cbc:PostalZone", company.post_code),
            tag("cac:Country", tag("cbc:IdentificationCode", company.country)),
        ),
        tag("cac:PartyTaxScheme", tag("cbc:CompanyID", company.vat_identifier), _scheme()),
        tag(
            "cac:PartyLegalEntity",
            tag("cbc:RegistrationName", company.name),
            tag("cbc:CompanyID", company.registration_identifier, schemeID=company.registration_scheme),
        ),
        tag("cac:Contact", tag("cbc:Telephone", company.phone), tag("cbc:ElectronicMail", company.email)),
    )


def _payment_means(bill: Bill, *, due: bool) -> Element:
    account = bill.account
    return tag(
        "cac:PaymentMeans",
        tag("cbc:PaymentMeansCode", bill.means),
        tag("cbc:PaymentDueDate", bill.due_date.isoformat()) if due else None,
        tag.optional("cbc:PaymentID", bill.reference),
        tag(
            "cac:PayeeFinancialAccount",
            tag("cbc:ID", account.iban),
            tag("cbc:Name", (bill.payee or bill.seller).name),
            tag("cac:FinancialInstitutionBranch", tag("cbc:ID", account.bic)),
        )
        if account
        else None,
        tag(
            "cac:PaymentMandate",
            tag("cbc:ID", f"MND-{bill.number}"),
            tag("cac:PayerFinancialAccount", tag("cbc:ID", bill.debited_account)),
        )
        if bill.debited_account
        else None,
    )


def _allowance_charge(adjustment: Adjustment, bill: Bill) -> Element:
    return tag(
        "cac:AllowanceCharge",
        tag("cbc:ChargeIndicator", str(adjustment.is_charge).lower()),
        tag("cbc:AllowanceChargeReason", adjustment.reason),
        _amount("cbc:Amount", adjustment.amount, bill),
        _category("cac:TaxCategory", bill.vat_category, adjustment.vat_rate),
    )


def _tax_total(bill: Bill) -> Element:
    return tag(
        "cac:TaxTotal",
        _amount("cbc:TaxAmount", bill.totals().vat, bill),
        *(_tax_subtotal(line, bill) for line in bill.vat_lines()),
    )


def _tax_subtotal(line: VatLine, bill: Bill) -> Element:
    return tag(
        "cac:TaxSubtotal",
        _amount("cbc:TaxableAmount", line.base, bill),
        _amount("cbc:TaxAmount", line.tax, bill),
        _category("cac:TaxCategory", line.category, line.rate, exemption=bill.exemption),
    )


def _monetary_total(bill: Bill) -> Element:
    totals = bill.totals()
    return tag(
        "cac:LegalMonetaryTotal",
        _amount("cbc:LineExtensionAmount", totals.line_sum, bill),
        _amount("cbc:TaxExclusiveAmount", totals.net, bill),
        _amount("cbc:TaxInclusiveAmount", totals.gross, bill),
        _amount("cbc:AllowanceTotalAmount", totals.allowances, bill) if totals.allowances else None,
        _amount("cbc:ChargeTotalAmount", totals.charges, bill) if totals.charges else None,
        _amount("cbc:PrepaidAmount", totals.prepaid, bill) if totals.prepaid else None,
        _amount("cbc:PayableAmount", totals.payable, bill),
    )


def _line(index: int, line: BillLine, bill: Bill, kind: str) -> Element:
    quantity = "cbc:CreditedQuantity" if kind == "CreditNote" else "cbc:InvoicedQuantity"
    return tag(
        f"cac:{kind}Line",
        tag("cbc:ID", str(index)),
        tag(quantity, line.quantity, unitCode=line.unit),
        _amount("cbc:LineExtensionAmount", line.net_amount, bill),
        tag(
            "cac:AllowanceCharge",
            tag("cbc:ChargeIndicator", "false"),
            tag("cbc:AllowanceChargeReason", "Discount"),
            _amount("cbc:Amount", line.allowance, bill),
        )
        if line.allowance
        else None,
        tag(
            "cac:Item",
            tag("cbc:Name", line.name),
            _category("cac:ClassifiedTaxCategory", bill.vat_category, line.vat_rate),
        ),
        tag("cac:Price", _amount("cbc:PriceAmount", line.unit_price, bill)),
    )


def _category(name: str, code: str, rate: Decimal, exemption: str | None = None) -> Element:
    return tag(
        name,
        tag("cbc:ID", code),
        tag("cbc:Percent", rate),
        tag.optional("cbc:TaxExemptionReason", exemption),
        _scheme(),
    )


def _scheme() -> Element:
    return tag("cac:TaxScheme", tag("cbc:ID", "VAT"))


def _amount(name: str, amount: Decimal, bill: Bill) -> Element:
    return tag(name, amount, currencyID=bill.currency)
