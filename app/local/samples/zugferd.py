"""Writes the ZUGFeRD 1.0 dialect of CII (2014, profile COMFORT), still found in old archives and old software."""

from datetime import date
from decimal import Decimal

from app.local.samples.bill import Adjustment, Bill, BillLine, VatLine
from app.local.samples.cii import CALENDAR_DAY
from app.local.samples.markup import Element, Markup
from app.local.samples.parties import Company

NAMESPACES = {
    "rsm": "urn:ferd:CrossIndustryDocument:invoice:1p0",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15",
}
GUIDELINE = "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"
TITLES = {"380": "RECHNUNG", "381": "GUTSCHRIFT"}

tag = Markup(NAMESPACES)


def render(bill: Bill) -> bytes:
    """Return the bill as ZUGFeRD 1.0."""
    context = tag(
        "rsm:SpecifiedExchangedDocumentContext",
        tag("ram:GuidelineSpecifiedDocumentContextParameter", tag("ram:ID", GUIDELINE)),
    )
    document = tag(
        "rsm:HeaderExchangedDocument",
        tag("ram:ID", bill.number),
        tag("ram:Name", TITLES.get(bill.type_code or "")),
        tag("ram:TypeCode", bill.type_code),
        tag("ram:IssueDateTime", _day(bill.issue_date)),
    )
    transaction = tag(
        "rsm:SpecifiedSupplyChainTradeTransaction",
        tag(
            "ram:ApplicableSupplyChainTradeAgreement",
            _party("ram:SellerTradeParty", bill.seller),
            _party("ram:BuyerTradeParty", bill.buyer),
        ),
        tag(
            "ram:ApplicableSupplyChainTradeDelivery",
            tag("ram:ActualDeliverySupplyChainEvent", tag("ram:OccurrenceDateTime", _day(bill.issue_date))),
        ),
        _settlement(bill),
        *(_line(index, line, bill) for index, line in enumerate(bill.lines, start=1)),
    )
    return tag.document("rsm:CrossIndustryDocument", (context, document, transaction))


def _day(day: date) -> Element:
    return tag("udt:DateTimeString", f"{day:%Y%m%d}", format=CALENDAR_DAY)


def _amount(name: str, amount: Decimal, bill: Bill) -> Element:
    return tag(name, amount, currencyID=bill.currency)


def _party(name: str, company: Company) -> Element:
    return tag(
        name,
        tag("ram:Name", company.name),
        tag(
            "ram:PostalTradeAddress",
            tag("ram:PostcodeCode", company.post_code),
            tag("ram:LineOne", company.street),
            tag("ram:CityName", company.town),
            tag("ram:CountryID", company.country),
        ),
        tag("ram:SpecifiedTaxRegistration", tag("ram:ID", company.vat_identifier, schemeID="VA")),
    )


def _settlement(bill: Bill) -> Element:
    return tag(
        "ram:ApplicableSupplyChainTradeSettlement",
        tag.optional("ram:PaymentReference", bill.reference),
        tag("ram:InvoiceCurrencyCode", bill.currency),
        _payment_means(bill),
        *(_vat(line, bill) for line in bill.vat_lines()),
        *(_allowance_charge(each, bill) for each in bill.adjustments),
        tag(
            "ram:SpecifiedTradePaymentTerms",
            tag("ram:Description", bill.terms),
            tag("ram:DueDateDateTime", _day(bill.due_date)),
        ),
        _summation(bill),
    )


def _payment_means(bill: Bill) -> Element:
    account = bill.account
    return tag(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        tag("ram:TypeCode", bill.means),
        tag("ram:PayeePartyCreditorFinancialAccount", tag("ram:IBANID", account.iban)) if account else None,
        tag("ram:PayeeSpecifiedCreditorFinancialInstitution", tag("ram:BICID", account.bic)) if account else None,
    )


def _vat(line: VatLine, bill: Bill) -> Element:
    return tag(
        "ram:ApplicableTradeTax",
        _amount("ram:CalculatedAmount", line.tax, bill),
        tag("ram:TypeCode", "VAT"),
        tag.optional("ram:ExemptionReason", bill.exemption),
        _amount("ram:BasisAmount", line.base, bill),
        tag("ram:CategoryCode", line.category),
        tag("ram:ApplicablePercent", line.rate),
    )


def _allowance_charge(adjustment: Adjustment, bill: Bill) -> Element:
    return tag(
        "ram:SpecifiedTradeAllowanceCharge",
        tag("ram:ChargeIndicator", tag("udt:Indicator", str(adjustment.is_charge).lower())),
        _amount("ram:ActualAmount", adjustment.amount, bill),
        tag("ram:Reason", adjustment.reason),
        tag(
            "ram:CategoryTradeTax",
            tag("ram:TypeCode", "VAT"),
            tag("ram:CategoryCode", bill.vat_category),
            tag("ram:ApplicablePercent", adjustment.vat_rate),
        ),
    )


def _summation(bill: Bill) -> Element:
    totals = bill.totals()
    return tag(
        "ram:SpecifiedTradeSettlementMonetarySummation",
        _amount("ram:LineTotalAmount", totals.line_sum, bill),
        _amount("ram:ChargeTotalAmount", totals.charges, bill),
        _amount("ram:AllowanceTotalAmount", totals.allowances, bill),
        _amount("ram:TaxBasisTotalAmount", totals.net, bill),
        _amount("ram:TaxTotalAmount", totals.vat, bill),
        _amount("ram:GrandTotalAmount", totals.gross, bill),
        _amount("ram:TotalPrepaidAmount", totals.prepaid, bill),
        _amount("ram:DuePayableAmount", totals.payable, bill),
    )


def _line(index: int, line: BillLine, bill: Bill) -> Element:
    return tag(
        "ram:IncludedSupplyChainTradeLineItem",
        tag("ram:AssociatedDocumentLineDocument", tag("ram:LineID", str(index))),
        tag(
            "ram:SpecifiedSupplyChainTradeAgreement",
            tag("ram:NetPriceProductTradePrice", _amount("ram:ChargeAmount", line.unit_price, bill)),
        ),
        tag("ram:SpecifiedSupplyChainTradeDelivery", tag("ram:BilledQuantity", line.quantity, unitCode=line.unit)),
        tag(
            "ram:SpecifiedSupplyChainTradeSettlement",
            tag(
                "ram:ApplicableTradeTax",
                tag("ram:TypeCode", "VAT"),
                tag("ram:CategoryCode", bill.vat_category),
                tag("ram:ApplicablePercent", line.vat_rate),
            ),
            tag(
                "ram:SpecifiedTradeSettlementMonetarySummation",
                _amount("ram:LineTotalAmount", line.net_amount, bill),
            ),
        ),
        tag("ram:SpecifiedTradeProduct", tag("ram:Name", line.name)),
    )
