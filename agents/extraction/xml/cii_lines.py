"""Cross Industry Invoice: VAT breakdown (BG-23) and lines (BG-25)."""

from agents.extraction.draft import Draft
from agents.extraction.xml.terms import canonical, item_name, number, put_lines, unit_code
from agents.extraction.xml.tree import Element, every, first, text
from schemas.invoice import InvoiceLine, VatBreakdown

_AGREEMENT = ("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
_DELIVERY = ("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
_SETTLEMENT = ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
# Headings and sums of other lines (Factur-X EXTENDED, BT-X-8): they count nothing twice.
_NO_AMOUNT_OF_ITS_OWN = frozenset({"GROUP", "INFORMATION"})


def read(draft: Draft, trade: Element | None, settlement: Element | None) -> None:
    """Fill the draft's breakdown and lines."""
    draft.vat_breakdown.extend(_breakdown(each) for each in every(settlement, "ApplicableTradeTax"))
    put_lines(draft, [each for each in every(trade, "IncludedSupplyChainTradeLineItem") if _counts(each)], _line)


def _breakdown(tax: Element) -> VatBreakdown:
    return VatBreakdown(
        vat_category_code=canonical(text(tax, "CategoryCode")),
        vat_category_rate=number(tax, "RateApplicablePercent", "ApplicablePercent"),
        vat_category_taxable_amount=number(tax, "BasisAmount"),
        vat_category_tax_amount=number(tax, "CalculatedAmount"),
    )


def _counts(line: Element) -> bool:
    """Tell whether it is a line that is charged: ZUGFeRD 1.0 also has lines of nothing but text."""
    document = first(line, "AssociatedDocumentLineDocument")
    if text(document, "LineStatusReasonCode") in _NO_AMOUNT_OF_ITS_OWN:
        return False
    return first(line, *_SETTLEMENT) is not None


def _line(line: Element) -> InvoiceLine:
    settlement = first(line, *_SETTLEMENT)
    total = first(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    total = total if total is not None else first(settlement, "SpecifiedTradeSettlementMonetarySummation")
    price = first(first(line, *_AGREEMENT), "NetPriceProductTradePrice")
    delivery = first(line, *_DELIVERY)
    return InvoiceLine(
        line_identifier=canonical(text(line, "AssociatedDocumentLineDocument/LineID")),
        item_name=item_name(text(line, "SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description")),
        invoiced_quantity=number(delivery, "BilledQuantity"),
        invoiced_quantity_unit_of_measure_code=unit_code(delivery, "BilledQuantity"),
        item_net_price=number(price, "ChargeAmount"),
        item_price_base_quantity=number(price, "BasisQuantity"),
        invoiced_item_vat_rate=number(
            first(settlement, "ApplicableTradeTax"), "RateApplicablePercent", "ApplicablePercent"
        ),
        invoice_line_net_amount=number(total, "LineTotalAmount"),
    )
