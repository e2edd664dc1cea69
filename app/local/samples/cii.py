"""Writes UN/CEFACT Cross Industry Invoice D16B/D22B in the EN 16931 profile of Factur-X 1.0."""

from datetime import date
from decimal import Decimal

from app.local.samples.bill import Adjustment, Bill, BillLine, VatLine
from app.local.samples.markup import Element, Markup
from app.local.samples.parties import Company

_UN = "urn:un:unece:uncefact:data:standard:"
NAMESPACES = {
    "rsm": f"{_UN}CrossIndustryInvoice:100",
    "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}UnqualifiedDataType:100",
    "qdt": f"{_UN}QualifiedDataType:100",
}
GUIDELINE = "urn:cen.eu:en16931:2017"
CALENDAR_DAY = "102"  # UNTDID 2379: YYYYMMDD

tag = Markup(NAMESPACES)


def render(bill: Bill) -> bytes:
    """Return the bill as CII; a credit note is the same document with type code 381."""
    context = tag("rsm:ExchangedDocumentContext", _parameter(GUIDELINE))
    document = tag(
        "rsm:ExchangedDocument",
        tag("ram:ID", bill.number),
        tag("ram:TypeCode", bill.type_code),
        tag("ram:IssueDateTime", _day(bill.issue_date)),
        tag("ram:IncludedNote", tag("ram:Content", bill.note)) if bill.note else None,
    )
    transaction = tag(
        "rsm:SupplyChainTradeTransaction",
        *(_line(index, line, bill) for index, line in enumerate(bill.lines, start=1)),
        _agreement(bill),
        tag(
            "ram:ApplicableHeaderTradeDelivery",
            tag("ram:ActualDeliverySupplyChainEvent", tag("ram:OccurrenceDateTime", _day(bill.issue_date))),
        ),
        _settlement(bill),
    )
    return tag.document("rsm:CrossIndustryInvoice", (context, document, transaction))


def _parameter(guideline: str) -> Element:
    return tag("ram:GuidelineSpecifiedDocumentContextParameter", tag("ram:ID", guideline))


def _day(day: date) -> Element:
    return tag("udt:DateTimeString", f"{day:%Y%m%d}", format=CALENDAR_DAY)


def _agreement(bill: Bill) -> Element:
    return tag(
        "ram:ApplicableHeaderTradeAgreement",
        _party("ram:SellerTradeParty", bill.seller, contact=True),
        _party("ram:BuyerTradeParty", bill.buyer, contact=False),
        tag("ram:BuyerOrderReferencedDocument", tag("ram:IssuerAssignedID", bill.purchase_order))
        if bill.purchase_order
        else None,
    )


def _party(name: str, company: Company, *, contact: bool) -> Element:
    return tag(
        name,
        tag("ram:Name", company.name),
        tag(
            "ram:SpecifiedLegalOrganization",
            tag("ram:ID", company.registration_identifier, schemeID=company.registration_scheme),
        ),
        _contact(company) if contact else None,
        tag(
            "ram:PostalTradeAddress",
            tag("ram:PostcodeCode", company.post_code),
            tag("ram:LineOne", company.street),
            tag("ram:CityName", company.town),
            tag("ram:CountryID", company.country),
        ),
        tag("ram:URIUniversalCommunication", tag("ram:URIID", company.email, schemeID="EM")),
        tag("ram:SpecifiedTaxRegistration", tag("ram:ID", company.vat_identifier, schemeID="VA")),
    )


def _contact(company: Company) -> Element:
    return tag(
        "ram:DefinedTradeContact",
        tag("ram:PersonName", "Accounts"),
        tag("ram:TelephoneUniversalCommunication", tag("ram:CompleteNumber", company.phone)),
        tag("ram:EmailURIUniversalCommunication", tag("ram:URIID", company.email)),
    )


def _settlement(bill: Bill) -> Element:
    return tag(
        "ram:ApplicableHeaderTradeSettlement",
        tag.optional("ram:PaymentReference", bill.reference),
        tag("ram:InvoiceCurrencyCode", bill.currency),
        _payee(bill.payee) if bill.payee else None,
        _payment_means(bill),
        *(_vat(line, bill) for line in bill.vat_lines()),
        *(_allowance_charge(each, bill) for each in bill.adjustments),
        _terms(bill),
        _summation(bill),
    )


