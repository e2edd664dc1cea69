"""What the creditor will recognise the payment by: a structured reference where it is one, else plain text."""

from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from agents.payment.characters import transliterate
from schemas.accounts import is_qr_iban
from schemas.payment import REMITTANCE_LENGTH_MAX, RemittanceInformation

_QR_REFERENCE_LENGTH = 27


def remittance(reference: str | None, invoice_number: str, creditor_account: str) -> RemittanceInformation:
    """Return the remittance information of a payment.

    RF (ISO 11649) for any account, OGM for a Belgian one, QRR for a Swiss QR-IBAN: elsewhere the same digits are
    somebody's own number and travel as text. Without a reference the invoice number is said.
    """
    for structured in (
        _scor(reference or ""),
        _bba(reference or "", creditor_account),
        _qrr(reference or "", creditor_account),
    ):
        if structured is not None:
            return structured
    text = transliterate(reference or "", REMITTANCE_LENGTH_MAX) or transliterate(invoice_number, REMITTANCE_LENGTH_MAX)
    return RemittanceInformation(unstructured=text or None)


def _scor(reference: str) -> RemittanceInformation | None:
    if not iso11649.is_valid(reference):
        return None
    return RemittanceInformation(structured_type="SCOR", structured_reference=iso11649.compact(reference))


def _bba(reference: str, account: str) -> RemittanceInformation | None:
    if not (account.startswith("BE") and ogm_vcs.is_valid(reference)):
        return None
    return RemittanceInformation(structured_type="BBA", structured_reference=ogm_vcs.compact(reference))


def _qrr(reference: str, account: str) -> RemittanceInformation | None:
    compact = "".join(reference.split())
    if not (len(compact) == _QR_REFERENCE_LENGTH and is_qr_iban(account) and esr.is_valid(compact)):
        return None
    return RemittanceInformation(structured_type="QRR", structured_reference=compact)
