"""The Swiss QR code, SPC 0200 (SIX, Implementation Guidelines QR-bill 2.0 to 2.4)."""

import re
from decimal import Decimal

from agents.extraction.codes.payment import (
    NAME_LENGTH_MAX,
    CodeError,
    PaymentCode,
    account,
    free_text,
    is_creditor_reference,
    mod_10_recursive,
)
from schemas.accounts import is_qr_iban

SERVICE_TAG = b"SPC"
# Where the elements stand among the lines, from 0.
_VERSION, _CODING, _ACCOUNT, _ADDRESS_TYPE, _NAME = 1, 2, 3, 4, 5
_AMOUNT, _CURRENCY, _REFERENCE_TYPE, _REFERENCE, _MESSAGE, _TRAILER = 18, 19, 27, 28, 29, 30
# Bill information and two alternative schemes may follow the trailer.
_LINES_MAX = 34
_SUM = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_QR_REFERENCE = re.compile(r"[0-9]{27}")
_CURRENCIES = ("CHF", "EUR")
# Structured and, on papers from before November 2025, combined: it only says how the address is split.
_ADDRESS_TYPES = ("S", "K")


def parse(content: bytes) -> PaymentCode:
    """Return what a code that begins with the service tag asks for.

    An amount of 0.00 forbids the payment (IG 4.2.2) and is returned as it is.

    Raises:
        CodeError: version, account, amount, currency or reference break the scheme.
    """
    lines = [line.strip() for line in content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")]
    if len(lines) <= _TRAILER or any(lines[_LINES_MAX:]) or lines[_TRAILER] != "EPD":
        raise CodeError("form", "the trailer EPD does not stand on line 31")
    if not lines[_VERSION].startswith("02") or lines[_CODING] != "1" or lines[_ADDRESS_TYPE] not in _ADDRESS_TYPES:
        raise CodeError("version", "not version 02 in UTF-8 with a creditor's address")
    payee_account = account(lines[_ACCOUNT])
    if payee_account[:2] not in ("CH", "LI"):
        raise CodeError("account", "neither in Switzerland nor in Liechtenstein")
    return PaymentCode(
        scheme="Swiss QR-bill",
        account=payee_account,
        amount=_amount(lines[_AMOUNT]),
        currency=_currency(lines[_CURRENCY]),
        reference=_reference(lines[_REFERENCE_TYPE], lines[_REFERENCE], payee_account),
        payee=free_text(lines[_NAME], NAME_LENGTH_MAX),
        text=free_text(lines[_MESSAGE]),
    )


def _amount(line: str) -> Decimal | None:
    if not line:
        return None
    if _SUM.fullmatch(line) is None:
        raise CodeError("amount", "no amount")
    return Decimal(line)


def _currency(line: str) -> str:
    if line not in _CURRENCIES:
        raise CodeError("currency", "neither CHF nor EUR")
    return line


def _reference(kind: str, raw: str, payee_account: str) -> str | None:
    """Return the reference: QRR goes with a QR-IBAN and only with one, SCOR and NON with any other account."""
    reference = "".join(raw.split())
    if (kind == "QRR") != is_qr_iban(payee_account):
        raise CodeError("reference", "a QR-IBAN takes a QR reference, and no other account does")
    match kind:
        case "QRR" if _QR_REFERENCE.fullmatch(reference) and mod_10_recursive(reference):
            return reference
        case "SCOR" if is_creditor_reference(reference):
            return reference
        case "NON" if not reference:
            return None
    raise CodeError("reference", "its kind or check digits are wrong")