def _payee(company: Company) -> Element:
    return tag(
        "ram:PayeeTradeParty",
        tag("ram:Name", company.name),
        tag("ram:SpecifiedLegalOrganization", tag("ram:ID", company.registration_identifier)),
    )


def _payment_means(bill: Bill) -> Element:
    account = bill.account
    return tag(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        tag("ram:TypeCode", bill.means),
        tag("ram:PayerPartyDebtorFinancialAccount", tag("ram:IBANID", bill.debited_account))
        if bill.debited_account
        else None,
        tag(
            "ram:PayeePartyCreditorFinancialAccount",
            tag("ram:IBANID", account.iban),
            tag("ram:AccountName", (bill.payee or bill.seller).name),
        )
        if account
        else None,
        tag("ram:PayeeSpecifiedCreditorFinancialInstitution", tag("ram:BICID", account.bic)) if account else None,
    )


def _vat(line: VatLine, bill: Bill) -> Element:
    return tag(
        "ram:ApplicableTradeTax",
        tag("ram:CalculatedAmount", line.tax),
        tag("ram:TypeCode", "VAT"),
        tag.optional("ram:ExemptionReason", bill.exemption),
        tag("ram:BasisAmount", line.base),
        tag("ram:CategoryCode", line.category),
        tag("ram:RateApplicablePercent", line.rate),
    )


def _category(name: str, bill: Bill, rate: Decimal) -> Element:
    return tag(
        name,
        tag("ram:TypeCode", "VAT"),
        tag("ram:CategoryCode", bill.vat_category),
        tag("ram:RateApplicablePercent", rate),
    )


def _allowance_charge(adjustment: Adjustment, bill: Bill) -> Element:
    return tag(
        "ram:SpecifiedTradeAllowanceCharge",
        _indicator(is_charge=adjustment.is_charge),
        tag("ram:ActualAmount", adjustment.amount),
        tag("ram:Reason", adjustment.reason),
        _category("ram:CategoryTradeTax", bill, adjustment.vat_rate),
    )


def _indicator(*, is_charge: bool) -> Element:
    return tag("ram:ChargeIndicator", tag("udt:Indicator", str(is_charge).lower()))


def _terms(bill: Bill) -> Element:
    return tag(
        "ram:SpecifiedTradePaymentTerms",
        tag.optional("ram:Description", bill.terms or None),
        tag("ram:DueDateDateTime", _day(bill.due_date)),
        tag("ram:DirectDebitMandateID", f"MND-{bill.number}") if bill.debited_account else None,
    )


def _summation(bill: Bill) -> Element:
    totals = bill.totals()
    return tag(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        tag("ram:LineTotalAmount", totals.line_sum),
        tag("ram:ChargeTotalAmount", totals.charges) if totals.charges else None,
        tag("ram:AllowanceTotalAmount", totals.allowances) if totals.allowances else None,
        tag("ram:TaxBasisTotalAmount", totals.net),
        tag("ram:TaxTotalAmount", totals.vat, currencyID=bill.currency),
        tag("ram:GrandTotalAmount", totals.gross),
        tag("ram:TotalPrepaidAmount", totals.prepaid) if totals.prepaid else None,
        tag("ram:DuePayableAmount", totals.payable),
    )


def _line(index: int, line: BillLine, bill: Bill) -> Element:
    return tag(
        "ram:IncludedSupplyChainTradeLineItem",
        tag("ram:AssociatedDocumentLineDocument", tag("ram:LineID", str(index))),
        tag("ram:SpecifiedTradeProduct", tag("ram:Name", line.name)),
        tag(
            "ram:SpecifiedLineTradeAgreement",
            tag("ram:NetPriceProductTradePrice", tag("ram:ChargeAmount", line.unit_price)),
        ),
        tag("ram:SpecifiedLineTradeDelivery", tag("ram:BilledQuantity", line.quantity, unitCode=line.unit)),
        tag(
            "ram:SpecifiedLineTradeSettlement",
            _category("ram:ApplicableTradeTax", bill, line.vat_rate),
            _line_allowance(line),
            tag(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                tag("ram:LineTotalAmount", line.net_amount),
            ),
        ),
    )


def _line_allowance(line: BillLine) -> Element | None:
    if not line.allowance:
        return None
    return tag(
        "ram:SpecifiedTradeAllowanceCharge",
        _indicator(is_charge=False),
        tag("ram:ActualAmount", line.allowance),
        tag("ram:Reason", "Discount"),
    )
