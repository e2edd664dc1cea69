"""What the creditor will recognise the payment by: a structured reference where it is one, else plain text."""

from schemas.characters import transliterate
from schemas.payment import REMITTANCE_LENGTH_MAX, RemittanceInformation
from schemas.references import structured_reference


def remittance(reference: str | None, invoice_number: str, creditor_account: str) -> RemittanceInformation:
    """Return the remittance information of a payment; without a reference of its own the invoice number is said."""
    structured = structured_reference(reference or "", creditor_account)
    if structured is not None:
        return RemittanceInformation(structured_type=structured.type, structured_reference=structured.reference)
    text = transliterate(reference or "", REMITTANCE_LENGTH_MAX) or transliterate(invoice_number, REMITTANCE_LENGTH_MAX)
    return RemittanceInformation(unstructured=text or None)
