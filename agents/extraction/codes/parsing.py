"""The content of a code to what it asks for, by the scheme that it claims."""

import re
from collections.abc import Callable

from agents.extraction.codes import epc, finnish, polish, slovenian, spayd, swiss
from agents.extraction.codes.payment import BrokenCode, CodeError, PaymentCode, Scheme
from schemas.accounts import iban_fault

# The largest QR code holds 2,953 bytes (ISO/IEC 18004, version 40-L).
CONTENT_BYTES_MAX = 2_953

Parser = Callable[[bytes], PaymentCode]
_TAGGED: tuple[tuple[bytes, Scheme, Parser], ...] = (
    (epc.SERVICE_TAG, "EPC069-12", epc.parse),
    (swiss.SERVICE_TAG, "Swiss QR-bill", swiss.parse),
    (spayd.SERVICE_TAG, "SPAYD", spayd.parse),
    (slovenian.SERVICE_TAG, "UPN QR", slovenian.parse),
)
_SHAPED: tuple[tuple[Callable[[str], bool], Scheme, Parser], ...] = (
    (finnish.claims, "Finnish bar code", finnish.parse),
    (polish.claims, "ZBP 2D", polish.parse),
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}(?![A-Za-z0-9])")


def parse(content: bytes) -> PaymentCode | BrokenCode | None:
    """Return what a code asks for, what is wrong with it, or None for one that asks for no payment.

    A code of no scheme that holds one good IBAN is a payment code too: schemes that are not known here (Croatian,
    Hungarian, links into a banking application) all carry the account.
    """
    if len(content) > CONTENT_BYTES_MAX:
        return None
    for tag, scheme, parser in _TAGGED:
        if content.lstrip().startswith(tag):
            return _attempt(scheme, parser, content.lstrip())
    text = content.decode("utf-8", "replace").strip()
    for claims, scheme, parser in _SHAPED:
        if claims(text):
            return _attempt(scheme, parser, text.encode())
    return _of_no_scheme(text)


def _attempt(scheme: Scheme, parser: Parser, content: bytes) -> PaymentCode | BrokenCode:
    try:
        return parser(content)
    except CodeError as wrong:
        return BrokenCode(scheme, wrong.part, wrong.detail)


def _of_no_scheme(text: str) -> PaymentCode | None:
    accounts = {found for found in _IBAN.findall(text) if iban_fault(found) is None}
    return PaymentCode("IBAN in a code", accounts.pop()) if len(accounts) == 1 else None
