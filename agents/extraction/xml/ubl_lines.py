"""UBL 2.1: VAT breakdown (BG-23) and lines (BG-25)."""

from agents.extraction.draft import Draft
from agents.extraction.xml.terms import canonical, item_name, number, put_lines, unit_code
from agents.extraction.xml.tree import Element, every, first, text
from schemas.invoice import InvoiceLine, VatBreakdown


def read(draft: Draft, root: Element) -> None:
    """Fill the draft's breakdown and lines."""
    draft.vat_breakdown.extend(_breakdown(each) for each in every(root, "TaxTotal/TaxSubtotal"))
    put_lines(draft, every(root, "InvoiceLine") or every(root, "CreditNoteLine"), _line)


def _breakdown(subtotal: Element) -> VatBreakdown:
    return VatBreakdown(
        vat_category_code=canonical(text(subtotal, "TaxCategory/ID")),
        vat_category_rate=number(subtotal, "TaxCategory/Percent", "Percent"),
        vat_category_taxable_amount=number(subtotal, "TaxableAmount"),
        vat_category_tax_amount=number(subtotal, "TaxAmount"),
    )


def _line(line: Element) -> InvoiceLine:
    item = first(line, "Item")
    return InvoiceLine(
        line_identifier=canonical(text(line, "ID")),
        item_name=item_name(text(item, "Name", "Description")),
        invoiced_quantity=number(line, "InvoicedQuantity", "CreditedQuantity"),
        invoiced_quantity_unit_of_measure_code=unit_code(line, "InvoicedQuantity", "CreditedQuantity"),
        item_net_price=number(line, "Price/PriceAmount"),
        item_price_base_quantity=number(line, "Price/BaseQuantity"),
        invoiced_item_vat_rate=number(item, "ClassifiedTaxCategory/Percent"),
        invoice_line_net_amount=number(line, "LineExtensionAmount"),
    )
