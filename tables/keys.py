"""Which InvoiceKey a document has, as things stand in the reference data now."""

from schemas.identifiers import fold_number, invoice_key, orphan_key
from schemas.invoice import Invoice
from tables.suppliers import Directory, seller_identity


def key_of(invoice: Invoice, tenant: str, document_id: str, directory: Directory) -> tuple[str, str | None]:
    """Return the key, and the id of the supplier that it was made for (None where nobody was recognised).

    The canonical supplier comes before what the document calls itself, so that two scans of one invoice, of which one
    shows a VAT id and the other only a name, meet under one key. A document without seller or number stands alone.
    """
    match = directory.match(invoice, tenant)
    supplier_id = match.supplier.supplier_id if match else None
    identity = seller_identity(invoice, match)
    if identity is None or not fold_number(invoice.invoice_number or ""):
        return orphan_key(tenant, document_id), supplier_id
    return invoice_key(tenant, identity, invoice.invoice_number or ""), supplier_id
