"""Structured creditor references and their check digits: RF (ISO 11649), Belgian OGM, Swiss QR reference.

The same digits mean nothing elsewhere: an OGM is one only on a Belgian account, a QR reference only on a QR-IBAN.
"""

import re
from typing import Literal, NamedTuple

from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from schemas.accounts import is_qr_iban

ReferenceType = Literal["SCOR", "BBA", "QRR"]

_RF = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
# As printed on Belgian invoices: +++090/9337/55493+++ or ***090/9337/55493***.
_OGM_PRINTED = re.compile(r"([+*]{3})\s?[0-9]{3}/[0-9]{4}/[0-9]{5}\s?\1")
_OGM = re.compile(r"[0-9]{12}")
_QRR = re.compile(r"[0-9]{27}")


class StructuredReference(NamedTuple):
    """A reference with valid check digits, compact."""

    type: ReferenceType
    reference: str


def structured_reference(text: str, creditor_account: str) -> StructuredReference | None:
    """Return the structured reference that the whole text is on this account, or None where it is free text."""
    rf, digits = _compact(text), _digits(text)
    if _RF.fullmatch(rf) and iso11649.is_valid(rf):
        return StructuredReference("SCOR", rf)
    if creditor_account.startswith("BE") and _OGM.fullmatch(digits) and ogm_vcs.is_valid(digits):
        return StructuredReference("BBA", digits)
    if is_qr_iban(creditor_account) and _QRR.fullmatch(digits) and esr.is_valid(digits):
        return StructuredReference("QRR", digits)
    return None


def reference_fault(text: str, creditor_account: str) -> str | None:
    """Return what is wrong with a reference that claims by its form to be structured, None where nothing is."""
    if structured_reference(text, creditor_account) is not None:
        return None
    if _RF.fullmatch(_compact(text)):
        return "wrong check digits for an RF reference (ISO 11649)"
    if _OGM_PRINTED.fullmatch(text.strip()) and not ogm_vcs.is_valid(_digits(text)):
        return "wrong check digits for a Belgian structured communication"
    if is_qr_iban(creditor_account):
        return "not the 27 digits of a QR reference that a QR-IBAN takes"
    return None


def _compact(text: str) -> str:
    return "".join(text.split()).upper()


def _digits(text: str) -> str:
    return re.sub(r"[\s+*/]", "", text)
