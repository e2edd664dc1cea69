"""The Slovenian universal payment order as a QR code, UPN QR (Bank Association of Slovenia)."""

import re
from decimal import Decimal

from agents.extraction.codes.payment import NAME_LENGTH_MAX, CodeError, PaymentCode, account, free_text

SERVICE_TAG = b"UPNQR"
# Where the elements stand among the lines, from 0; the payee's part follows the payer's.
_AMOUNT, _PURPOSE, _ACCOUNT, _REFERENCE, _NAME = 8, 12, 14, 15, 16
_LINES_MIN = 19
_CENTS = re.compile(r"[0-9]{11}")


def parse(content: bytes) -> PaymentCode:
    """Return what a code that begins with the service tag asks for.

    Raises:
        CodeError: account or amount break the scheme.
    """
    lines = [line.strip() for line in content.decode("iso8859-2").replace("\r\n", "\n").split("\n")]
    if len(lines) < _LINES_MIN:
        raise CodeError("form", f"{len(lines)} lines")
    if lines[_AMOUNT] and _CENTS.fullmatch(lines[_AMOUNT]) is None:
        raise CodeError("amount", "no amount in cents")
    cents = int(lines[_AMOUNT] or 0)
    return PaymentCode(
        scheme="UPN QR",
        account=account(lines[_ACCOUNT]),
        amount=Decimal(cents) / 100 if cents else None,
        currency="EUR",
        payee=free_text(lines[_NAME], NAME_LENGTH_MAX),
        text=free_text(f"{lines[_REFERENCE]} {lines[_PURPOSE]}"),
    )
